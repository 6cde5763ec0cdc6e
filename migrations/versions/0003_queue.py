"""The queue: one open job per key, lanes, one holder; a row per duty and period.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lane", sa.Integer(), nullable=False, server_default="2"))
        batch_op.add_column(sa.Column("open_key", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("holder", sa.String(length=32), nullable=False, server_default=""))
        batch_op.create_unique_constraint(batch_op.f("uq_job_open_key"), ["open_key"])
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.alter_column("lane", server_default=None)
        batch_op.alter_column("holder", server_default=None)
    op.create_index("ix_job_open", "job", ["lane", "id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "duty_run",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name", "period", name=op.f("pk_duty_run")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE duty_run ENABLE ROW LEVEL SECURITY")
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON duty_run TO ita_system")
        op.execute(
            "CREATE POLICY ita_system_all ON duty_run FOR ALL TO ita_system USING (true) WITH CHECK (true)"
        )


def downgrade() -> None:
    op.drop_table("duty_run")
    op.drop_index("ix_job_open", "job")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_job_open_key"), type_="unique")
        batch_op.drop_column("holder")
        batch_op.drop_column("open_key")
        batch_op.drop_column("lane")
