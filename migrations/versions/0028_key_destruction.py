"""Certificates that the keys of a round were destroyed; what one says, the database itself keeps as it is.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLE = "key_destruction"
SAID = "this is in the record of destroyed keys"
FIXED = ("id", "round_id", "number", "reason", "written_at", "written_by", "data", "digest")
#: who reads and who writes the rows, by the role of the transaction
WALLS = {"system": "SELECT, INSERT, UPDATE", "country": "SELECT, INSERT, UPDATE"}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("written_by", sa.String(length=200), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number >= 1", name=f"ck_{TABLE}_number"),
        sa.CheckConstraint("(number = 1) = (reason = '')", name=f"ck_{TABLE}_reason"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=f"fk_{TABLE}_round_id"),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=f"fk_{TABLE}_file_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"uq_{TABLE}_round_id_number", TABLE, ["round_id", "number"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        _walls()
        _freeze_on_postgresql()
    else:
        _freeze_on_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER kept_{TABLE} ON {TABLE}")
        op.execute(f"DROP FUNCTION kept_{TABLE}()")
    op.drop_table(TABLE)


def _walls() -> None:
    """The offices of the country alone."""
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    for role, acts in WALLS.items():
        op.execute(f"GRANT {acts} ON {TABLE} TO ita_{role}")
        op.execute(f"GRANT USAGE ON SEQUENCE {TABLE}_id_seq TO ita_{role}")
        op.execute(
            f"CREATE POLICY ita_{role}_all ON {TABLE} FOR ALL TO ita_{role} USING (true) WITH CHECK (true)"
        )


def _changed(differs: str, cast: str) -> str:
    fixed = [
        f"OLD.{name}{cast * (name == 'data')} {differs} NEW.{name}{cast * (name == 'data')}" for name in FIXED
    ]
    return " OR ".join((*fixed, f"(OLD.file_id IS NOT NULL AND OLD.file_id {differs} NEW.file_id)"))


def _freeze_on_postgresql() -> None:
    """Of JSON, PostgreSQL compares the text."""
    when = f"TG_OP = 'DELETE' OR {_changed('IS DISTINCT FROM', '::text')}"
    op.execute(
        f"CREATE FUNCTION kept_{TABLE}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp"
        f" AS $$ BEGIN IF {when} THEN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation';"
        " END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER kept_{TABLE} BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW"
        f" EXECUTE FUNCTION kept_{TABLE}()"
    )


def _freeze_on_sqlite() -> None:
    abort = f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    op.execute(
        f"CREATE TRIGGER kept_{TABLE}_update BEFORE UPDATE ON {TABLE} WHEN {_changed('IS NOT', '')} {abort}"
    )
    op.execute(f"CREATE TRIGGER kept_{TABLE}_delete BEFORE DELETE ON {TABLE} {abort}")
