"""An application over a PostgreSQL that can be switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.core.database import migrate
from portal.core.web import Portal
from run import create_app
from tests.conftest import settings_for
from tests.support import world as worlds
from tests.support.command_line import let_go
from tests.support.postgres import Power, stoppable_server


@dataclass(frozen=True)
class Fallible:
    """The application, its world, and the switch of its database."""

    app: Portal
    world: worlds.World
    power: Power


@pytest.fixture
def fallible(tmp_path: Path, clock: Callable[[object], None]) -> Iterator[Fallible]:
    """A world of its own on a server of its own."""
    with stoppable_server() as (server, power):
        server.create_database("fallible")
        urls = [
            server.url(role, "fallible").render_as_string(hide_password=False)
            for role in (server.application, server.owner)
        ]
        migrate.upgrade(urls[1])
        app = create_app(settings_for(urls[0], urls[1], tmp_path / "instance"))
        yield Fallible(app, worlds.build(app), power)
        let_go(app)
        power.on()
        server.drop_database("fallible")
