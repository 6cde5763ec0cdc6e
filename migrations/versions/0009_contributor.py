"""Who entered a part of an agency's data, also before this table: from the record of the admins' acts.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PLACE = "nullif(current_setting('ita.place', true), '')::integer"
ACCOUNT = "nullif(current_setting('ita.account', true), '')::integer"
READERS = {
    "ita_country": "true",
    "ita_province": f"province_id = {PLACE}",
    "ita_agency": f"agency_id = {PLACE}",
    "ita_assessor": f"participation_id IN (SELECT participation_id FROM assignment WHERE body_id = {PLACE})",
}
#: part, table whose events tell it, and how a row of it leads to the participation
TOLD_BY = (
    ("preparation", "participation", "told.id"),
    ("disclosure", "disclosure", "told.participation_id"),
    ("disclosure", "disclosure_answer", "told.participation_id"),
)


def upgrade() -> None:
    op.create_table(
        "contributor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "preparation", "disclosure", name="part", native_enum=False, length=32, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("first_at", Instant(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contributor_account_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_contributor_agency_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_contributor_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=op.f("fk_contributor_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributor")),
        sa.UniqueConstraint(
            "participation_id",
            "part",
            "account_id",
            name=op.f("uq_contributor_participation_id_part_account_id"),
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contributor", schema=None) as batch_op:
        for column in ("account_id", "agency_id", "participation_id", "province_id"):
            batch_op.create_index(batch_op.f(f"ix_contributor_{column}"), [column], unique=False)
    for part, table, participation in TOLD_BY:
        op.execute(
            "INSERT INTO contributor (participation_id, agency_id, province_id, part, account_id, first_at)"
            f" SELECT p.id, p.agency_id, p.province_id, '{part}', e.account_id, min(e.at)"
            " FROM audit_event AS e JOIN \"grant\" AS g ON g.id = e.grant_id AND g.role = 'agency_admin'"
            f" JOIN {table} AS told ON e.thing = '{table}' AND e.\"row\" = CAST(told.id AS VARCHAR(80))"
            f" JOIN participation AS p ON p.id = {participation} WHERE e.account_id IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM contributor AS c WHERE c.participation_id = p.id"
            f" AND c.part = '{part}' AND c.account_id = e.account_id)"
            " GROUP BY p.id, p.agency_id, p.province_id, e.account_id"
        )
    if op.get_bind().dialect.name == "postgresql":
        _walls()


def downgrade() -> None:
    op.drop_table("contributor")


def _walls() -> None:
    """Only the agency's own desk writes, and only who acts; nobody changes or deletes what stands."""
    op.execute("ALTER TABLE contributor ENABLE ROW LEVEL SECURITY")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON contributor TO ita_system")
    op.execute(
        "CREATE POLICY ita_system_all ON contributor FOR ALL TO ita_system USING (true) WITH CHECK (true)"
    )
    for role, rows in READERS.items():
        op.execute(f"GRANT SELECT ON contributor TO {role}")
        op.execute(f"CREATE POLICY {role}_select ON contributor FOR SELECT TO {role} USING ({rows})")
    op.execute("GRANT INSERT ON contributor TO ita_agency")
    op.execute("GRANT USAGE ON SEQUENCE contributor_id_seq TO ita_agency, ita_system")
    op.execute(
        "CREATE POLICY ita_agency_insert ON contributor FOR INSERT TO ita_agency"
        f" WITH CHECK (agency_id = {PLACE} AND account_id = {ACCOUNT})"
    )
