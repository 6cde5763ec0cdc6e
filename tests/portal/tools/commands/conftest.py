"""Command lines typed in this process, over the test's own database and keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import run
from config import Settings
from portal.core.web import Portal
from tests.support.command_line import Command, apps_of_commands, type_in
from tests.support.serving import environment_of


@pytest.fixture
def prompt(monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """What types a command line in the environment that the test has set."""
    with apps_of_commands(monkeypatch):
        yield type_in


@pytest.fixture
def command(app: Portal, prompt: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """What types a command line for the test's application, which is not made again each time."""

    def made(settings: Settings) -> Portal:
        assert (settings.database_url, settings.key_dir) == (app.settings.database_url, app.settings.key_dir)
        return app

    for name, value in environment_of(app.settings, 8000).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(run, "create_app", made)
    return prompt
