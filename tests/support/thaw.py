"""Lifting the freeze of opened rounds in the database of one test."""

from __future__ import annotations

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

TRIGGERS = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'frozen%'",
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'frozen%'",
}


def thaw(owner_url: str) -> None:
    """Take the triggers away that keep what an opened round asks; ``owner_url``: of a test's own database."""
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        found = connection.execute(text(TRIGGERS[engine.dialect.name])).all()
        assert found, "nothing is frozen"
        for name, table in found:
            place = f" ON {table}" if engine.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER {name}{place}"))
