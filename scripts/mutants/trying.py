"""Trying mutants: a process that has everything ready is forked for each of them.

A fault inside functions is tried in a fork of a pytest session that has run every test once, by those tests
that entered the function. A fault in what runs at import (a table, a default) is tried in a fork that has
imported other people's packages only; it reads the module's text from here instead of from the disk. No file
of the working tree is ever changed.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

from scripts.mutants.making import Mutant
from scripts.mutants.swapping import changed_functions, functions_of, swap

#: a fault may make a loop endless: it is found after so many times the time of its tests, and some seconds
PATIENCE, GRACE = 10, 20.0
ARGUMENTS = (
    "-q",
    "-x",
    "-p",
    "no:randomly",
    "-p",
    "no:cacheprovider",
    "--db=sqlite",
    "-m",
    "not proof and not browser",
    "-W",
    "ignore:Module already imported:pytest.PytestAssertRewriteWarning",
)
#: what takes long to import and is not ours
HEAVY = (
    "flask_admin",
    "flask_babel",
    "flask_sqlalchemy",
    "hypothesis",
    "openpyxl",
    "playwright.sync_api",
    "psycopg",
    "sqlalchemy.orm",
    "weasyprint",
    "xlsxwriter",
)
Told = Callable[[Mutant, str], None]


class Trouble(Exception):
    """The tests do not pass without any fault, so nothing can be learnt from them."""


def forked(act: Callable[[], int], seconds: float) -> int:
    """What an act in a process of its own ends with; 124 where it took too long."""
    child = os.fork()
    if child == 0:
        os.setsid()
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        try:
            os._exit(act())
        except BaseException:
            os._exit(1)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 124


def outcome_of(code: int) -> str:
    """The word for how the tests ended."""
    return {0: "survived", 124: "endless"}.get(code, "killed")


class Quick:
    """SQLite only; Hypothesis looks for an example that fails, and does not make it smaller."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what would start a PostgreSQL for every mutant."""
        items[:] = [item for item in items if "[postgres" not in item.name]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Before the tests are imported, after their conftest chose a profile."""
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.reuse, hypothesis.Phase.generate)
        hypothesis.settings.register_profile("mutants", deadline=None, phases=phases, derandomize=True)
        hypothesis.settings.load_profile("mutants")


class Trial:
    """The pytest session that tries mutants of functions."""

    def __init__(self, mutants: Iterable[tuple[Mutant, dict[str, CodeType]]], tell: Told) -> None:
        self.mutants = list(mutants)
        self.tell = tell
        self.entered: dict[tuple[str, str], list[pytest.Item]] = {}
        self.took: dict[pytest.Item, float] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every test once, then each mutant by the tests that enter what it changed."""
        paths = {os.path.abspath(mutant.path) for mutant, _changed in self.mutants}
        for item in session.items:
            self._watch(item, session, paths)
        functions = {path: functions_of(path) for path in paths}
        for mutant, changed in self.mutants:
            path = os.path.abspath(mutant.path)
            tests = {item for name in changed for item in self.entered.get((path, name), ())}
            quick_first = sorted(tests, key=lambda item: self.took[item])
            seconds = PATIENCE * sum(self.took[item] for item in tests) + GRACE

            def act(there: Any = functions[path], new: Any = changed, tests: Any = quick_first) -> int:
                swap(there, new)
                return int(any(_failed(item, session) for item in tests))

            self.tell(mutant, outcome_of(forked(act, seconds)) if tests else "unreached")
        return True

    def _watch(self, item: pytest.Item, session: pytest.Session, paths: set[str]) -> None:
        seen: set[tuple[str, str]] = set()

        def look(frame: FrameType, event: str, _argument: object) -> None:
            code = frame.f_code
            if event == "call" and code.co_filename in paths:
                seen.add((code.co_filename, code.co_qualname.split(".<locals>")[0]))

        began = time.monotonic()
        sys.setprofile(look)
        try:
            if _failed(item, session):
                raise Trouble(item.nodeid)
        finally:
            sys.setprofile(None)
        self.took[item] = time.monotonic() - began
        for place in seen:
            self.entered.setdefault(place, []).append(item)


def _failed(item: pytest.Item, session: pytest.Session) -> bool:
    """Run one test; what belongs to the session stays ready for the next."""
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=session))  # type: ignore[arg-type]


def try_functions(mutants: Iterable[tuple[Mutant, dict[str, CodeType]]], tests: list[str], tell: Told) -> int:
    """Try faults inside functions, in a session of their own; 0 where all could be tried."""
    return int(pytest.main([*ARGUMENTS, *tests], plugins=[Quick(), Trial(mutants, tell)]))


def try_imported(mutants: Iterable[Mutant], tests: list[str], tell: Told) -> None:
    """Try faults in what runs at import, each in a session of its own."""
    for name in HEAVY:
        importlib.import_module(name)
    began = time.monotonic()
    if forked(lambda: _session(tests), 3600) != 0:
        raise Trouble(" ".join(tests))
    seconds = PATIENCE * (time.monotonic() - began) + GRACE
    for mutant in mutants:

        def act(mutant: Mutant = mutant) -> int:
            read_instead(mutant)
            return _session(tests)

        tell(mutant, outcome_of(forked(act, seconds)))


def _session(tests: list[str]) -> int:
    return int(pytest.main([*ARGUMENTS, *tests], plugins=[Quick()]))


def read_instead(mutant: Mutant) -> None:
    """Let the import of one module take the mutant's text."""
    path, real = os.path.abspath(mutant.path), SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, name: str) -> CodeType | None:
        if self.path == path:
            return compile(mutant.text, path, "exec", dont_inherit=True)
        return real(self, name)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]


def parted(mutants: Iterable[Mutant]) -> tuple[list[tuple[Mutant, dict[str, CodeType]]], list[Mutant]]:
    """Mutants that change functions only, and the others."""
    inside, imported = [], []
    for mutant in mutants:
        changed = changed_functions(Path(mutant.path).read_text(), mutant.text, os.path.abspath(mutant.path))
        if changed is None:
            imported.append(mutant)
        else:
            inside.append((mutant, changed))
    return inside, imported
