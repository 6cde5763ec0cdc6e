"""Texts of an office's letters with their versions, and which of them a letter is made from.

No version ever changes or goes away, and a letter in the record keeps the one that it was made from: the
database itself refuses both.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KINDS = (
    "circular", "all_provinces", "stamped", "memorandum", "nacc", "stamped_nacc", "province",
    "memorandum_circular", "agency", "results", "results_nacc", "results_province",
)  # fmt: skip
FINAL = "('issued', 'sent', 'withdrawn', 'replaced')"
#: all of a version but who made it, whose account may be taken away
KEPT = ("id", "office_id", "province_id", "kind", "number", "source", "back_to", "made_at")
SAID = "this is in the record of letters"
PLACE = "nullif(current_setting('ita.place', true), '')::integer"
#: what may not happen to a row, by the table and act that a trigger watches
REFUSED = {
    ("office_text", "UPDATE"): " OR ".join(f"OLD.{name} {{differs}} NEW.{name}" for name in KEPT),
    ("office_text", "DELETE"): "true",
    ("dispatch", "UPDATE"): (
        f"OLD.state IN {FINAL} AND"
        " (OLD.text_kind {differs} NEW.text_kind OR OLD.text_id {differs} NEW.text_id"
        " OR OLD.to_agency_id {differs} NEW.to_agency_id)"
    ),
}


def upgrade() -> None:
    op.create_table(
        "office_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="textkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("back_to", sa.Integer(), nullable=True),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "number >= 1 AND (back_to IS NULL OR back_to < number)", name="ck_office_text_number"
        ),
        _points("office_id", "letter_office"),
        _points("province_id", "province"),
        _points("made_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_office_text"),
        sqlite_autoincrement=True,
    )
    numbered = ["office_id", "kind", "number"]
    op.create_index("uq_office_text_office_id_kind_number", "office_text", numbered, unique=True)
    op.create_index("ix_office_text_province_id", "office_text", ["province_id"])
    _columns()
    if op.get_bind().dialect.name == "postgresql":
        _walls()
    for table, act in REFUSED:
        _refuse(table, act)


def downgrade() -> None:
    for table, act in REFUSED:
        name = _name(table, act)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            op.execute(f"DROP TRIGGER {name}")
    op.drop_index("ix_dispatch_to_agency_id", "dispatch")
    op.execute("ALTER TABLE dispatch DROP COLUMN to_agency_id")
    op.execute("ALTER TABLE dispatch DROP COLUMN text_id")
    op.execute("ALTER TABLE dispatch DROP COLUMN text_kind")
    op.drop_table("office_text")


def _points(column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_office_text_{column}", ondelete=ondelete)


def _columns() -> None:
    """Added in place: a table written anew would lose the triggers that keep the record."""
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(
        "ALTER TABLE dispatch ADD COLUMN text_kind VARCHAR(32)"
        f" CONSTRAINT ck_dispatch_textkind CHECK (text_kind IN ({kinds}))"
    )
    op.execute(
        "ALTER TABLE dispatch ADD COLUMN text_id INTEGER"
        " CONSTRAINT fk_dispatch_text_id REFERENCES office_text (id)"
    )
    op.execute(
        "ALTER TABLE dispatch ADD COLUMN to_agency_id INTEGER"
        " CONSTRAINT fk_dispatch_to_agency_id REFERENCES agency (id)"
    )
    op.create_index("ix_dispatch_to_agency_id", "dispatch", ["to_agency_id"])


def _walls() -> None:
    """Each office's own rows; the offices of the country see those of all. Nobody changes one."""
    op.execute("ALTER TABLE office_text ENABLE ROW LEVEL SECURITY")
    op.execute("GRANT USAGE ON SEQUENCE office_text_id_seq TO ita_system, ita_country, ita_province")
    for role, rows in (
        ("ita_system", "true"),
        ("ita_country", "true"),
        ("ita_province", f"province_id = {PLACE}"),
    ):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON office_text TO {role}")
        op.execute(
            f"CREATE POLICY {role}_all ON office_text FOR ALL TO {role} USING ({rows}) WITH CHECK ({rows})"
        )


def _name(table: str, act: str) -> str:
    return f"kept_text_{table}_{act.lower()}"


def _refuse(table: str, act: str) -> None:
    """A trigger that refuses an act; the words of the refusal are those of the other triggers of the record."""
    name, when = _name(table, act), REFUSED[table, act]
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$"
            f" BEGIN IF {when.format(differs='IS DISTINCT FROM')} THEN"
            f" RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation'; END IF;"
            f" RETURN {'OLD' if act == 'DELETE' else 'NEW'}; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {when.format(differs='IS NOT')}"
        f" BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    )
