"""A year as data: choices without points, items by kind of agency, texts, languages, steps back, years compared.

Columns are added in place: on SQLite a table written anew would need its key's rule and its triggers once more.

Revision ID: 0020
Revises: 0019
"""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from models.base import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

#: by table: what is added to it
ADDED = {
    "scale": {"name": "VARCHAR(120) NOT NULL DEFAULT ''"},
    "oit_item": {"example": "TEXT NOT NULL DEFAULT ''", "kinds": "JSON NOT NULL DEFAULT '[]'"},
    "sample_rule": {"province_size": "VARCHAR(1)"},
    "province": {"size": "VARCHAR(1)"},
    "participation": {"province_size": "VARCHAR(1)"},
}
#: the column of a choice's points, as SQLite keeps it, before and after
POINTS, POINTS_NOW = "points NUMERIC(6, 2) NOT NULL", "points NUMERIC(6, 2)"
PUBLIC = ("round_text", "round_translation", "year_link", "year_mapping")
COUNTRY = ("round_step",)
#: which instrument a stored score is of: codes are those of their instrument, not of the round
OF = "instrument VARCHAR(32)"
IS_ONE = "CONSTRAINT ck_result_node_instrumentkind CHECK (instrument IN ('iit', 'eit', 'oit'))"
ONCE = ("participation_id", "level", "code")
ONCE_NOW = ("participation_id", "instrument", "level", "code")
READERS = ("ita_none", "ita_province", "ita_agency", "ita_assessor")
EVERYBODY = ("ita_country", "ita_province", "ita_agency", "ita_assessor")
WRITE = "SELECT, INSERT, UPDATE, DELETE"


def upgrade() -> None:
    for table, columns in ADDED.items():
        for column, made_as in columns.items():
            op.execute(f'ALTER TABLE "{table}" ADD COLUMN {column} {made_as}')
    _points(POINTS, POINTS_NOW, "DROP")
    _instruments_of_results()
    _tables()
    if op.get_bind().dialect.name == "postgresql":
        _walls()


def downgrade() -> None:
    for table in (*COUNTRY, *PUBLIC):
        op.drop_table(table)
    _points(POINTS_NOW, POINTS, "SET")
    _once(ONCE_NOW, ONCE)
    op.execute("ALTER TABLE result_node DROP COLUMN instrument")
    for table, columns in ADDED.items():
        for column in reversed(columns):
            op.execute(f'ALTER TABLE "{table}" DROP COLUMN {column}')


def _points(before: str, after: str, act: str) -> None:
    """Whether a choice must have points."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE choice ALTER COLUMN points {act} NOT NULL")
        return
    made_by = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'choice'"
    ).scalar_one()
    assert before in made_by, "the points stand in the table's own text"
    _replace(connection, "choice", made_by.replace(before, after))


def _instruments_of_results() -> None:
    """Each stored score says its instrument; until now no code stood in two of a round."""
    op.execute(f"ALTER TABLE result_node ADD COLUMN {OF} NOT NULL DEFAULT 'oit' {IS_ONE}")
    op.execute("UPDATE result_node SET instrument = code WHERE level = 'instrument'")
    for table, levels in (("question", "'question'"), ("indicator", "'indicator', 'sub_indicator'")):
        op.execute(
            f"UPDATE result_node SET instrument = (SELECT i.kind FROM participation p"
            f" JOIN instrument i ON i.round_id = p.round_id JOIN {table} t ON t.instrument_id = i.id"
            f" WHERE p.id = result_node.participation_id AND t.code = result_node.code)"
            f" WHERE level IN ({levels})"
        )
    _once(ONCE, ONCE_NOW)


def _once(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """By what a stored score stands once; the column's value for rows that stood before it goes."""
    old, new = (
        f"CONSTRAINT uq_result_node_{'_'.join(columns)} UNIQUE ({', '.join(columns)})"
        for columns in (before, after)
    )
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE result_node DROP {old.partition(' UNIQUE')[0]}")
        op.execute(f"ALTER TABLE result_node ADD {new}")
        op.execute("ALTER TABLE result_node ALTER COLUMN instrument DROP DEFAULT")
        return
    made_by = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'result_node'"
    ).scalar_one()
    assert old in made_by, "the rule stands in the table's own text"
    _replace(connection, "result_node", made_by.replace(old, new).replace(" DEFAULT 'oit'", ""))


def _replace(connection: Connection, name: str, made_by: str) -> None:
    """Write a table anew from its text, with its rows, indexes and triggers. SQLite only."""
    hanging = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = ? AND sql IS NOT NULL",
        (name,),
    )
    again = [row[0] for row in hanging]
    head = re.compile(rf'^\s*CREATE TABLE "?{re.escape(name)}"?')
    connection.exec_driver_sql(head.sub(f'CREATE TABLE "new_{name}"', made_by))
    connection.exec_driver_sql(f'INSERT INTO "new_{name}" SELECT * FROM "{name}"')
    connection.exec_driver_sql(f'DROP TABLE "{name}"')
    connection.exec_driver_sql(f'ALTER TABLE "new_{name}" RENAME TO "{name}"')
    for statement in again:
        connection.exec_driver_sql(statement)


def _tables() -> None:
    _table(
        "round_text",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.UniqueConstraint("round_id", "key", name=op.f("uq_round_text_round_id_key")),
    )
    _table(
        "round_translation",
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("thing", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.UniqueConstraint(
            "round_id", "language", "thing", "code", "field",
            name=op.f("uq_round_translation_round_id_language_thing_code_field"),
        ),
    )  # fmt: skip
    _table(
        "year_link",
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        _kind("instrument", ("iit", "eit", "oit"), "instrumentkind"),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column("earlier_code", sa.String(length=8), nullable=True),
        _kind("likeness", ("same", "changed", "new", "dropped"), "likeness"),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(likeness IN ('same', 'changed') AND code IS NOT NULL AND earlier_code IS NOT NULL)"
            " OR (likeness = 'new' AND code IS NOT NULL AND earlier_code IS NULL)"
            " OR (likeness = 'dropped' AND code IS NULL AND earlier_code IS NOT NULL)",
            name=op.f("ck_year_link_names_what_it_says"),
        ),
        sa.ForeignKeyConstraint(
            ["earlier_id"], ["round.id"], name=op.f("fk_year_link_earlier_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "round_id", "earlier_id", "instrument", "code",
            name=op.f("uq_year_link_round_id_earlier_id_instrument_code"),
        ),
        sa.UniqueConstraint(
            "round_id", "earlier_id", "instrument", "earlier_code",
            name=op.f("uq_year_link_round_id_earlier_id_instrument_earlier_code"),
        ),
    )  # fmt: skip
    op.create_index("ix_year_link_earlier_id", "year_link", ["earlier_id"])
    _table(
        "year_mapping",
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=False),
        *_account("year_mapping"),
        sa.ForeignKeyConstraint(
            ["earlier_id"], ["round.id"], name=op.f("fk_year_mapping_earlier_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("round_id", "earlier_id", name=op.f("uq_year_mapping_round_id_earlier_id")),
    )
    op.create_index("ix_year_mapping_earlier_id", "year_mapping", ["earlier_id"])
    _table(
        "round_step",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        *_account("round_step"),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_round_step_round_id_number")),
    )


def _table(name: str, *columns: sa.Column | sa.Constraint) -> None:
    """A table of rows that go with their round."""
    op.create_table(
        name,
        sa.Column("round_id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f(f"fk_{name}_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{name}_round_id", name, ["round_id"])


def _kind(column: str, values: tuple[str, ...], name: str) -> sa.Column:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=False)


def _account(table: str) -> tuple[sa.Column, sa.Constraint]:
    return (
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id"), ondelete="SET NULL"
        ),
    )


def _walls() -> None:
    for table in (*PUBLIC, *COUNTRY):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO ita_system, " + ", ".join(EVERYBODY))
        for role in ("ita_system", "ita_country"):
            op.execute(f"GRANT {WRITE} ON {table} TO {role}")
            op.execute(
                f"CREATE POLICY {role}_all ON {table} FOR ALL TO {role} USING (true) WITH CHECK (true)"
            )
    for table in PUBLIC:
        for role in READERS:
            op.execute(f"GRANT SELECT ON {table} TO {role}")
            op.execute(f"CREATE POLICY {role}_select ON {table} FOR SELECT TO {role} USING (true)")
