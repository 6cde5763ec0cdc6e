"""What each import of the register changed.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_import",
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_at", Instant(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_register_import_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["account.id"],
            name=op.f("fk_register_import_undone_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import")),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE register_import ENABLE ROW LEVEL SECURITY")
        op.execute("GRANT USAGE ON SEQUENCE register_import_id_seq TO ita_system, ita_country")
        for role in ("ita_system", "ita_country"):
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON register_import TO {role}")
            op.execute(
                f"CREATE POLICY {role}_all ON register_import FOR ALL TO {role} USING (true) WITH CHECK (true)"
            )


def downgrade() -> None:
    op.drop_table("register_import")
