"""Forms that came after their session had ended, kept for minutes and sealed.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_form",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_kept_form_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grant.id"], name=op.f("fk_kept_form_grant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_account_id"), "kept_form", ["account_id"])
    op.create_index(op.f("ix_kept_form_expires_at"), "kept_form", ["expires_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE kept_form ENABLE ROW LEVEL SECURITY")
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON kept_form TO ita_system")
        op.execute(
            "CREATE POLICY ita_system_all ON kept_form FOR ALL TO ita_system USING (true) WITH CHECK (true)"
        )


def downgrade() -> None:
    op.drop_table("kept_form")
