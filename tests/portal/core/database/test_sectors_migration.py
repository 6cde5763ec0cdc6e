"""Migration 0043: all that is there is of the first sector; begun again, and taken back from one sector."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from portal.core.database import migrate
from tests.support.old_databases import database_before

pytestmark = [pytest.mark.postgres, pytest.mark.long]
BEFORE = "0042_serves_0029"
PERSON = (
    "INSERT INTO account (username, folded_username, search_key, name, position, email, phone, active,"
    " version, browsers_forgotten) VALUES ('{name}', '{name}', '', '', '', '', '', true, 1, 0)"
)
RIGHT = (
    'INSERT INTO "grant" (account_id, role, valid_from, capacity, order_number)'
    " SELECT id, '{role}', '2018-01-01 00:00:00+00:00', 'holder', '' FROM account WHERE username = '{name}'"
)


@pytest.fixture
def old(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of the migration before, with an officer of each office of the country."""
    with database_before(BEFORE, engine, tmp_path, request) as url:
        told(
            url, *(line.format(name=role, role=role) for role in ("nacc", "dla") for line in (PERSON, RIGHT))
        )
        yield url


def told(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Run statements as the owner; the rows of the last."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            found = connection.execute(text(statement))
        return [tuple(row) for row in found] if found.returns_rows else []


def test_what_is_there_is_of_the_first_sector_and_the_nacc_of_none(old: str) -> None:
    migrate.upgrade(old)
    assert told(old, "SELECT username, sector_id FROM account ORDER BY username") == [
        ("dla", 1),
        ("nacc", None),
    ]
    assert told(old, "SELECT id, short FROM sector") == [(1, "อปท.")]


@pytest.mark.only("postgres")
def test_it_may_be_begun_again(old: str) -> None:
    migrate.upgrade(old)
    told(old, f"UPDATE alembic_version SET version_num = '{BEFORE}'")
    migrate.upgrade(old)
    assert migrate.differences(old) == []


def test_it_goes_back_while_there_is_one_sector(old: str) -> None:
    migrate.upgrade(old)
    migrate.downgrade(old, BEFORE)
    migrate.upgrade(old)
    assert migrate.differences(old) == []
    told(
        old,
        "INSERT INTO sector (name, short, office, province_office, version) VALUES ('x', 'x', 'x', 'x', 1)",
    )
    with pytest.raises(RuntimeError, match="several sectors"):
        migrate.downgrade(old, BEFORE)
