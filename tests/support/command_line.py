"""A command line of ``run.py``, typed in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO

import pytest

import run
from config import Settings
from portal.core.database.session import db
from portal.core.web import Portal

#: ``command("open-boxes", "--round", 1)``
Command = Callable[..., "Told"]


@dataclass(frozen=True)
class Told:
    """How a command ended, and what it said on both channels."""

    code: int
    out: str
    err: str


def type_in(*words: object) -> Told:
    """Run a command in the environment as it is now."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        try:
            code = run.main([str(word) for word in words])
        except SystemExit as ended:  # argparse refuses this way
            code = int(str(ended.code))
    return Told(code, out.getvalue(), err.getvalue())


@contextmanager
def apps_of_commands(patch: pytest.MonkeyPatch) -> Iterator[list[Portal]]:
    """The applications that commands make meanwhile: a process would let go of them by ending."""
    made: list[Portal] = []
    really = run.create_app

    def create_app(settings: Settings | None = None) -> Portal:
        made.append(really(settings))
        return made[-1]

    patch.setattr(run, "create_app", create_app)
    yield made
    for app in made:
        let_go(app)


def let_go(app: Portal) -> None:
    """End an application's connections."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
