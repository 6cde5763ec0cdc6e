"""Changes of agencies with a date, and which agency came from which.

Revision ID: 0036_serves_0029
Revises: 0035_serves_0029
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0036_serves_0029"
down_revision = "0035_serves_0029"
branch_labels = None
depends_on = None

CHANGE, PART = "agency_change", "agency_change_part"
STATES = ("draft", "set", "applied", "undone")
OPEN = sa.text("state IN ('draft', 'set')")
PLACE = "nullif(current_setting('ita.place', true), '')::integer"


def upgrade() -> None:
    op.create_table(
        CHANGE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("sort", _words("changesort", "renewed", "merged", "split"), nullable=False),
        sa.Column("state", _words("changestate", *STATES), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("rests_on", sa.String(length=300), nullable=False),
        sa.Column("planned", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", Instant(), nullable=True),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("applied_at", Instant(), nullable=True),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undo_reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=f"fk_{CHANGE}_province_id"),
        *(_of_account(column) for column in ("made_by_id", "set_by_id", "undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=f"pk_{CHANGE}"),
        sa.UniqueConstraint("id", "state", name=f"uq_{CHANGE}_id_state"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{CHANGE}_province_id", CHANGE, ["province_id"])
    op.create_table(
        PART,
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("side", _words("partside", "ends", "goes_on", "made"), nullable=False),
        sa.Column("state", _words("changestate", *STATES), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id", "state"],
            [f"{CHANGE}.id", f"{CHANGE}.state"],
            name=f"fk_{PART}_change_id_state",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=f"fk_{PART}_agency_id"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=f"fk_{PART}_province_id"),
        sa.PrimaryKeyConstraint("change_id", "agency_id", name=f"pk_{PART}"),
    )
    op.create_index(
        f"uq_{PART}_open", PART, ["agency_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    for column in ("agency_id", "province_id"):
        op.create_index(f"ix_{PART}_{column}", PART, [column])
    if op.get_bind().dialect.name == "postgresql":
        _walls()


def downgrade() -> None:
    op.drop_table(PART)
    op.drop_table(CHANGE)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _of_account(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["account.id"], name=f"fk_{CHANGE}_{column}", ondelete="SET NULL"
    )


def _walls() -> None:
    """The country's offices write the changes, a province reads its own; agencies read none."""
    op.execute(f"GRANT USAGE ON SEQUENCE {CHANGE}_id_seq TO ita_system, ita_country")
    for table in (CHANGE, PART):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for role in ("ita_system", "ita_country"):
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}")
            op.execute(
                f"CREATE POLICY {role}_all ON {table} FOR ALL TO {role} USING (true) WITH CHECK (true)"
            )
        op.execute(f"GRANT SELECT ON {table} TO ita_province")
        op.execute(
            f"CREATE POLICY ita_province_read ON {table} FOR SELECT TO ita_province"
            f" USING (province_id = {PLACE})"
        )
