"""Size classes of provinces read from a table: a row per province, or a list of agencies that says them.

All or nothing: a table with a wrong row changes no province.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.place import Province
from models.thai import arabic_digits
from portal.core.imports.errors import NoHeader
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Row, Table, read_table
from portal.register.file import NO_SIZE
from portal.register.sizes import IN_FILES, SIZES

#: columns and the names they may have; the first is the one that templates and messages use
COLUMNS: dict[str, tuple[str, ...]] = {
    "province_code": ("รหัสจังหวัด",),
    "province": ("จังหวัด", "province_th", "ชื่อจังหวัด"),
    "size": ("ขนาดจังหวัด", "province_size"),
}


@dataclass
class SizesRead:
    """What a table says: a size class by the id of its province, and the rows that cannot be used."""

    sizes: dict[int, str] = field(default_factory=dict)
    wrong: list[tuple[Row, Wrong]] = field(default_factory=list)


def read_sizes(content: bytes, name: str) -> Table:
    """Read an uploaded table. Raises UnreadableFile, also where it lacks the size or the province."""
    table = read_table(content, name, names=COLUMNS)
    if "size" not in table.columns or not {"province", "province_code"} & set(table.columns):
        shown = ", ".join((COLUMNS["province"][0], COLUMNS["size"][0]))
        raise NoHeader("No row names the columns. The first row must hold: %(columns)s", columns=shown)
    return table


def sizes_in(session: Session, table: Table) -> SizesRead:
    """What the rows say of the provinces that are known; one query. An empty size says nothing."""
    provinces = list(session.scalars(select(Province)))
    by_code, by_name = ({getattr(row, key): row for row in provinces} for key in ("code", "name"))
    found, said_in = SizesRead(), dict[int, int]()
    for row in table.rows:
        province = _province(row, by_code, by_name)
        word = row["size"].strip().casefold()
        if word in NO_SIZE:
            continue
        size = IN_FILES.get(word)
        if isinstance(province, Wrong):
            found.wrong.append((row, province))
        elif size is None:
            words = "“%(now)s” is no size: write one of %(allowed)s, or leave it empty"
            values = {"now": row["size"], "allowed": ", ".join(SIZES)}
            found.wrong.append((row, Wrong("size", words, values)))
        elif found.sizes.setdefault(province.id, size) != size:
            told = {"row": said_in[province.id], "size": found.sizes[province.id]}
            wrong = Wrong("size", "Row %(row)s says that this province is of size %(size)s", told)
            found.wrong.append((row, wrong))
        else:
            said_in.setdefault(province.id, row.number)
    return found


def _province(row: Row, by_code: Mapping[str, Province], by_name: Mapping[str, Province]) -> Province | Wrong:
    code, name = arabic_digits(row["province_code"]).strip(), row["province"].strip().removeprefix("จังหวัด")
    province = by_code.get(code) if code else by_name.get(name)
    if province is None:
        column = "province_code" if code else "province"
        return Wrong(column, "No province “%(now)s” is known", {"now": code or name})
    if name not in ("", province.name):
        values = {"code": province.code, "name": province.name, "now": name}
        return Wrong("province", "Province code %(code)s is %(name)s, not “%(now)s”", values)
    return province
