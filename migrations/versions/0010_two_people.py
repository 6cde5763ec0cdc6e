"""Power rights between two people, and what a person is told about their account.

On PostgreSQL a desk of the country asks in its own name only, decides in its own name only, and inserts a
power right only where another officer's request for it was confirmed by whoever acts.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ACCOUNT = "nullif(current_setting('ita.account', true), '')::integer"
OTHER = f"account_id IS DISTINCT FROM {ACCOUNT}"
NEVER = "role NOT IN ('nacc', 'system')"
#: roles with ``second`` in ROLES (a test compares them)
POWER = ("dla", "assessor", "interviewer")
EVERYBODY = ("ita_country", "ita_province", "ita_agency", "ita_assessor")
ROLES = ("nacc", "dla", "province", "agency_admin", "executive", "assessor", "interviewer", "system")
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "grant_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("what", _words("asked", "right", "code"), nullable=False),
        sa.Column("role", _words("role", *ROLES), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column(
            "state", _words("askedstate", "waiting", "confirmed", "refused", "withdrawn"), nullable=False
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.CheckConstraint("asked_by_id <> account_id", name=op.f("ck_grant_request_not_for_oneself")),
        sa.CheckConstraint(
            "state <> 'confirmed' OR (decided_by_id IS NOT NULL AND decided_by_id <> asked_by_id"
            " AND decided_by_id <> account_id)",
            name=op.f("ck_grant_request_two_people"),
        ),
        *_keys("grant_request", asked_by_id="account", decided_by_id="account", agency_id="agency",
               province_id="province", body_id="assessor_body"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_grant_request_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_request")),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index(op.f("ix_grant_request_account_id"), "grant_request", ["account_id"])
    op.create_index(
        "uq_grant_request_waiting", "grant_request", ["account_id"], unique=True,
        sqlite_where=WAITING, postgresql_where=WAITING,
    )  # fmt: skip
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notice_account_id"), "notice", ["account_id"])
    if op.get_bind().dialect.name == "postgresql":
        _walls()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute('DROP POLICY ita_country_insert ON "grant"')
        op.execute(
            f'CREATE POLICY ita_country_insert ON "grant" FOR INSERT TO ita_country WITH CHECK ({OTHER} AND {NEVER})'
        )
    op.drop_table("notice")
    op.drop_table("grant_request")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32, create_constraint=True)


def _keys(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in targets.items()
    ]


def _walls() -> None:
    for table in ("grant_request", "notice"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO ita_system")
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO ita_country, ita_system")
        _policy(table, "ita_system", "ALL", using="true", check="true")
    op.execute("GRANT SELECT, INSERT ON grant_request TO ita_country")
    op.execute("GRANT UPDATE (state, decided_by_id, decided_at, version) ON grant_request TO ita_country")
    _policy("grant_request", "ita_country", "SELECT", using="true")
    asked = f"asked_by_id = {ACCOUNT} AND {OTHER} AND state = 'waiting' AND decided_by_id IS NULL"
    _policy("grant_request", "ita_country", "INSERT", check=asked)
    decided = f"decided_by_id = {ACCOUNT} AND state <> 'waiting'"
    _policy("grant_request", "ita_country", "UPDATE", using="true", check=decided)
    for role in EVERYBODY:
        op.execute(f"GRANT SELECT, UPDATE (seen_at) ON notice TO {role}")
        _policy("notice", role, "SELECT", using=f"account_id = {ACCOUNT}")
        _policy("notice", role, "UPDATE", using=f"account_id = {ACCOUNT}", check=f"account_id = {ACCOUNT}")
    op.execute("GRANT INSERT ON notice TO ita_country")
    _policy("notice", "ita_country", "INSERT", check="true")
    _power_rights()


def _power_rights() -> None:
    """A power right follows a confirmed request that whoever acts has confirmed."""
    power = ", ".join(f"'{role}'" for role in POWER)
    confirmed = (
        'SELECT 1 FROM grant_request AS r WHERE r.account_id = "grant".account_id AND r.role = "grant".role'
        ' AND r.body_id IS NOT DISTINCT FROM "grant".body_id'
        f" AND r.state = 'confirmed' AND r.decided_by_id = {ACCOUNT}"
    )
    op.execute('DROP POLICY ita_country_insert ON "grant"')
    check = f"{OTHER} AND {NEVER} AND (role NOT IN ({power}) OR EXISTS ({confirmed}))"
    _policy('"grant"', "ita_country", "INSERT", check=check)


def _policy(table: str, role: str, act: str, *, using: str = "", check: str = "") -> None:
    rule = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    op.execute(f"CREATE POLICY {role}_{act.lower()} ON {table} FOR {act} TO {role}{rule}")
