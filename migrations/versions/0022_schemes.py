"""A fiscal year has one round of each scheme of assessment; a scheme stays as it is once its round was opened.

Nothing is written anew: a new table ``round`` would lose its triggers and its keys on SQLite.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

USUAL = "ITA"
#: what a round's own row may not change once it was opened, before this migration
RULES = ("fiscal_year", "first_digits", "eit_combine", "detail_threshold", "total_threshold")
SAID = "this round was opened"


def upgrade() -> None:
    column = sa.Column("scheme", sa.String(length=20), nullable=False, server_default=USUAL)
    op.add_column("round", column)
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("round", "scheme", server_default=None)
    op.drop_index("uq_round_fiscal_year", "round")
    op.create_index("uq_round_fiscal_year_scheme", "round", ["fiscal_year", "scheme"], unique=True)
    _freeze((*RULES, "scheme"))


def downgrade() -> None:
    """Refused by the index where a fiscal year has rounds of two schemes: nothing of a round is deleted."""
    op.create_index("uq_round_fiscal_year", "round", ["fiscal_year"], unique=True)
    op.drop_index("uq_round_fiscal_year_scheme", "round")
    _freeze(RULES)
    op.execute("ALTER TABLE round DROP COLUMN scheme")


def _freeze(rules: tuple[str, ...]) -> None:
    """The trigger of 0021 on a round's own row, with these columns."""
    if op.get_bind().dialect.name == "postgresql":
        changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in rules)
        refuse = f"RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation';"
        op.execute(
            "CREATE OR REPLACE FUNCTION frozen_round() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
            " SET search_path = public, pg_temp AS $$ BEGIN"
            f" IF OLD.state <> 'draft' THEN IF TG_OP = 'DELETE' THEN {refuse}"
            f" ELSIF NEW.state = 'draft' OR {changed} THEN {refuse} END IF; END IF;"
            " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )
        return
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in rules)
    op.execute("DROP TRIGGER frozen_round_update")
    op.execute(
        "CREATE TRIGGER frozen_round_update BEFORE UPDATE ON round"
        f" WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed})"
        f" BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    )
