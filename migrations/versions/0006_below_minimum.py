"""A result says which surveys have fewer answers than the minimum sample.

Results computed before keep an empty word until they are computed again.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("result", sa.Column("below", sa.String(16), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("result", "below")
