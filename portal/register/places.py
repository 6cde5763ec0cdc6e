"""Provinces, districts and the demonstration register, from the files of portal/content/registry."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from models.place import District, Province
from models.search import district_key, province_key
from models.thai import sort_key
from portal.core import audit
from portal.register.file import read_agencies
from portal.register.importing import apply_registry
from portal.register.plan import RegistryPlan

FOLDER = Path(__file__).parents[1] / "content" / "registry"


def load_places(session: Session) -> tuple[int, int]:
    """Make or mend the provinces and districts, by their codes; gives how many rows were written of each.

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
    )
    ids = dict(session.execute(select(Province.code, Province.id)).all())
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


def _write(session: Session, model: type[Any], rows: Iterable[dict[str, Any]]) -> int:
    """Insert what is missing and update what differs; gives the number of rows written."""
    prepared = [{**row, "sort_key": sort_key(row["name"])} for row in rows]
    fields = tuple(prepared[0])
    columns = [getattr(model, name) for name in fields]
    held = {row.code: tuple(row) for row in session.execute(select(*columns))}
    new = [row for row in prepared if row["code"] not in held]
    changed = [row for row in prepared if row["code"] in held and held[row["code"]] != tuple(row.values())]
    connection = session.connection()
    if new:
        connection.execute(insert(model), new)
    if changed:
        statement = (
            update(model)
            .where(model.__table__.c.code == bindparam("key"))
            .values({name: bindparam(f"new_{name}") for name in fields})
        )
        connection.execute(
            statement,
            [
                {"key": row["code"], **{f"new_{name}": value for name, value in row.items()}}
                for row in changed
            ],
        )
    return len(new) + len(changed)
