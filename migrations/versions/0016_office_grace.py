"""A grace time after the windows of preparation and OIT, as data of the round.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # added in place: a table written anew would need its key's rule and its triggers once more
    column = sa.Column("office_grace_seconds", sa.Integer(), nullable=False, server_default="900")
    op.add_column("round", column)
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("round", "office_grace_seconds", server_default=None)


def downgrade() -> None:
    op.execute("ALTER TABLE round DROP COLUMN office_grace_seconds")
