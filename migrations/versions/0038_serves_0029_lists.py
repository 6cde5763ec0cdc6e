"""How people want their lists: chosen columns, page size, and filters kept under a name.

Revision ID: 0038_serves_0029
Revises: 0037_serves_0029
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0038_serves_0029"
down_revision = "0037_serves_0029"
branch_labels = None
depends_on = None

FILTER, CHOICE = "saved_filter", "list_choice"
ROLES = ("agency_admin", "executive", "province", "assessor", "interviewer", "dla", "nacc", "system")
IS_DEFAULT = sa.text("is_default")
OWN = "account_id = nullif(current_setting('ita.account', true), '')::integer"
PLACE = "coalesce(nullif(current_setting('ita.place', true), '')::integer, 0)"
DESKS = ("country", "province", "agency", "assessor")


def upgrade() -> None:
    op.create_table(
        FILTER,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reach", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("by", sa.String(length=160), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=f"fk_{FILTER}_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{FILTER}"),
        sa.UniqueConstraint(
            "account_id", "role", "place", "list", "name", name=f"uq_{FILTER}_account_id_role_place_list_name"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        f"uq_{FILTER}_default",
        FILTER,
        ["account_id", "role", "place", "list"],
        unique=True,
        sqlite_where=IS_DEFAULT,
        postgresql_where=IS_DEFAULT,
    )
    op.create_index(f"ix_{FILTER}_list_role_place", FILTER, ["list", "role", "place"])
    op.create_table(
        CHOICE,
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=60), nullable=False),
        sa.Column("columns", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("page_size", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=f"fk_{CHOICE}_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "list", name=f"pk_{CHOICE}"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _walls()


def downgrade() -> None:
    op.drop_table(CHOICE)
    op.drop_table(FILTER)


def _walls() -> None:
    """One's own at the desk where it was kept, written by nobody else; a shared one is read by its office."""
    roles = ", ".join(f"ita_{desk}" for desk in ("system", *DESKS))
    op.execute(f"GRANT USAGE ON SEQUENCE {FILTER}_id_seq TO {roles}")
    for table in (FILTER, CHOICE):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {roles}")
        op.execute(
            f"CREATE POLICY ita_system_all ON {table} FOR ALL TO ita_system USING (true) WITH CHECK (true)"
        )
    for desk in DESKS:
        here = f"reach = '{desk}' AND place = {PLACE}"
        role = f"ita_{desk}"
        op.execute(
            f"CREATE POLICY {role}_own ON {FILTER} FOR ALL TO {role}"
            f" USING ({here} AND {OWN}) WITH CHECK ({here} AND {OWN})"
        )
        op.execute(f"CREATE POLICY {role}_read ON {FILTER} FOR SELECT TO {role} USING ({here} AND shared)")
        op.execute(f"CREATE POLICY {role}_own ON {CHOICE} FOR ALL TO {role} USING ({OWN}) WITH CHECK ({OWN})")
