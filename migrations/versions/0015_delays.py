"""Delays of signing in are counted in one statement: a row says until when the attempts of a subject reach.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _anew(sa.Column("busy_until", sa.Double(), nullable=False))


def downgrade() -> None:
    _anew(
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
    )


def _anew(*columns: sa.Column[object]) -> None:
    """What stood in the table is a matter of minutes: it is made anew."""
    op.drop_table("sign_in_delay")
    op.create_table(
        "sign_in_delay",
        sa.Column("subject", sa.String(length=80), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_delay")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE sign_in_delay ENABLE ROW LEVEL SECURITY")
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_delay TO ita_system")
        op.execute(
            "CREATE POLICY ita_system_all ON sign_in_delay FOR ALL TO ita_system USING (true) WITH CHECK (true)"
        )
