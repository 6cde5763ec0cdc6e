"""E-mails to late agencies: rules, who gets none by rule, and the outbox.

Revision ID: 0031_serves_0029
Revises: 0030_serves_0029
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0031_serves_0029"
down_revision = "0030_serves_0029"
branch_labels = None
depends_on = None

RULE, STOP, MAIL = "reminder_rule", "reminder_stop", "chase_mail"
PLACE = "nullif(current_setting('ita.place', true), '')::integer"
COUNTRY = {"system": "true", "country": "true"}
#: a province sees what went to its own agencies; agencies see none of it
OWN = {**COUNTRY, "province": f"province_id = {PLACE}"}
STAGES = ("preparation", "iit", "eit", "eit_interview", "oit", "oit_scoring")
STATES = ("waiting", "sending", "sent", "refused", "unsure", "stopped", "held")


def upgrade() -> None:
    _rules()
    _stops()
    _mails()
    if op.get_bind().dialect.name == "postgresql":
        _wall(RULE, "SELECT, INSERT, UPDATE, DELETE", COUNTRY)
        _wall(STOP, "SELECT, INSERT, DELETE", OWN)
        _wall(MAIL, "SELECT, INSERT, UPDATE", OWN)


def downgrade() -> None:
    for table in (MAIL, STOP, RULE):
        op.drop_table(table)


def _rules() -> None:
    op.create_table(
        RULE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("stage", _words("stage", STAGES), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.CheckConstraint("days BETWEEN 0 AND 60", name=f"ck_{RULE}_days"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=f"fk_{RULE}_round_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{RULE}"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"uq_{RULE}_round_id_stage_days", RULE, ["round_id", "stage", "days"], unique=True)


def _stops() -> None:
    op.create_table(
        STOP,
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(length=260), nullable=False),
        _of_participation(STOP),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=f"fk_{STOP}_province_id"),
        sa.PrimaryKeyConstraint("participation_id", name=f"pk_{STOP}"),
    )
    op.create_index(f"ix_{STOP}_province_id", STOP, ["province_id"])


def _mails() -> None:
    op.create_table(
        MAIL,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", _words("mailstate", STATES), nullable=False),
        *(sa.Column(name, Instant(), nullable=False) for name in ("made_at", "until", "next_at")),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        *(sa.Column(name, Instant(), nullable=True) for name in ("tried_at", "sent_at")),
        sa.Column("fault", sa.String(length=120), server_default="", nullable=False),
        sa.Column("by", sa.String(length=260), nullable=False),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=f"ck_{MAIL}_sent"),
        _of_participation(MAIL),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name=f"fk_{MAIL}_province_id"),
        sa.ForeignKeyConstraint(["rule_id"], [f"{RULE}.id"], name=f"fk_{MAIL}_rule_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{MAIL}"),
        *(
            sa.UniqueConstraint(*columns, name=f"uq_{MAIL}_{'_'.join(columns)}")
            for columns in (("participation_id", "day", "address"), ("rule_id", "participation_id", "day"))
        ),
        sqlite_autoincrement=True,
    )
    for columns in (("province_id",), ("job_id",), ("day",), ("state", "next_at")):
        op.create_index(f"ix_{MAIL}_{'_'.join(columns)}", MAIL, list(columns))


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _of_participation(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_participation_id"
    return sa.ForeignKeyConstraint(["participation_id"], ["participation.id"], name=name, ondelete="CASCADE")


def _wall(table: str, acts: str, walls: Mapping[str, Any]) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    for role, rows in walls.items():
        op.execute(f"GRANT {acts} ON {table} TO ita_{role}")
        if table != STOP:
            op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO ita_{role}")
        op.execute(
            f"CREATE POLICY ita_{role}_all ON {table} FOR ALL TO ita_{role} USING ({rows}) WITH CHECK ({rows})"
        )
