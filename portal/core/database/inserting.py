"""INSERT that says what becomes of a row that is there already: both databases can, each by its own words."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_into(session: Session, table: Any) -> Any:
    """An INSERT into a table or a mapped class; it takes ``on_conflict_do_nothing`` and ``…_do_update``."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
