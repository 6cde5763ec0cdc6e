"""Kinds and sizes of agencies are rows: what the CHECK of four columns said, foreign keys say.

SQLite would write a table anew for that, with everything that hangs on it: the words of the table are
changed where SQLite keeps them (https://sqlite.org/lang_altertable.html, the second procedure of section 7),
and no row is touched.

Revision ID: 0042_serves_0029
Revises: 0041_serves_0029
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from portal.core.database import additions

revision = "0042_serves_0029"
down_revision = "0041_serves_0029"
branch_labels = None
depends_on = None

KIND, SIZE = "agency_kind", "agency_size"
READERS = ("none", "province", "agency", "assessor")
#: tables whose columns hold a kind and a size, both
HOLDERS = ("agency", "participation")
#: by column: the rule that was, its codes, and the table that says them now
RULES = {
    "kind": ("agencykind", ("pao", "city", "town", "subdistrict", "sao", "special"), KIND),
    "size": ("agencysize", ("S", "M", "L"), SIZE),
}
KIND_COLUMNS = (
    "code", "name", "short", "head", "prefix", "aliases", "alone", "whole_province", "usual_from", "usual_to",
)  # fmt: skip
#: the usual headcounts are judged from the sizes of staff that the budget ceilings of each kind allow, with
#: room to both sides
KINDS: tuple[tuple[Any, ...], ...] = (
    ("pao", "องค์การบริหารส่วนจังหวัด", "อบจ.", "นายกองค์การบริหารส่วนจังหวัด", "", (), False, True, 50, 3000),
    ("city", "เทศบาลนคร", "ทน.", "นายกเทศมนตรีนคร", "", (), False, False, 150, 4000),
    ("town", "เทศบาลเมือง", "ทม.", "นายกเทศมนตรีเมือง", "", (), False, False, 40, 1500),
    (
        "subdistrict",
        "เทศบาลตำบล",
        "ทต.",
        "นายกเทศมนตรีตำบล",
        "",
        ("SUBDIST_MUN", "SUBDISTRICT"),
        False,
        False,
        15,
        500,
    ),
    ("sao", "องค์การบริหารส่วนตำบล", "อบต.", "นายกองค์การบริหารส่วนตำบล", "", ("TAO",), False, False, 10, 300),
    ("special", "เมืองพัทยา", "เมืองพัทยา", "นายกเมืองพัทยา", "เมือง", ("เมือง",), True, False, 150, 4000),
)
SIZES = (("S", "เล็ก"), ("M", "กลาง"), ("L", "ใหญ่"))


def upgrade() -> None:
    _tables()
    _rows()
    if op.get_bind().dialect.name != "postgresql":
        for table in HOLDERS:
            additions.said_anew(table, {_check(table, column): _key(table, column) for column in RULES})
        return
    _walls()
    for table in HOLDERS:
        for column, (rule, _codes, to) in RULES.items():
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS ck_{table}_{rule}")
            additions.add_key(f"fk_{table}_{column}", table, column, f"{to} (code)")


def downgrade() -> None:
    """Raises RuntimeError while agencies or rounds hold kinds or sizes of which a CHECK would know nothing."""
    bind = op.get_bind()
    for table in HOLDERS:
        for column, (_rule, codes, _to) in RULES.items():
            query = sa.text(f"SELECT count(*) FROM {table} WHERE {column} NOT IN :codes")  # noqa: S608 - ours
            count = bind.scalar(query.bindparams(sa.bindparam("codes", codes, expanding=True)))
            if count:
                raise RuntimeError(f"{count} rows of {table} are of a {column} that was added on screen")
    for table in HOLDERS:
        if bind.dialect.name != "postgresql":
            additions.said_anew(table, {_key(table, column): _check(table, column) for column in RULES})
            continue
        for column, (rule, codes, _to) in RULES.items():
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_{column}")
            additions.add_rule(f"ck_{table}_{rule}", table, [column], f"{column} IN {codes!r}")
    for table in (SIZE, KIND):
        op.drop_table(table)


def _tables() -> None:
    head = (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    )
    tail = (
        sa.Column("aliases", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("sector_id", sa.Integer(), server_default="1", nullable=False),
    )
    own: dict[str, tuple[sa.Column[Any], ...]] = {
        KIND: (
            sa.Column("code", sa.String(length=16), nullable=False),
            sa.Column("name", sa.String(length=80), nullable=False),
            sa.Column("short", sa.String(length=40), nullable=False),
            sa.Column("head", sa.String(length=120), nullable=False),
            sa.Column("prefix", sa.String(length=80), server_default="", nullable=False),
            sa.Column("alone", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("whole_province", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("usual_from", sa.Integer(), nullable=True),
            sa.Column("usual_to", sa.Integer(), nullable=True),
        ),
        SIZE: (
            sa.Column("code", sa.String(length=1), nullable=False),
            sa.Column("name", sa.String(length=40), nullable=False),
        ),
    }
    for table, columns in own.items():
        unique = [column.name for column in columns if column.name in ("code", "name", "short")]
        op.create_table(
            table,
            *(column._copy() for column in head),
            *columns,
            *(column._copy() for column in tail),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
            *(sa.UniqueConstraint(name, name=f"uq_{table}_{name}") for name in unique),
            sqlite_autoincrement=True,
            if_not_exists=True,
        )


def _rows() -> None:
    """What was known by name until now; a migration that was broken off finds its own rows."""
    kinds = sa.table(
        KIND, *map(sa.column, ("code", "name", "short", "head", "prefix", "aliases", "position")),
        sa.column("alone", sa.Boolean()), sa.column("whole_province", sa.Boolean()),
        sa.column("usual_from"), sa.column("usual_to"),
    )  # fmt: skip
    sizes = sa.table(SIZE, *map(sa.column, ("code", "name", "aliases", "position")))
    for table in (kinds, sizes):
        table.c.aliases.type = sa.JSON()
    bind = op.get_bind()
    if bind.scalar(sa.select(sa.func.count()).select_from(kinds)):
        return
    for place, kind in enumerate(KINDS, start=1):
        bind.execute(
            sa.insert(kinds).values(dict(zip(KIND_COLUMNS, kind, strict=True)) | {"position": place * 10})
        )
    for place, (code, name) in enumerate(SIZES, start=1):
        values = {"code": code, "name": name, "aliases": [], "position": place * 10}
        bind.execute(sa.insert(sizes).values(values))


def _check(table: str, column: str) -> str:
    rule, codes, _to = RULES[column]
    said = ", ".join(f"'{code}'" for code in codes)
    return f"CONSTRAINT ck_{table}_{rule} CHECK ({column} IN ({said}))"


def _key(table: str, column: str) -> str:
    return f"CONSTRAINT fk_{table}_{column} FOREIGN KEY({column}) REFERENCES {RULES[column][2]} (code)"


def _walls() -> None:
    """Whoever reads a list reads what its kinds are called; the country's offices write them."""
    for table in (KIND, SIZE):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO ita_system, ita_country")
        for role in ("ita_system", "ita_country"):
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}")
            op.execute(f"DROP POLICY IF EXISTS {role}_all ON {table}")
            op.execute(
                f"CREATE POLICY {role}_all ON {table} FOR ALL TO {role} USING (true) WITH CHECK (true)"
            )
        for role in READERS:
            op.execute(f"GRANT SELECT ON {table} TO ita_{role}")
            op.execute(f"DROP POLICY IF EXISTS ita_{role}_read ON {table}")
            op.execute(f"CREATE POLICY ita_{role}_read ON {table} FOR SELECT TO ita_{role} USING (true)")
