"""Many agencies written at once, with what is derived from their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from models.agency import Agency
from models.place import Province
from models.search import agency_key
from models.thai import sort_key
from portal.register.plan import FIELDS


def one_after_the_other(session: Session) -> None:
    """Wait for another import: a plan is made from what the one before has written."""
    session.execute(select(Province.id).order_by(Province.id).with_for_update(key_share=True)).all()


def add(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert agencies, in use; each row has the values of ``FIELDS``."""
    values = [{**row, **_derived(row), "active": True} for row in rows]
    if values:
        session.connection().execute(insert(Agency), values)


def rewrite(session: Session, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Give agencies, by their ids, all the values of ``FIELDS``."""
    statement = (
        update(Agency)
        .where(Agency.__table__.c.id == bindparam("key"))
        .values({name: bindparam(f"new_{name}") for name in (*FIELDS, "sort_key", "search_key")})
        .values(version=Agency.__table__.c.version + 1)
    )
    values = [
        {"key": key, **{f"new_{name}": value for name, value in {**row, **_derived(row)}.items()}}
        for key, row in rows
    ]
    if values:
        session.connection().execute(statement, values)


def _derived(values: Mapping[str, Any]) -> dict[str, str]:
    search = agency_key(values["kind"].short, values["name"], values["full_name"], values["code"])
    return {"sort_key": sort_key(values["name"]), "search_key": search}
