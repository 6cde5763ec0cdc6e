"""Command lines typed in this process, over the test's own database and keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

import run
from config import Settings
from portal.core.web import Portal
from tests.support.serving import environment_of

#: ``command("open-boxes", "--round", 1)``
Command = Callable[..., "Told"]


@dataclass(frozen=True)
class Told:
    """How a command ended, and what it said on both channels."""

    code: int
    out: str
    err: str


@pytest.fixture
def prompt(capsys: pytest.CaptureFixture[str]) -> Command:
    """What types a command line in the environment that the test has set."""

    def type_it(*words: object) -> Told:
        capsys.readouterr()
        try:
            code = run.main([str(word) for word in words])
        except SystemExit as ended:  # argparse refuses this way
            code = int(str(ended.code))
        told = capsys.readouterr()
        return Told(code, told.out, told.err)

    return type_it


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
