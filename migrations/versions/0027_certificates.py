"""Certificates of results: released once for a round, each printed once and withdrawn at most once.

What was released, the database itself keeps as it is.

Revision ID: 0027
Revises: 0026
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SAID = "this is in the record of certificates"
#: of a certificate: what never changes, and what is entered once; of a release nothing changes
FIXED = (
    "id", "release_id", "participation_id", "agency_id", "province_id", "number", "public_id", "grade", "data",
)  # fmt: skip
ONCE = ("file_id", "body_sha256", "body_size", "withdrawn_at")
PLACE = "nullif(current_setting('ita.place', true), '')::integer"
ASSIGNED = f"(SELECT participation_id FROM assignment WHERE body_id = {PLACE})"
EVERY = "true"
#: who reads and who writes the rows of each table, by the role of the transaction
WALLS = {
    "certificate_release": {
        "system": ("SELECT, INSERT", EVERY),
        "country": ("SELECT, INSERT", EVERY),
        "none": ("SELECT", EVERY),
        "province": ("SELECT", EVERY),
        "agency": ("SELECT", EVERY),
        "assessor": ("SELECT", EVERY),
    },
    "certificate": {
        "system": ("SELECT, INSERT, UPDATE", EVERY),
        "country": ("SELECT, INSERT, UPDATE", EVERY),
        "province": ("SELECT", f"province_id = {PLACE}"),
        "agency": ("SELECT", f"agency_id = {PLACE}"),
        "assessor": ("SELECT", f"participation_id IN {ASSIGNED}"),
    },
}


def upgrade() -> None:
    _releases()
    _certificates()
    if op.get_bind().dialect.name == "postgresql":
        _walls()
    _freeze()


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in reversed(WALLS):
        if postgresql:
            op.execute(f"DROP TRIGGER kept_{table} ON {table}")
            op.execute(f"DROP FUNCTION kept_{table}()")
        op.drop_table(table)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _points(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _releases() -> None:
    op.create_table(
        "certificate_release",
        _whole("id"),
        _whole("round_id"),
        sa.Column("dated", sa.Date(), nullable=False),
        _text("office", 200),
        _text("signatory", 120),
        _text("position", 300),
        sa.Column("letterhead", sa.JSON(), nullable=False),
        sa.Column("by_key", sa.Boolean(), nullable=False),
        _whole("count"),
        _text("digest", 64),
        sa.Column("released_at", Instant(), nullable=False),
        sa.CheckConstraint("count >= 1", name="ck_certificate_release_count"),
        _points("certificate_release", "round_id", "round"),
        sa.UniqueConstraint("round_id", name="uq_certificate_release_round_id"),
        _key("certificate_release"),
        sqlite_autoincrement=True,
    )


def _certificates() -> None:
    op.create_table(
        "certificate",
        _whole("id"),
        _whole("release_id"),
        _whole("number"),
        _text("public_id", 32),
        _text("grade", 4),
        sa.Column("data", sa.JSON(), nullable=False),
        _whole("file_id", nullable=True),
        _text("body_sha256", 64, nullable=True),
        _whole("body_size", nullable=True),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        _text("reason", 300),
        _whole("participation_id"),
        _whole("agency_id"),
        _whole("province_id"),
        sa.CheckConstraint("number >= 1", name="ck_certificate_number"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (reason = '')", name="ck_certificate_withdrawn"),
        _points("certificate", "release_id", "certificate_release"),
        _points("certificate", "file_id", "stored_file"),
        _points("certificate", "participation_id", "participation", "CASCADE"),
        _points("certificate", "agency_id", "agency"),
        _points("certificate", "province_id", "province"),
        sa.UniqueConstraint("participation_id", name="uq_certificate_participation_id"),
        _key("certificate"),
        sqlite_autoincrement=True,
    )
    for column in ("participation_id", "agency_id", "province_id"):
        op.create_index(f"ix_certificate_{column}", "certificate", [column])
    op.create_index("uq_certificate_public_id", "certificate", ["public_id"], unique=True)
    op.create_index("uq_certificate_release_id_number", "certificate", ["release_id", "number"], unique=True)


def _walls() -> None:
    """Each agency its own, a province those of its agencies, the offices of the country all."""
    for table, roles in WALLS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for role, (acts, rows) in roles.items():
            op.execute(f"GRANT {acts} ON {table} TO ita_{role}")
            if "INSERT" in acts:
                op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO ita_{role}")
            op.execute(
                f"CREATE POLICY ita_{role}_all ON {table} FOR ALL TO ita_{role} USING ({rows}) WITH CHECK ({rows})"
            )


def _changed(differs: str, cast: str) -> str:
    fixed = [
        f"OLD.{name}{cast * (name == 'data')} {differs} NEW.{name}{cast * (name == 'data')}" for name in FIXED
    ]
    once = [f"(OLD.{name} IS NOT NULL AND OLD.{name} {differs} NEW.{name})" for name in ONCE]
    return " OR ".join((*fixed, *once, "(OLD.reason <> '' AND OLD.reason <> NEW.reason)"))


def _freeze() -> None:
    """A trigger for each table on both engines; of JSON, PostgreSQL compares the text."""
    if op.get_bind().dialect.name == "postgresql":
        for table, when in (
            ("certificate_release", "true"),
            ("certificate", f"TG_OP = 'DELETE' OR {_changed('IS DISTINCT FROM', '::text')}"),
        ):
            op.execute(
                f"CREATE FUNCTION kept_{table}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp"
                f" AS $$ BEGIN IF {when} THEN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation';"
                " END IF; RETURN NEW; END $$"
            )
            op.execute(
                f"CREATE TRIGGER kept_{table} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
                f" EXECUTE FUNCTION kept_{table}()"
            )
        return
    abort = f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    for table, when in (("certificate_release", ""), ("certificate", f"WHEN {_changed('IS NOT', '')} ")):
        op.execute(f"CREATE TRIGGER kept_{table}_update BEFORE UPDATE ON {table} {when}{abort}")
        op.execute(f"CREATE TRIGGER kept_{table}_delete BEFORE DELETE ON {table} {abort}")
