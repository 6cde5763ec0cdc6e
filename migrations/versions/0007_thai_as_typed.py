"""Texts in the one normal form of Thai; the forms of names in which agencies and places are looked for.

The record of changes stays as it was written, and so do passwords and what the vault has sealed.

Revision ID: 0007
Revises: 0006
"""

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import IntegrityError

from models.search import agency_key, district_key, province_key
from models.thai import normal_form, one_line, sort_key

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: the short forms of kinds, as they were known by name then
KIND_SHORT = {
    "pao": "อบจ.",
    "city": "ทน.",
    "town": "ทม.",
    "subdistrict": "ทต.",
    "sao": "อบต.",
    "special": "เมืองพัทยา",
}
#: length of each table's search key
KEYS = {"province": 400, "district": 400, "agency": 800, "participation": 1600}
#: texts of one line that people typed or imported, by table; the tables with names that sort come first
NAMES: dict[str, tuple[str, ...]] = {
    "province": ("name", "name_en", "region"),
    "district": ("name",),
    "agency": ("name", "full_name"),
    "participation": ("name", "full_name", "district_name", "province_name"),
    "account": ("name", "username", "email", "phone"),
    "assessor_body": ("name",),
    "round": ("name",),
    "roster_group": ("name",),
    "instrument": ("name",),
    "indicator": ("name",),
    "choice": ("label",),
    "oit_item": ("title",),
    "disclosure_link": ("url",),
}
TEXTS: dict[str, tuple[str, ...]] = {
    "participation": ("return_reason",),
    "question": ("text", "note"),
    "sub_item": ("text",),
    "oit_item": ("criterion",),
    "disclosure_answer": ("explanation", "review_reason", "score_note"),
    "roster_judgement": ("note",),
}
SORTED = ("province", "district", "agency", "participation")


def upgrade() -> None:
    # added without rebuilding the tables: their triggers and numbering stay
    for table, length in KEYS.items():
        op.add_column(
            table, sa.Column("search_key", sa.String(length=length), nullable=False, server_default="")
        )
    connection = op.get_bind()
    for table, columns in NAMES.items():
        _mend(connection, table, columns, one_line)
    for table, columns in TEXTS.items():
        _mend(connection, table, columns, normal_form)
    _write_keys(connection)


def downgrade() -> None:
    for table in KEYS:
        op.drop_column(table, "search_key")


def _mend(connection: sa.Connection, table: str, columns: tuple[str, ...], form: Any) -> None:
    """Write each text in its normal form; a name that would then stand twice keeps its old form."""
    read = sa.table(table, sa.column("id"), *(sa.column(name) for name in columns))
    for row in connection.execute(sa.select(read)).all():
        wanted = {name: form(getattr(row, name) or "") for name in columns}
        changed = {name: text for name, text in wanted.items() if text != (getattr(row, name) or "")}
        if not changed:
            continue
        try:
            with connection.begin_nested():
                connection.execute(sa.update(read).where(read.c.id == row.id).values(changed))
        except IntegrityError:
            continue


def _write_keys(connection: sa.Connection) -> None:
    names = ("id", "code", "name", "name_en", "kind", "full_name", "sort_key", "search_key",
             "district_name", "province_name", "district_id", "province_id")  # fmt: skip
    tables = {name: sa.table(name, *map(sa.column, names)) for name in SORTED}
    province, district, agency, participation = (tables[name].c for name in SORTED)
    rows = connection.execute(sa.select(province.id, province.code, province.name, province.name_en)).all()
    provinces = {row.id: province_key(row.name, row.code, row.name_en) for row in rows}
    _store(connection, tables["province"], ((row.id, row.name, provinces[row.id]) for row in rows))
    rows = connection.execute(sa.select(district.id, district.code, district.name)).all()
    districts = {row.id: district_key(row.name, row.code) for row in rows}
    _store(connection, tables["district"], ((row.id, row.name, districts[row.id]) for row in rows))
    rows = connection.execute(
        sa.select(agency.id, agency.kind, agency.name, agency.full_name, agency.code)
    ).all()
    _store(connection, tables["agency"], ((row.id, row.name, _key(row)) for row in rows))
    rows = connection.execute(
        sa.select(
            participation.id, participation.kind, participation.name, participation.full_name,
            participation.code, participation.district_id, participation.province_id,
        )
    ).all()  # fmt: skip
    _store(
        connection,
        tables["participation"],
        (
            (row.id, row.name, _key(row) + districts[row.district_id] + provinces[row.province_id])
            for row in rows
        ),
    )


def _key(row: Any) -> str:
    return agency_key(KIND_SHORT[row.kind], row.name, row.full_name, row.code)


def _store(connection: sa.Connection, table: Any, rows: Iterable[tuple[int, str, str]]) -> None:
    statement = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("key"))
        .values(sort_key=sa.bindparam("sort"), search_key=sa.bindparam("search"))
    )
    values = list(_values(rows))
    if values:
        connection.execute(statement, values)


def _values(rows: Iterable[tuple[int, str, str]]) -> Iterator[dict[str, Any]]:
    for key, name, search in rows:
        yield {"key": key, "sort": sort_key(name), "search": search}
