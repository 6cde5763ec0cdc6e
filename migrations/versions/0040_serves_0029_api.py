"""Tokens of the read-only API.

Revision ID: 0040_serves_0029
Revises: 0039_serves_0029
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0040_serves_0029"
down_revision = "0039_serves_0029"
branch_labels = None
depends_on = None

TOKEN = "api_token"  # noqa: S105 - a table's name
LIVES = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    op.create_table(
        TOKEN,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.CheckConstraint("days BETWEEN 1 AND 365", name=f"ck_{TOKEN}_lasts_a_year_at_most"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=f"fk_{TOKEN}_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=f"fk_{TOKEN}_grant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TOKEN}"),
        sqlite_autoincrement=True,
    )
    for column in ("account_id", "grant_id"):
        op.create_index(f"ix_{TOKEN}_{column}", TOKEN, [column])
    op.create_index(f"uq_{TOKEN}_token_hash", TOKEN, ["token_hash"], unique=True)
    op.create_index(
        f"uq_{TOKEN}_name",
        TOKEN,
        ["account_id", "name"],
        unique=True,
        sqlite_where=LIVES,
        postgresql_where=LIVES,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {TOKEN} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT USAGE ON SEQUENCE {TOKEN}_id_seq TO ita_system")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TOKEN} TO ita_system")
        op.execute(
            f"CREATE POLICY ita_system_all ON {TOKEN} FOR ALL TO ita_system USING (true) WITH CHECK (true)"
        )


def downgrade() -> None:
    op.drop_table(TOKEN)
