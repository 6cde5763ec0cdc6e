"""Extensions: a later last moment of a stage for one agency.

Of the extensions of an agency that stand, only one begins at the same moment: two that are given at once are
never both taken.

Revision ID: 0032_serves_0029
Revises: 0031_serves_0029
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0032_serves_0029"
down_revision = "0031_serves_0029"
branch_labels = None
depends_on = None

TABLE = "extension"
STAGES = ("preparation", "iit", "eit", "eit_interview", "oit", "oit_scoring")
PLACE = "nullif(current_setting('ita.place', true), '')::integer"
ASSIGNED = f"(SELECT participation_id FROM assignment WHERE body_id = {PLACE})"
#: only the offices of the country give them and take them back; whom they are about reads them
WALLS = {
    "system": ("SELECT, INSERT, UPDATE", "true"),
    "country": ("SELECT, INSERT, UPDATE", "true"),
    "province": ("SELECT", f"province_id = {PLACE}"),
    "agency": ("SELECT", f"agency_id = {PLACE}"),
    "assessor": ("SELECT", f"participation_id IN {ASSIGNED}"),
}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(*STAGES, name="stage", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("extends_from", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
        sa.Column("given_by", sa.String(length=260), nullable=False),
        sa.Column("taken_back_at", Instant(), nullable=True),
        sa.Column("taken_back_by", sa.String(length=260), nullable=False),
        sa.Column("taken_back_reason", sa.String(length=500), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("participation_id", "agency_id", "province_id")
        ),
        sa.CheckConstraint("stage IN ('preparation', 'oit')", name=f"ck_{TABLE}_stage_of_offices"),
        sa.CheckConstraint("until > extends_from AND until > given_at", name=f"ck_{TABLE}_ends_later"),
        sa.CheckConstraint("reason <> ''", name=f"ck_{TABLE}_reason"),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_reason = '')", name=f"ck_{TABLE}_taken_back"
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=f"fk_{TABLE}_participation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=f"fk_{TABLE}_agency_id"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=f"fk_{TABLE}_province_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sqlite_autoincrement=True,
    )
    for column in ("participation_id", "agency_id", "province_id"):
        op.create_index(f"ix_{TABLE}_{column}", TABLE, [column])
    stands = sa.text("taken_back_at IS NULL")
    op.create_index(
        f"uq_{TABLE}_standing",
        TABLE,
        ["participation_id", "stage", "extends_from"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    if op.get_bind().dialect.name == "postgresql":
        _walls()


def _walls() -> None:
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    for role, (acts, rows) in WALLS.items():
        op.execute(f"GRANT {acts} ON {TABLE} TO ita_{role}")
        if "INSERT" in acts:
            op.execute(f"GRANT USAGE ON SEQUENCE {TABLE}_id_seq TO ita_{role}")
        op.execute(
            f"CREATE POLICY ita_{role}_all ON {TABLE} FOR ALL TO ita_{role} USING ({rows}) WITH CHECK ({rows})"
        )


def downgrade() -> None:
    op.drop_table(TABLE)
