"""Provinces, districts and the demonstration register, from the files of portal/content/registry."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, select, update
from sqlalchemy.orm import Session

from models.place import District, Province
from models.search import district_key, province_key
from models.sector import USUAL_SECTOR
from models.thai import sort_key
from portal.core import audit
from portal.register.file import read_agencies
from portal.register.importing import apply_registry
from portal.register.plan import RegistryPlan

FOLDER = Path(__file__).parents[1] / "content" / "registry"


def load_places(session: Session) -> tuple[int, int]:
    """Make or mend the provinces and districts of the first sector, by their codes.

    Gives how many rows were written of each.

    Needs a privileged session. A second call writes nothing.
    """
    provinces = _write(
        session,
        Province,
        (
            {
                "code": row["code"],
                "name": row["name_th"],
                "name_en": row["name_en"],
                "region": row["region"],
                "search_key": province_key(row["name_th"], row["code"], row["name_en"]),
            }
            for row in _read("provinces.csv")
        ),
        Province.sector_id == USUAL_SECTOR,
    )
    first = select(Province.code, Province.id).where(Province.sector_id == USUAL_SECTOR)
    ids = dict(session.execute(first).all())
    districts = _write(
        session,
        District,
        (
            {
                "code": row["code"],
                "name": row["name_th"],
                "province_id": ids[row["province_code"]],
                "search_key": district_key(row["name_th"], row["code"]),
            }
            for row in _read("districts.csv")
        ),
        District.province_id.in_(ids.values()),
    )
    if provinces or districts:
        audit.record(
            session,
            act="places.load",
            thing="province",
            after={"provinces": provinces, "districts": districts},
        )
    return provinces, districts


def load_demo_agencies(session: Session) -> RegistryPlan:
    """Import the demonstration register as any register is imported; places must be loaded.

    Needs a privileged session.
    """
    file = FOLDER / "agencies.csv"
    return apply_registry(session, read_agencies(file.read_bytes(), file.name))


def _read(name: str) -> Iterable[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _write(
    session: Session, model: type[Any], rows: Iterable[dict[str, Any]], first: ColumnElement[bool]
) -> int:
    """Insert what is missing and update what differs among the rows of the first sector; gives how many."""
    prepared = [{**row, "sort_key": sort_key(row["name"])} for row in rows]
    fields = tuple(prepared[0])
    columns = [getattr(model, name) for name in fields]
    found = session.execute(select(model.id, *columns).where(first)).all()
    held = {row.code: (row[0], tuple(row[1:])) for row in found}
    new = [row for row in prepared if row["code"] not in held]
    changed = [row for row in prepared if row["code"] in held and held[row["code"]][1] != tuple(row.values())]
    connection = session.connection()
    if new:
        connection.execute(insert(model), new)
    if changed:
        statement = (
            update(model)
            .where(model.__table__.c.id == bindparam("key"))
            .values({name: bindparam(f"new_{name}") for name in fields})
        )
        connection.execute(
            statement,
            [
                {"key": held[row["code"]][0], **{f"new_{name}": value for name, value in row.items()}}
                for row in changed
            ],
        )
    return len(new) + len(changed)
