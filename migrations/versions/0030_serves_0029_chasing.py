"""Notes of who chases late agencies.

Revision ID: 0030_serves_0029
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0030_serves_0029"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLE = "chase_note"
WRITE = "SELECT, INSERT, DELETE"
PLACE = "nullif(current_setting('ita.place', true), '')::integer"
#: the country's offices write notes of all agencies, a province of its own; agencies read none
WALLS = {"system": "true", "country": "true", "province": f"province_id = {PLACE}"}
REACHED = ("called", "no_answer", "line", "mail", "letter", "met")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column(
            "reached",
            sa.Enum(*REACHED, name="reached", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("promised_until", sa.Date(), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=260), nullable=False),
        sa.CheckConstraint(
            "promised_until IS NULL OR reached NOT IN ('no_answer', 'letter')",
            name=f"ck_{TABLE}_who_promised",
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=f"fk_{TABLE}_participation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=f"fk_{TABLE}_province_id"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=f"fk_{TABLE}_account_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{TABLE}_participation_id_id", TABLE, ["participation_id", "id"])
    for column in ("province_id", "account_id"):
        op.create_index(f"ix_{TABLE}_{column}", TABLE, [column])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
        for role, rows in WALLS.items():
            op.execute(f"GRANT {WRITE} ON {TABLE} TO ita_{role}")
            op.execute(f"GRANT USAGE ON SEQUENCE {TABLE}_id_seq TO ita_{role}")
            op.execute(
                f"CREATE POLICY ita_{role}_all ON {TABLE} FOR ALL TO ita_{role}"
                f" USING ({rows}) WITH CHECK ({rows})"
            )


def downgrade() -> None:
    op.drop_table(TABLE)
