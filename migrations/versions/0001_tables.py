"""All tables of the house.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "assessor_body",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessor_body")),
        sa.UniqueConstraint("name", name=op.f("uq_assessor_body_name")),
    )
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "province",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_province")),
        sa.UniqueConstraint("code", name=op.f("uq_province_code")),
        sa.UniqueConstraint("name", name=op.f("uq_province_name")),
    )
    with op.batch_alter_table("province", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_province_sort_key"), ["sort_key"], unique=False)

    op.create_table(
        "round",
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "closed",
                "opened",
                name="roundstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("demo_wording", sa.Boolean(), nullable=False),
        sa.Column("first_digits", sa.String(length=10), nullable=False),
        sa.Column(
            "eit_combine",
            sa.Enum(
                "pooled", "halves", name="combinerule", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("detail_threshold", sa.Integer(), nullable=False),
        sa.Column("total_threshold", sa.Integer(), nullable=False),
        sa.Column("grace_seconds", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("urn_drill_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_fiscal_year"), ["fiscal_year"], unique=False)

    op.create_table(
        "sign_in_delay",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_delay")),
    )
    op.create_table(
        "activation_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_activation_code_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_activation_code_code_hash")),
    )
    with op.batch_alter_table("activation_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activation_code_account_id"), ["account_id"], unique=False)

    op.create_table(
        "district",
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sort_key", sa.String(length=300), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_district_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district")),
        sa.UniqueConstraint("code", name=op.f("uq_district_code")),
    )
    with op.batch_alter_table("district", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_district_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_district_sort_key"), ["sort_key"], unique=False)

    op.create_table(
        "grade_band",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=4), nullable=False),
        sa.Column("lower", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("passes", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_grade_band_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_band")),
        sa.UniqueConstraint("round_id", "grade", name=op.f("uq_grade_band_round_id_grade")),
    )
    with op.batch_alter_table("grade_band", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grade_band_round_id"), ["round_id"], unique=False)

    op.create_table(
        "instrument",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "iit",
                "eit",
                "oit",
                name="instrumentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("weight", sa.Numeric(precision=6, scale=3), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_instrument_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("round_id", "kind", name=op.f("uq_instrument_round_id_kind")),
    )
    with op.batch_alter_table("instrument", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instrument_round_id"), ["round_id"], unique=False)

    op.create_table(
        "letter_setting",
        sa.Column(
            "kind",
            sa.Enum(
                "nacc_to_dla",
                "circular",
                "province_summary",
                name="letterkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_letter_setting_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_setting")),
    )
    with op.batch_alter_table("letter_setting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_setting_province_id"), ["province_id"], unique=False)

    op.create_table(
        "mark",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_mark_round_id")),
        sa.PrimaryKeyConstraint("round_id", "mark", name=op.f("pk_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "roster_group",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_roster_group_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_group")),
        sa.UniqueConstraint("round_id", "position", name=op.f("uq_roster_group_round_id_position")),
    )
    with op.batch_alter_table("roster_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_group_round_id"), ["round_id"], unique=False)

    op.create_table(
        "sample_rule",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("agency_kind", sa.String(length=16), nullable=True),
        sa.Column("agency_size", sa.String(length=1), nullable=True),
        sa.Column("upto", sa.Integer(), nullable=True),
        sa.Column("fixed", sa.Integer(), nullable=True),
        sa.Column("percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_sample_rule_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_rule")),
    )
    with op.batch_alter_table("sample_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_rule_round_id"), ["round_id"], unique=False)

    op.create_table(
        "scale",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_scale_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scale")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_scale_round_id_code")),
    )
    with op.batch_alter_table("scale", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scale_round_id"), ["round_id"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_stored_file_account_id")),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_stored_file_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_province_id"), ["province_id"], unique=False)

    op.create_table(
        "urn_key",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_urn_key_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_urn_key")),
    )
    op.create_table(
        "window",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "preparation",
                "iit",
                "eit",
                "eit_interview",
                "oit",
                "oit_scoring",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "main",
                "supplementary",
                "last_call",
                name="windowkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_window_opens_before_it_closes")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_window_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_window")),
        sa.UniqueConstraint("round_id", "stage", "kind", name=op.f("uq_window_round_id_stage_kind")),
    )
    with op.batch_alter_table("window", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_window_round_id"), ["round_id"], unique=False)

    op.create_table(
        "agency",
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "pao",
                "city",
                "town",
                "subdistrict",
                "sao",
                "special",
                name="agencykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column(
            "size",
            sa.Enum("S", "M", "L", name="agencysize", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("sort_key", sa.String(length=500), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_agency_district_id")),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_agency_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("code", name=op.f("uq_agency_code")),
        sa.UniqueConstraint(
            "district_id", "kind", "full_name", "code", name=op.f("uq_agency_district_id_kind_full_name_code")
        ),
    )
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agency_full_name"), ["full_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_agency_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_agency_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agency_sort_key"), ["sort_key"], unique=False)

    op.create_table(
        "choice",
        sa.Column("scale_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("points", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scale_id"], ["scale.id"], name=op.f("fk_choice_scale_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
        sa.UniqueConstraint("scale_id", "position", name=op.f("uq_choice_scale_id_position")),
    )
    with op.batch_alter_table("choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_choice_scale_id"), ["scale_id"], unique=False)

    op.create_table(
        "indicator",
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_indicator_instrument_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["indicator.id"], name=op.f("fk_indicator_parent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("instrument_id", "code", name=op.f("uq_indicator_instrument_id_code")),
    )
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_instrument_id"), ["instrument_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_indicator_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "nacc_to_dla",
                "circular",
                "province_summary",
                name="letterkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_letter_file_id")),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_letter_province_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_letter_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_round_id"), ["round_id"], unique=False)

    op.create_table(
        "grant",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "nacc",
                "dla",
                "province",
                "agency_admin",
                "executive",
                "assessor",
                "interviewer",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN agency_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN province_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN body_id IS NULL THEN 0 ELSE 1 END) = (CASE WHEN role IN ('nacc', 'dla', 'system') THEN 0 ELSE 1 END)",
            name=op.f("ck_grant_one_place"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_grant_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_grant_agency_id")),
        sa.ForeignKeyConstraint(["body_id"], ["assessor_body.id"], name=op.f("fk_grant_body_id")),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_grant_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
    )
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grant_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grant_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grant_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grant_province_id"), ["province_id"], unique=False)

    op.create_table(
        "oit_item",
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_oit_item_indicator_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_oit_item_instrument_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oit_item")),
        sa.UniqueConstraint("instrument_id", "code", name=op.f("uq_oit_item_instrument_id_code")),
    )
    with op.batch_alter_table("oit_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_oit_item_indicator_id"), ["indicator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_oit_item_instrument_id"), ["instrument_id"], unique=False)

    op.create_table(
        "participation",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "pao",
                "city",
                "town",
                "subdistrict",
                "sao",
                "special",
                name="agencykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "size",
            sa.Enum("S", "M", "L", name="agencysize", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.String(length=500), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("district_name", sa.String(length=120), nullable=False),
        sa.Column("province_name", sa.String(length=80), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("headcount_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("roster_count", sa.Integer(), nullable=False),
        sa.Column("roster_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "entering",
                "submitted",
                "returned",
                "confirmed",
                name="preparationstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("return_reason", sa.String(length=1000), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_assessable_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_participation_agency_id")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_participation_district_id")),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_participation_province_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_participation_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint("round_id", "agency_id", name=op.f("uq_participation_round_id_agency_id")),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participation_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participation_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participation_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participation_sort_key"), ["sort_key"], unique=False)

    op.create_table(
        "question",
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("scale_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_question_indicator_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_question_instrument_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["scale_id"], ["scale.id"], name=op.f("fk_question_scale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("instrument_id", "code", name=op.f("uq_question_instrument_id_code")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_indicator_id"), ["indicator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_instrument_id"), ["instrument_id"], unique=False)

    op.create_table(
        "answer_count",
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column(
            "instrument",
            sa.Enum(
                "iit",
                "eit",
                "oit",
                name="instrumentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "self",
                "on_site",
                "interview",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_answer_count_agency_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_answer_count_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_answer_count_province_id")),
        sa.PrimaryKeyConstraint("participation_id", "instrument", "channel", name=op.f("pk_answer_count")),
    )
    with op.batch_alter_table("answer_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_count_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_count_province_id"), ["province_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_assignment_agency_id")),
        sa.ForeignKeyConstraint(["body_id"], ["assessor_body.id"], name=op.f("fk_assignment_body_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_assignment_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_assignment_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "participation_id", "body_id", name=op.f("uq_assignment_participation_id_body_id")
        ),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_body_id"), ["body_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_assignment_participation_id"), ["participation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assignment_province_id"), ["province_id"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=80), nullable=False),
        sa.Column("thing", sa.String(length=80), nullable=False),
        sa.Column("row", sa.String(length=80), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_audit_event_account_id")),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_audit_event_grant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("chain", "sequence", name=op.f("uq_audit_event_chain_sequence")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_act"), ["act"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_event_thing_row", ["thing", "row"], unique=False)

    op.create_table(
        "contested_count",
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column(
            "instrument",
            sa.Enum(
                "iit",
                "eit",
                "oit",
                name="instrumentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_contested_count_agency_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_contested_count_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["province_id"], ["province.id"], name=op.f("fk_contested_count_province_id")
        ),
        sa.PrimaryKeyConstraint("participation_id", "instrument", name=op.f("pk_contested_count")),
    )
    with op.batch_alter_table("contested_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contested_count_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contested_count_province_id"), ["province_id"], unique=False)

    op.create_table(
        "daily_count",
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column(
            "instrument",
            sa.Enum(
                "iit",
                "eit",
                "oit",
                name="instrumentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "self",
                "on_site",
                "interview",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_daily_count_agency_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_daily_count_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_daily_count_province_id")),
        sa.PrimaryKeyConstraint(
            "participation_id", "instrument", "channel", "day", name=op.f("pk_daily_count")
        ),
    )
    with op.batch_alter_table("daily_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_daily_count_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_daily_count_province_id"), ["province_id"], unique=False)

    op.create_table(
        "disclosure",
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "confirmed",
                "scored",
                name="disclosurestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_disclosure_agency_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_disclosure_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_disclosure_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("participation_id", name=op.f("uq_disclosure_participation_id")),
    )
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosure_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_disclosure_participation_id"), ["participation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_disclosure_province_id"), ["province_id"], unique=False)

    op.create_table(
        "job",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                "cancelled",
                name="jobstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_job_account_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_job_file_id")),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_job_grant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_state"), ["state"], unique=False)

    op.create_table(
        "opened_answer",
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column(
            "instrument",
            sa.Enum(
                "iit",
                "eit",
                "oit",
                name="instrumentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "self",
                "on_site",
                "interview",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_opened_answer_participation_id")
        ),
        sa.PrimaryKeyConstraint("participation_id", "instrument", "key", name=op.f("pk_opened_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "result",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("total", sa.Numeric(precision=18, scale=12), nullable=True),
        sa.Column("grade", sa.String(length=4), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_result_agency_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_result_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_result_province_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_result_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
        sa.UniqueConstraint("participation_id", name=op.f("uq_result_participation_id")),
    )
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_result_grade"), ["grade"], unique=False)
        batch_op.create_index(batch_op.f("ix_result_participation_id"), ["participation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_result_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_result_round_id"), ["round_id"], unique=False)

    op.create_table(
        "result_node",
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Numeric(precision=18, scale=12), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_result_node_agency_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_result_node_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_result_node_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_node")),
        sa.UniqueConstraint(
            "participation_id", "level", "code", name=op.f("uq_result_node_participation_id_level_code")
        ),
    )
    with op.batch_alter_table("result_node", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_node_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_result_node_participation_id"), ["participation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_result_node_province_id"), ["province_id"], unique=False)

    op.create_table(
        "roster_entry",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("organisation_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_roster_entry_agency_id")),
        sa.ForeignKeyConstraint(["group_id"], ["roster_group.id"], name=op.f("fk_roster_entry_group_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_roster_entry_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_roster_entry_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_entry")),
        sa.UniqueConstraint(
            "participation_id", "fingerprint", name=op.f("uq_roster_entry_participation_id_fingerprint")
        ),
        sa.UniqueConstraint(
            "participation_id", "number", name=op.f("uq_roster_entry_participation_id_number")
        ),
    )
    with op.batch_alter_table("roster_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_entry_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_roster_entry_participation_id"), ["participation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_roster_entry_province_id"), ["province_id"], unique=False)

    op.create_table(
        "roster_judgement",
        sa.Column(
            "verdict",
            sa.Enum(
                "representative",
                "more_names",
                "collect_on_site",
                name="rosterverdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_roster_judgement_agency_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_roster_judgement_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["province_id"], ["province.id"], name=op.f("fk_roster_judgement_province_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_judgement")),
        sa.UniqueConstraint("participation_id", name=op.f("uq_roster_judgement_participation_id")),
    )
    with op.batch_alter_table("roster_judgement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_judgement_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_roster_judgement_participation_id"), ["participation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_roster_judgement_province_id"), ["province_id"], unique=False)

    op.create_table(
        "sample_draw",
        sa.Column("seed", sa.LargeBinary(length=32), nullable=False),
        sa.Column("roster_size", sa.Integer(), nullable=False),
        sa.Column("sample_size", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_sample_draw_agency_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_sample_draw_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_sample_draw_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_draw")),
        sa.UniqueConstraint("participation_id", name=op.f("uq_sample_draw_participation_id")),
    )
    with op.batch_alter_table("sample_draw", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_draw_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sample_draw_participation_id"), ["participation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sample_draw_province_id"), ["province_id"], unique=False)

    op.create_table(
        "sealed_answer",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column(
            "instrument",
            sa.Enum(
                "iit",
                "eit",
                "oit",
                name="instrumentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "self",
                "on_site",
                "interview",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_sealed_answer_participation_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_sealed_answer_round_id")),
        sa.PrimaryKeyConstraint(
            "round_id", "participation_id", "instrument", "key", name=op.f("pk_sealed_answer")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "set_aside",
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column(
            "instrument",
            sa.Enum(
                "iit",
                "eit",
                "oit",
                name="instrumentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "self",
                "on_site",
                "interview",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_set_aside_participation_id")
        ),
        sa.PrimaryKeyConstraint("participation_id", "instrument", "key", name=op.f("pk_set_aside")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sign_in_session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grant.id"], name=op.f("fk_sign_in_session_grant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_session")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "sub_item",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("own_scale_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["own_scale_id"], ["scale.id"], name=op.f("fk_sub_item_own_scale_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_sub_item_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sub_item")),
        sa.UniqueConstraint("question_id", "position", name=op.f("uq_sub_item_question_id_position")),
    )
    with op.batch_alter_table("sub_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sub_item_question_id"), ["question_id"], unique=False)

    op.create_table(
        "survey_link",
        sa.Column(
            "instrument",
            sa.Enum(
                "iit",
                "eit",
                "oit",
                name="instrumentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_survey_link_agency_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_survey_link_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_survey_link_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_link")),
        sa.UniqueConstraint("code", name=op.f("uq_survey_link_code")),
    )
    with op.batch_alter_table("survey_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_link_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_survey_link_participation_id"), ["participation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_survey_link_province_id"), ["province_id"], unique=False)

    op.create_table(
        "disclosure_answer",
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("oit_item_id", sa.Integer(), nullable=False),
        sa.Column("disclosed", sa.Boolean(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column(
            "review",
            sa.Enum(
                "pending", "pass", "fail", name="review", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("review_reason", sa.String(length=1000), nullable=False),
        sa.Column("score", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("score_note", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_disclosure_answer_agency_id")),
        sa.ForeignKeyConstraint(
            ["disclosure_id"],
            ["disclosure.id"],
            name=op.f("fk_disclosure_answer_disclosure_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["oit_item_id"], ["oit_item.id"], name=op.f("fk_disclosure_answer_oit_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_disclosure_answer_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["province_id"], ["province.id"], name=op.f("fk_disclosure_answer_province_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_answer")),
        sa.UniqueConstraint(
            "disclosure_id", "oit_item_id", name=op.f("uq_disclosure_answer_disclosure_id_oit_item_id")
        ),
    )
    with op.batch_alter_table("disclosure_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosure_answer_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_disclosure_answer_disclosure_id"), ["disclosure_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_disclosure_answer_oit_item_id"), ["oit_item_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_disclosure_answer_participation_id"), ["participation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_disclosure_answer_province_id"), ["province_id"], unique=False)

    op.create_table(
        "interview",
        sa.Column("roster_entry_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "pending",
                "answered",
                "no_answer",
                "refused",
                "wrong_number",
                "voided",
                name="interviewoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_interview_agency_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_interview_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_interview_province_id")),
        sa.ForeignKeyConstraint(
            ["roster_entry_id"],
            ["roster_entry.id"],
            name=op.f("fk_interview_roster_entry_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint(
            "participation_id", "position", name=op.f("uq_interview_participation_id_position")
        ),
    )
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interview_participation_id"), ["participation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interview_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interview_roster_entry_id"), ["roster_entry_id"], unique=False)

    op.create_table(
        "disclosure_link",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_disclosure_link_agency_id")),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["disclosure_answer.id"],
            name=op.f("fk_disclosure_link_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_disclosure_link_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["province_id"], ["province.id"], name=op.f("fk_disclosure_link_province_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_link")),
        sa.UniqueConstraint("answer_id", "position", name=op.f("uq_disclosure_link_answer_id_position")),
    )
    with op.batch_alter_table("disclosure_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosure_link_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disclosure_link_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_disclosure_link_participation_id"), ["participation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_disclosure_link_province_id"), ["province_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("disclosure_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_link_province_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_link_participation_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_link_answer_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_link_agency_id"))

    op.drop_table("disclosure_link")
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_roster_entry_id"))
        batch_op.drop_index(batch_op.f("ix_interview_province_id"))
        batch_op.drop_index(batch_op.f("ix_interview_participation_id"))
        batch_op.drop_index(batch_op.f("ix_interview_agency_id"))

    op.drop_table("interview")
    with op.batch_alter_table("disclosure_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_answer_province_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_answer_participation_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_answer_oit_item_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_answer_disclosure_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_answer_agency_id"))

    op.drop_table("disclosure_answer")
    with op.batch_alter_table("survey_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_link_province_id"))
        batch_op.drop_index(batch_op.f("ix_survey_link_participation_id"))
        batch_op.drop_index(batch_op.f("ix_survey_link_agency_id"))

    op.drop_table("survey_link")
    with op.batch_alter_table("sub_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sub_item_question_id"))

    op.drop_table("sub_item")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_account_id"))

    op.drop_table("sign_in_session")
    op.drop_table("set_aside")
    op.drop_table("sealed_answer")
    with op.batch_alter_table("sample_draw", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sample_draw_province_id"))
        batch_op.drop_index(batch_op.f("ix_sample_draw_participation_id"))
        batch_op.drop_index(batch_op.f("ix_sample_draw_agency_id"))

    op.drop_table("sample_draw")
    with op.batch_alter_table("roster_judgement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_judgement_province_id"))
        batch_op.drop_index(batch_op.f("ix_roster_judgement_participation_id"))
        batch_op.drop_index(batch_op.f("ix_roster_judgement_agency_id"))

    op.drop_table("roster_judgement")
    with op.batch_alter_table("roster_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_entry_province_id"))
        batch_op.drop_index(batch_op.f("ix_roster_entry_participation_id"))
        batch_op.drop_index(batch_op.f("ix_roster_entry_agency_id"))

    op.drop_table("roster_entry")
    with op.batch_alter_table("result_node", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_result_node_province_id"))
        batch_op.drop_index(batch_op.f("ix_result_node_participation_id"))
        batch_op.drop_index(batch_op.f("ix_result_node_agency_id"))

    op.drop_table("result_node")
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_result_round_id"))
        batch_op.drop_index(batch_op.f("ix_result_province_id"))
        batch_op.drop_index(batch_op.f("ix_result_participation_id"))
        batch_op.drop_index(batch_op.f("ix_result_grade"))
        batch_op.drop_index(batch_op.f("ix_result_agency_id"))

    op.drop_table("result")
    op.drop_table("opened_answer")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_state"))
        batch_op.drop_index(batch_op.f("ix_job_kind"))
        batch_op.drop_index(batch_op.f("ix_job_account_id"))

    op.drop_table("job")
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_province_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_participation_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_agency_id"))

    op.drop_table("disclosure")
    with op.batch_alter_table("daily_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_daily_count_province_id"))
        batch_op.drop_index(batch_op.f("ix_daily_count_agency_id"))

    op.drop_table("daily_count")
    with op.batch_alter_table("contested_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contested_count_province_id"))
        batch_op.drop_index(batch_op.f("ix_contested_count_agency_id"))

    op.drop_table("contested_count")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_thing_row")
        batch_op.drop_index(batch_op.f("ix_audit_event_at"))
        batch_op.drop_index(batch_op.f("ix_audit_event_act"))
        batch_op.drop_index(batch_op.f("ix_audit_event_account_id"))

    op.drop_table("audit_event")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_province_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_participation_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_body_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_agency_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("answer_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_count_province_id"))
        batch_op.drop_index(batch_op.f("ix_answer_count_agency_id"))

    op.drop_table("answer_count")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_instrument_id"))
        batch_op.drop_index(batch_op.f("ix_question_indicator_id"))

    op.drop_table("question")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participation_sort_key"))
        batch_op.drop_index(batch_op.f("ix_participation_round_id"))
        batch_op.drop_index(batch_op.f("ix_participation_province_id"))
        batch_op.drop_index(batch_op.f("ix_participation_agency_id"))

    op.drop_table("participation")
    with op.batch_alter_table("oit_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_oit_item_instrument_id"))
        batch_op.drop_index(batch_op.f("ix_oit_item_indicator_id"))

    op.drop_table("oit_item")
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grant_province_id"))
        batch_op.drop_index(batch_op.f("ix_grant_body_id"))
        batch_op.drop_index(batch_op.f("ix_grant_agency_id"))
        batch_op.drop_index(batch_op.f("ix_grant_account_id"))

    op.drop_table("grant")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_round_id"))
        batch_op.drop_index(batch_op.f("ix_letter_province_id"))

    op.drop_table("letter")
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_parent_id"))
        batch_op.drop_index(batch_op.f("ix_indicator_instrument_id"))

    op.drop_table("indicator")
    with op.batch_alter_table("choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_choice_scale_id"))

    op.drop_table("choice")
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_sort_key"))
        batch_op.drop_index(batch_op.f("ix_agency_province_id"))
        batch_op.drop_index(batch_op.f("ix_agency_kind"))
        batch_op.drop_index(batch_op.f("ix_agency_full_name"))
        batch_op.drop_index(batch_op.f("ix_agency_district_id"))

    op.drop_table("agency")
    with op.batch_alter_table("window", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_window_round_id"))

    op.drop_table("window")
    op.drop_table("urn_key")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_province_id"))
        batch_op.drop_index(batch_op.f("ix_stored_file_account_id"))

    op.drop_table("stored_file")
    with op.batch_alter_table("scale", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scale_round_id"))

    op.drop_table("scale")
    with op.batch_alter_table("sample_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sample_rule_round_id"))

    op.drop_table("sample_rule")
    with op.batch_alter_table("roster_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_group_round_id"))

    op.drop_table("roster_group")
    op.drop_table("mark")
    with op.batch_alter_table("letter_setting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_setting_province_id"))

    op.drop_table("letter_setting")
    with op.batch_alter_table("instrument", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instrument_round_id"))

    op.drop_table("instrument")
    with op.batch_alter_table("grade_band", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grade_band_round_id"))

    op.drop_table("grade_band")
    with op.batch_alter_table("district", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_district_sort_key"))
        batch_op.drop_index(batch_op.f("ix_district_province_id"))

    op.drop_table("district")
    with op.batch_alter_table("activation_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activation_code_account_id"))

    op.drop_table("activation_code")
    op.drop_table("sign_in_delay")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_fiscal_year"))

    op.drop_table("round")
    with op.batch_alter_table("province", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_province_sort_key"))

    op.drop_table("province")
    op.drop_table("audit_head")
    op.drop_table("assessor_body")
    op.drop_table("account")
