"""Announcements of the back office, to whom they were sent, and who acknowledged them.

Revision ID: 0039_serves_0029
Revises: 0038_serves_0029
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0039_serves_0029"
down_revision = "0038_serves_0029"
branch_labels = None
depends_on = None

TABLE, TO, RECEIPT = "announcement", "announcement_place", "announcement_receipt"
PLACE = "nullif(current_setting('ita.place', true), '')::integer"
ACCOUNT = "nullif(current_setting('ita.account', true), '')::integer"
ROLES = ("nacc", "dla", "province", "agency_admin", "executive", "assessor", "interviewer", "system")
PROVINCE_OF_AGENCY = f"SELECT province_id FROM agency WHERE id = {PLACE}"
ASSIGNED = f"FROM assignment WHERE body_id = {PLACE}"
#: which places each reach below the country was sent an announcement at
SENT_TO = {
    "province": ("'province'", f"province_id = {PLACE}"),
    "agency": (
        "'agency_admin', 'executive'",
        f"agency_id = {PLACE} OR province_id IN ({PROVINCE_OF_AGENCY})",
    ),
    "assessor": (
        "'assessor', 'interviewer'",
        f"agency_id IN (SELECT agency_id {ASSIGNED}) OR province_id IN (SELECT province_id {ASSIGNED})",
    ),
}
OWN = f"account_id = {ACCOUNT}"
SAID = "an announcement that was sent is final"
KEPT = ("office", "heading", "text", "until", "chosen", "replaces_id", "sent_at", "sent_by")


def upgrade() -> None:
    _announcements()
    _places()
    _receipts()
    if op.get_bind().dialect.name == "postgresql":
        _walls()
        _guard_on_postgresql()
    else:
        _guard_on_sqlite()


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for act in ("update", "delete"):
        op.execute(f"DROP TRIGGER stays_sent_{act}" + (f" ON {TABLE}" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION stays_sent()")
    op.drop_table(RECEIPT)
    if postgresql:
        op.execute(f"DROP POLICY ita_province_all ON {TABLE}")
        op.execute(f"DROP POLICY ita_agency_all ON {TABLE}")
        op.execute(f"DROP POLICY ita_assessor_all ON {TABLE}")
    op.drop_table(TO)
    op.drop_table(TABLE)


def _role(column: str) -> sa.Column[str]:
    kind = sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=False)


def _points(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def _announcements() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        _role("office"),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.String(length=260), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("sent_by", sa.String(length=260), server_default="", nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=260), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=500), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("office IN ('nacc', 'dla')", name=op.f(f"ck_{TABLE}_office")),
        sa.CheckConstraint("withdrawn_at IS NULL OR sent_at IS NOT NULL", name=op.f(f"ck_{TABLE}_withdrawn")),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (reason = '')", name=op.f(f"ck_{TABLE}_reason")),
        _points(TABLE, "replaces_id", TABLE),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"uq_{TABLE}_replaces_id", TABLE, ["replaces_id"], unique=True)


def _places() -> None:
    op.create_table(
        TO,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        _role("role"),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("province_id IS NULL OR agency_id IS NULL", name=op.f(f"ck_{TO}_one_place")),
        _points(TO, "announcement_id", TABLE),
        _points(TO, "province_id", "province"),
        _points(TO, "agency_id", "agency"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TO}"),
        sqlite_autoincrement=True,
    )
    for columns in (
        ["agency_id", "announcement_id"],
        ["province_id", "announcement_id"],
        ["announcement_id", "role"],
    ):
        op.create_index(f"ix_{TO}_{'_'.join(columns)}", TO, columns)


def _receipts() -> None:
    op.create_table(
        RECEIPT,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        _role("role"),
        sa.Column("at", Instant(), nullable=False),
        _points(RECEIPT, "announcement_id", TABLE),
        _points(RECEIPT, "account_id", "account", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{RECEIPT}"),
        sqlite_autoincrement=True,
    )
    once = ["account_id", "announcement_id"]
    op.create_index(f"uq_{RECEIPT}_account_id_announcement_id", RECEIPT, once, unique=True)
    op.create_index(f"ix_{RECEIPT}_announcement_id", RECEIPT, ["announcement_id"])


def _walls() -> None:
    for table in (TABLE, TO, RECEIPT):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO ita_system")
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO ita_system, ita_country")
        _policy(table, "system", "ALL", "true", " WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO ita_country")
    _policy(TABLE, "country", "ALL", "true", " WITH CHECK (true)")
    # to whom it was sent is added to, and never changed
    op.execute(f"GRANT SELECT, INSERT ON {TO} TO ita_country")
    _policy(TO, "country", "ALL", "true", " WITH CHECK (true)")
    for role, (roles, rows) in SENT_TO.items():
        op.execute(f"GRANT SELECT ON {TABLE}, {TO} TO ita_{role}")
        everywhere = "province_id IS NULL AND agency_id IS NULL"
        _policy(TO, role, "SELECT", f"role IN ({roles}) AND (({everywhere}) OR {rows})")
        # the policy above narrows the rows of this one
        _policy(TABLE, role, "SELECT", f"sent_at IS NOT NULL AND id IN (SELECT announcement_id FROM {TO})")
        op.execute(f"GRANT SELECT, INSERT ON {RECEIPT} TO ita_{role}")
        op.execute(f"GRANT USAGE ON SEQUENCE {RECEIPT}_id_seq TO ita_{role}")
        _policy(RECEIPT, role, "ALL", OWN, f" WITH CHECK ({OWN})")
    op.execute(f"GRANT SELECT, INSERT ON {RECEIPT} TO ita_country")
    _policy(RECEIPT, "country", "ALL", "true", f" WITH CHECK ({OWN})")


def _policy(table: str, role: str, acts: str, rows: str, check: str = "") -> None:
    op.execute(f"CREATE POLICY ita_{role}_all ON {table} FOR {acts} TO ita_{role} USING ({rows}){check}")


def _guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION stays_sent() RETURNS trigger LANGUAGE plpgsql"
        f" AS $$ BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation'; END $$"
    )
    changed = " OR ".join(f"NEW.{name}::text IS DISTINCT FROM OLD.{name}::text" for name in KEPT)
    for act, when in (
        ("update", f"OLD.sent_at IS NOT NULL AND ({changed})"),
        ("delete", "OLD.sent_at IS NOT NULL"),
    ):
        op.execute(
            f"CREATE TRIGGER stays_sent_{act} BEFORE {act.upper()} ON {TABLE} FOR EACH ROW"
            f" WHEN ({when}) EXECUTE FUNCTION stays_sent()"
        )


def _guard_on_sqlite() -> None:
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in KEPT)
    for act, when in (
        ("update", f"OLD.sent_at IS NOT NULL AND ({changed})"),
        ("delete", "OLD.sent_at IS NOT NULL"),
    ):
        op.execute(
            f"CREATE TRIGGER stays_sent_{act} BEFORE {act.upper()} ON {TABLE}"
            f" WHEN {when} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )
