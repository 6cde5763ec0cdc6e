"""Headcounts: by groups where the round asks for them, corrected after the confirmation; counts by the quarter.

A correction is asked and confirmed only while the agency's boxes are closed: the trigger waits for whoever opens
them. What agencies see of their answers are copies, made each quarter of an hour by the worker alone.

Revision ID: 0033_serves_0029
Revises: 0032_serves_0029
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant
from portal.core.database import additions

revision = "0033_serves_0029"
down_revision = "0032_serves_0029"
branch_labels = None
depends_on = None

PLACE = "nullif(current_setting('ita.place', true), '')::integer"
ASSIGNED = f"participation_id IN (SELECT participation_id FROM assignment WHERE body_id = {PLACE})"
ALL = "SELECT, INSERT, UPDATE, DELETE"
LOOK = {
    "country": ("SELECT", "true"),
    "province": ("SELECT", f"province_id = {PLACE}"),
    "agency": ("SELECT", f"agency_id = {PLACE}"),
    "assessor": ("SELECT", ASSIGNED),
}
EVERYBODY = dict.fromkeys(("none", "country", "province", "agency", "assessor"), ("SELECT", "true"))
#: who reads and writes: an agency its own corrections, the system the counts
WALLS = {
    "headcount_correction": LOOK | {"agency": ("SELECT, INSERT, UPDATE", f"agency_id = {PLACE}")},
    "quarter_count": LOOK,
    "counted_moment": EVERYBODY,
    "headcount_group": EVERYBODY | {"country": (ALL, "true")},
}
WITH_SEQUENCE = ("headcount_correction", "headcount_group")
FROZEN = "this round was opened"
OPENED = "the boxes of this agency were opened"
#: first half of the advisory locks of the boxes, as it was when this was written
LOCK_FAMILY = 4711
RULE = "headcount_correction_before_opening"
#: why no correction is taken: the round is not running, or the agency's answers were opened
TOO_LATE = (
    "NOT EXISTS (SELECT 1 FROM participation p JOIN round r ON r.id = p.round_id"
    " WHERE p.id = NEW.participation_id AND r.state IN ('open', 'closed'))"
    " OR EXISTS (SELECT 1 FROM opened_answer WHERE participation_id = NEW.participation_id)"
    " OR EXISTS (SELECT 1 FROM set_aside WHERE participation_id = NEW.participation_id)"
)


def upgrade() -> None:
    _corrections()
    _groups()
    _counts()
    additions.add_column("participation", sa.Column("headcount_parts", sa.JSON(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        _walls()
        _triggers_of_postgresql()
    else:
        _triggers_of_sqlite()


def downgrade() -> None:
    tables = ("headcount_correction", "headcount_group", "counted_moment", "quarter_count")
    for table in tables:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION headcount_correction_before_opening()")
        op.execute("DROP FUNCTION frozen_headcount_group()")
    op.drop_column("participation", "headcount_parts")


def _owners(table: str) -> list[sa.Column[int] | sa.ForeignKeyConstraint]:
    """The columns of a row of one agency in one round, with what they point at."""
    names = ("participation", "agency", "province")
    points = [
        sa.ForeignKeyConstraint(
            [f"{name}_id"],
            [f"{name}.id"],
            name=f"fk_{table}_{name}_id",
            ondelete="CASCADE" if name == "participation" else None,
        )
        for name in names
    ]
    return [*(sa.Column(f"{name}_id", sa.Integer(), nullable=False) for name in names), *points]


def _named(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _corrections() -> None:
    table = "headcount_correction"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "state", _named("correctionstate", "asked", "confirmed", "declined", "withdrawn"), nullable=False
        ),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("parts_before", sa.JSON(), nullable=True),
        sa.Column("parts_after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by", sa.String(length=260), nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by", sa.String(length=260), nullable=False),
        sa.Column("decline_reason", sa.String(length=1000), nullable=False),
        *_owners(table),
        sa.CheckConstraint("after >= 1", name=f"ck_{table}_of_people"),
        sa.CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name=f"ck_{table}_decided"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sqlite_autoincrement=True,
    )
    for column in ("participation_id", "agency_id", "province_id"):
        op.create_index(f"ix_{table}_{column}", table, [column])
    asked = sa.text("state = 'asked'")
    op.create_index(
        f"uq_{table}_open",
        table,
        ["participation_id"],
        unique=True,
        sqlite_where=asked,
        postgresql_where=asked,
    )


def _groups() -> None:
    op.create_table(
        "headcount_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name="fk_headcount_group_round_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("round_id", "position", name="uq_headcount_group_round_id_position"),
        sa.PrimaryKeyConstraint("id", name="pk_headcount_group"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_headcount_group_round_id", "headcount_group", ["round_id"])


def _counts() -> None:
    table = "quarter_count"
    op.create_table(
        table,
        sa.Column("instrument", _named("instrumentkind", "iit", "eit", "oit"), nullable=False),
        sa.Column("channel", _named("channel", "self", "on_site", "interview"), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        *_owners(table),
        sa.PrimaryKeyConstraint("participation_id", "instrument", "channel", name=f"pk_{table}"),
    )
    for column in ("agency_id", "province_id"):
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.create_table(
        "counted_moment",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_counted_moment_single"),
        sa.PrimaryKeyConstraint("id", name="pk_counted_moment"),
    )


def _walls() -> None:
    for table, readers in WALLS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for role, (acts, rows) in {"system": (ALL, "true"), **readers}.items():
            op.execute(f"GRANT {acts} ON {table} TO ita_{role}")
            writes = acts != "SELECT"
            if writes and table in WITH_SEQUENCE:
                op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO ita_{role}")
            check = f" WITH CHECK ({rows})" if writes else ""
            op.execute(
                f"CREATE POLICY ita_{role}_{'all' if writes else 'select'} ON {table}"
                f" FOR {'ALL' if writes else 'SELECT'} TO ita_{role} USING ({rows}){check}"
            )


def _triggers_of_sqlite() -> None:
    for act, when in (("INSERT", ""), ("UPDATE", "NEW.state = 'confirmed' AND ")):
        op.execute(
            f"CREATE TRIGGER {RULE}_{act.lower()} BEFORE {act} ON headcount_correction"
            f" WHEN {when}({TOO_LATE}) BEGIN SELECT RAISE(ABORT, '{OPENED}'); END"
        )
    begun = "EXISTS (SELECT 1 FROM round WHERE id = {row}.round_id AND state <> 'draft')"
    for act, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        when = " OR ".join(begun.format(row=row) for row in rows)
        op.execute(
            f"CREATE TRIGGER frozen_headcount_group_{act.lower()} BEFORE {act} ON headcount_group WHEN {when}"
            f" BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
        )


def _triggers_of_postgresql() -> None:
    """Who corrects stays in the round as one who answers does: whoever opens its boxes comes before or after."""
    refuse = f"RAISE EXCEPTION '{OPENED}' USING ERRCODE = 'check_violation';"
    _trigger(
        RULE,
        "headcount_correction",
        "INSERT OR UPDATE",
        "IF TG_OP = 'UPDATE' AND NEW.state <> 'confirmed' THEN RETURN NEW; END IF;"
        f" PERFORM pg_advisory_xact_lock_shared({LOCK_FAMILY},"
        " (SELECT round_id FROM participation WHERE id = NEW.participation_id));"
        f" IF {TOO_LATE} THEN {refuse} END IF;",
    )
    frozen = f"RAISE EXCEPTION '{FROZEN}' USING ERRCODE = 'check_violation';"
    asks = "SELECT state INTO {name} FROM round WHERE id = {row}.round_id FOR SHARE;"
    _trigger(
        "frozen_headcount_group",
        "headcount_group",
        "INSERT OR UPDATE OR DELETE",
        f"IF TG_OP <> 'INSERT' THEN {asks.format(name='was', row='OLD')} END IF;"
        f" IF TG_OP <> 'DELETE' THEN {asks.format(name='becomes', row='NEW')} END IF;"
        f" IF was <> 'draft' OR becomes <> 'draft' THEN {frozen} END IF;"
        " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;",
        "DECLARE was text; becomes text; ",
    )


def _trigger(name: str, table: str, acts: str, body: str, declared: str = "") -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = public, pg_temp AS $$ {declared}BEGIN {body} RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
