"""Descriptive fields of agencies and accounts, defined on screen: one JSON column per table.

Revision ID: 0037_serves_0029
Revises: 0036_serves_0029
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from portal.core.database import additions

revision = "0037_serves_0029"
down_revision = "0036_serves_0029"
branch_labels = None
depends_on = None

FIELD = "descriptive_field"
OWNERS = ("agency", "account")
KINDS = ("text", "number", "date", "choice", "web", "phone")
READERS = ("none", "province", "agency", "assessor")


def upgrade() -> None:
    op.create_table(
        FIELD,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("owner", _words("fieldowner", OWNERS), nullable=False),
        sa.Column("key", sa.String(length=30), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("heading", sa.String(length=80), nullable=False),
        sa.Column("kind", _words("fieldkind", KINDS), nullable=False),
        sa.Column("choices", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("required", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("in_list", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{FIELD}"),
        sqlite_autoincrement=True,
    )
    for column in ("key", "heading"):
        op.create_index(f"uq_{FIELD}_owner_{column}", FIELD, ["owner", column], unique=True)
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        _walls()
    kept = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    is_one = "jsonb_typeof(described)" if postgresql else "json_type(described)"
    for table in OWNERS:
        additions.add_column(table, sa.Column("described", kept, nullable=True))
        additions.add_rule(
            f"ck_{table}_described", table, ["described"], f"described IS NULL OR {is_one} = 'object'"
        )


def downgrade() -> None:
    for table in OWNERS:
        additions.drop_rule(f"ck_{table}_described", table)
        op.drop_column(table, "described")
    op.drop_table(FIELD)


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _walls() -> None:
    """Whoever reads a list reads what its fields are; the country's offices write them."""
    op.execute(f"ALTER TABLE {FIELD} ENABLE ROW LEVEL SECURITY")
    op.execute(f"GRANT USAGE ON SEQUENCE {FIELD}_id_seq TO ita_system, ita_country")
    for role in ("ita_system", "ita_country"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {FIELD} TO {role}")
        op.execute(f"CREATE POLICY {role}_all ON {FIELD} FOR ALL TO {role} USING (true) WITH CHECK (true)")
    for role in READERS:
        op.execute(f"GRANT SELECT ON {FIELD} TO ita_{role}")
        op.execute(f"CREATE POLICY ita_{role}_read ON {FIELD} FOR SELECT TO ita_{role} USING (true)")
