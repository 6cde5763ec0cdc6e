"""A portal whose backups go to a folder of the test, and empty places to put them back into."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from config import Backups, Settings
from portal.backup import holders_key
from portal.ballot.keys import public_key_of
from portal.core.web import Portal
from portal.tools.attack.engines import tools_folder
from tests.conftest import settings_for
from tests.support.postgres import Server

_numbers = itertools.count(1)
#: gives the settings of a portal with nothing in it
Elsewhere = Callable[[], Settings]


@pytest.fixture
def key_file(app: Portal, tmp_path: Path) -> Path:
    """The private key of backups, with its holder."""
    file = tmp_path / "key-of-its-holder"
    holders_key.make(app.settings, file)
    return file


@pytest.fixture
def key(key_file: Path) -> bytes:
    return holders_key.read(key_file)


@pytest.fixture
def settings(app: Portal, tmp_path: Path, key: bytes) -> Settings:
    """The test's portal, with backups."""
    backups = Backups(tmp_path / "backups", public_key_of(key).hex(), pg_bin=tools_folder())
    return replace(app.settings, backups=backups)


@pytest.fixture
def elsewhere(
    engine: str, settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Elsewhere]:
    """Another folder, and on PostgreSQL another database."""
    made: list[str] = []
    server: Server | None = request.getfixturevalue("postgres_server") if engine == "postgres" else None

    def make_one() -> Settings:
        number = next(_numbers)
        folder = tmp_path / f"elsewhere{number}"
        folder.mkdir()
        url = owner_url = f"sqlite:///{folder / 'portal.db'}"
        if server is not None:
            made.append(f"elsewhere{number}_{server.owner}")
            server.create_database(made[-1])
            url, owner_url = (
                server.url(role, made[-1]).render_as_string(hide_password=False)
                for role in (server.application, server.owner)
            )
        return replace(settings_for(url, owner_url, folder), backups=settings.backups)

    yield make_one
    for name in made:
        assert server is not None
        server.drop_database(name)
