"""Migration 0007 brings what is stored into its normal form, and leaves what must stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from portal.core.database import migrate
from tests.support.postgres import Server

pytestmark = [pytest.mark.postgres, pytest.mark.long]
TYPED, NORMAL = "น\u0e4dาป\u200bาด", "นำปาด"
PROVINCE = "INSERT INTO province (id, code, name, name_en, region, sort_key)"
OLD = (
    f"{PROVINCE} VALUES (1, '53', '{TYPED}', '', '', 'x')",
    f"{PROVINCE} VALUES (2, '54', '{NORMAL}', '', '', 'x')",
    f"INSERT INTO district (id, code, name, sort_key, province_id) VALUES (1, '5304', '{TYPED}', 'x', 1)",
    "INSERT INTO agency (id, kind, name, full_name, district_id, province_id, sort_key, active)"
    f" VALUES (1, 'subdistrict', '{TYPED}', 'เทศบาลตำบล{TYPED}', 1, 1, 'x', true)",
    "INSERT INTO account (id, username, name, email, phone, password_hash, active)"
    f" VALUES (1, 'one', '{TYPED}', '', '', '{TYPED}', true)",
)


def test_stored_texts_become_normal_and_can_be_found(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if engine == "postgres":
        server: Server = request.getfixturevalue("postgres_server")
        server.create_database("old")
        url = server.url(server.owner, "old").render_as_string(hide_password=False)
    migrate.upgrade(url, "0006")
    with create_engine(url, poolclass=NullPool).begin() as connection:
        for statement in OLD:
            connection.execute(text(statement))
    migrate.upgrade(url)
    with create_engine(url, poolclass=NullPool).begin() as connection:
        agency = connection.execute(text("SELECT name, full_name, search_key FROM agency")).one()
        account = connection.execute(text("SELECT name, password_hash FROM account")).one()
        places = connection.execute(text("SELECT name, search_key FROM province ORDER BY id")).all()
        district = connection.execute(text("SELECT name, sort_key FROM district")).one()
    assert agency[:2] == (NORMAL, f"เทศบาลตำบล{NORMAL}") and f"|ทต{NORMAL}|" in agency.search_key
    assert account == (NORMAL, TYPED)
    assert district == (NORMAL, "นำปาด")
    # a name that would then stand twice keeps its form: nobody's row is lost, and it is found all the same
    assert [row.name for row in places] == [TYPED, NORMAL]
    assert all(f"|จ{NORMAL}|" in row.search_key for row in places)
    migrate.downgrade(url, "0006")
    if engine == "postgres":
        request.getfixturevalue("postgres_server").drop_database("old")
