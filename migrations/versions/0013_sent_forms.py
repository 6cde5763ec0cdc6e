"""Forms that were sent: each person's own rows, on PostgreSQL by the wall too.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ACCOUNT = "nullif(current_setting('ita.account', true), '')::integer"
DESKS = ("ita_country", "ita_province", "ita_agency", "ita_assessor")


def upgrade() -> None:
    op.create_table(
        "sent_form",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sent_form_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sent_form")),
    )
    op.create_index(op.f("ix_sent_form_account_id"), "sent_form", ["account_id"])
    op.create_index(op.f("ix_sent_form_sent_at"), "sent_form", ["sent_at"])
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("ALTER TABLE sent_form ENABLE ROW LEVEL SECURITY")
    for role, rows in (("ita_system", "true"), *((desk, f"account_id = {ACCOUNT}") for desk in DESKS)):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON sent_form TO {role}")
        op.execute(
            f"CREATE POLICY {role}_all ON sent_form FOR ALL TO {role} USING ({rows}) WITH CHECK ({rows})"
        )


def downgrade() -> None:
    op.drop_table("sent_form")
