"""Sums of a country read an index; days of the provinces, and who is likely to miss what.

Revision ID: 0034_serves_0029
Revises: 0033_serves_0029
"""

import sqlalchemy as sa
from alembic import op

from portal.core.database.additions import add_index

revision = "0034_serves_0029"
down_revision = "0033_serves_0029"
branch_labels = None
depends_on = None

STANDING = (
    "round_id",
    "province_id",
    "kind",
    "state",
    "activated_at",
    "headcount",
    "roster_count",
    "size",
    "province_size",
)
PLACE = "nullif(current_setting('ita.place', true), '')::integer"
#: the system writes them; the country's offices read all, a province its own; agencies and assessors none
READERS = {"country": "true", "province": f"province_id = {PLACE}"}
INSTRUMENTS = ("iit", "eit", "oit")
STAGES = ("preparation", "iit", "eit", "eit_interview", "oit", "oit_scoring")
WHYS = ("not_begun", "stalled", "too_slow")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "province_day",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("instrument", _enum("instrumentkind", INSTRUMENTS), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name="fk_province_day_round_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_province_day_province_id"),
        sa.PrimaryKeyConstraint("round_id", "instrument", "province_id", "day", name="pk_province_day"),
    )
    op.create_index("ix_province_day_province_id", "province_day", ["province_id"])
    op.create_table(
        "outlook",
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("stage", _enum("stage", STAGES), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.Column("why", _enum("why", WHYS), nullable=True),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name="fk_outlook_participation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_outlook_province_id"),
        sa.PrimaryKeyConstraint("participation_id", "stage", name="pk_outlook"),
    )
    op.create_index("ix_outlook_province_id", "outlook", ["province_id"])
    if op.get_bind().dialect.name == "postgresql":
        for table in ("province_day", "outlook"):
            _wall(table)
    add_index("ix_participation_standing", "participation", STANDING)


def _wall(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO ita_system")
    op.execute(
        f"CREATE POLICY ita_system_all ON {table} FOR ALL TO ita_system USING (true) WITH CHECK (true)"
    )
    for role, rows in READERS.items():
        op.execute(f"GRANT SELECT ON {table} TO ita_{role}")
        op.execute(f"CREATE POLICY ita_{role}_read ON {table} FOR SELECT TO ita_{role} USING ({rows})")


def downgrade() -> None:
    op.drop_index("ix_participation_standing", "participation")
    op.drop_table("outlook")
    op.drop_table("province_day")
