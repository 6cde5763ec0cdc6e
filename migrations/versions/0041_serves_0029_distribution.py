"""Rules by which assessor bodies are given agencies, conflicts of interest, and each act of giving.

A body is never given an agency that a conflict of interest keeps from it: a trigger on ``assignment``
refuses it. On PostgreSQL whoever gives waits for who writes a conflict of the same body, and the other way
round. A migration that writes ``assignment`` anew on SQLite makes its triggers again.

Revision ID: 0041_serves_0029
Revises: 0040_serves_0029
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0041_serves_0029"
down_revision = "0040_serves_0029"
branch_labels = None
depends_on = None

RULE, CONFLICT, ACT = "assessor_rule", "assessor_conflict", "distribution"
APART = "assignment_apart"
CLASH = (
    f"SELECT 1 FROM {CONFLICT} AS kept WHERE kept.body_id = NEW.body_id"
    " AND (kept.province_id = NEW.province_id OR kept.agency_id = NEW.agency_id)"
)


def upgrade() -> None:
    _rules()
    _conflicts()
    _acts()
    if op.get_bind().dialect.name == "postgresql":
        _triggers_of_postgresql()
        _walls()
        return
    for name, act in (("insert", "INSERT"), ("update", "UPDATE OF body_id, province_id, agency_id")):
        op.execute(
            f"CREATE TRIGGER {APART}_{name} BEFORE {act} ON assignment"
            f" WHEN EXISTS ({CLASH}) BEGIN SELECT RAISE(ABORT, '{APART}'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {APART} ON assignment")
        op.execute(f"DROP FUNCTION {APART}()")
    else:
        op.execute(f"DROP TRIGGER {APART}_insert")
        op.execute(f"DROP TRIGGER {APART}_update")
    for table in (ACT, CONFLICT, RULE):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {CONFLICT}_waits()")


def _rules() -> None:
    op.create_table(
        RULE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.JSON(), nullable=False)
            for name in ("province_ids", "district_ids", "kinds", "sizes", "body_ids")
        ),
        sa.Column("weight", _words("weight", "agencies", "roster", "sample"), nullable=False),
        sa.Column("together", _words("together", "province", "district", "nothing"), nullable=False),
        _of_round(RULE),
        sa.PrimaryKeyConstraint("id", name=f"pk_{RULE}"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{RULE}_round_id", RULE, ["round_id"])


def _conflicts() -> None:
    op.create_table(
        CONFLICT,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("(province_id IS NULL) <> (agency_id IS NULL)", name=f"ck_{CONFLICT}_one_place"),
        sa.CheckConstraint("reason <> ''", name=f"ck_{CONFLICT}_reason"),
        sa.ForeignKeyConstraint(["body_id"], ["assessor_body.id"], name=f"fk_{CONFLICT}_body_id"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=f"fk_{CONFLICT}_province_id"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=f"fk_{CONFLICT}_agency_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{CONFLICT}"),
        sa.UniqueConstraint("body_id", "province_id", name=f"uq_{CONFLICT}_body_id_province_id"),
        sa.UniqueConstraint("body_id", "agency_id", name=f"uq_{CONFLICT}_body_id_agency_id"),
        sqlite_autoincrement=True,
    )
    for column in ("body_id", "province_id", "agency_id"):
        op.create_index(f"ix_{CONFLICT}_{column}", CONFLICT, [column])


def _acts() -> None:
    op.create_table(
        ACT,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("source", _words("source", "rules", "workbook", "move", "back"), nullable=False),
        sa.Column("state", _words("distributionstate", "planned", "ordered", "done"), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("asked", "moves", "stays", "done")),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("seen", sa.String(length=64), nullable=False),
        sa.Column("with_begun", sa.Boolean(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("done_at", Instant(), nullable=True),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=f"ck_{ACT}_done_at"),
        _of_round(ACT),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=f"fk_{ACT}_made_by_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{ACT}"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{ACT}_round_id", ACT, ["round_id"])


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _of_round(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["round_id"], ["round.id"], name=f"fk_{table}_round_id", ondelete="CASCADE"
    )


def _triggers_of_postgresql() -> None:
    op.execute(
        f"CREATE FUNCTION {APART}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        # who writes a conflict of this body meanwhile is waited for, and its conflict seen
        " PERFORM 1 FROM assessor_body WHERE id = NEW.body_id FOR KEY SHARE;"
        f" IF EXISTS ({CLASH}) THEN RAISE EXCEPTION '{APART}'"
        f" USING ERRCODE = 'check_violation', CONSTRAINT = '{APART}'; END IF;"
        " RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {APART} BEFORE INSERT OR UPDATE OF body_id, province_id, agency_id ON assignment"
        f" FOR EACH ROW EXECUTE FUNCTION {APART}()"
    )
    op.execute(
        f"CREATE FUNCTION {CONFLICT}_waits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " PERFORM 1 FROM assessor_body WHERE id = NEW.body_id FOR UPDATE; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {CONFLICT}_waits BEFORE INSERT ON {CONFLICT}"
        f" FOR EACH ROW EXECUTE FUNCTION {CONFLICT}_waits()"
    )


def _walls() -> None:
    """The country's offices alone."""
    for table in (RULE, CONFLICT, ACT):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for role in ("ita_system", "ita_country"):
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}")
            op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {role}")
            op.execute(
                f"CREATE POLICY {role}_all ON {table} FOR ALL TO {role} USING (true) WITH CHECK (true)"
            )
