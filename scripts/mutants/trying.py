"""Trying mutants: a process that has everything ready is forked for each of them.

A fault in functions or tables is tried in a fork of a pytest session that has run every test once. Any other
(a default, a decorator), and one in a table that no test noticed so, is tried in a fork that has imported
other people's packages only; it reads the module's text from here instead of from the disk. No file of the
working tree is ever changed.
"""

from __future__ import annotations

import importlib
import os
import resource
import signal
import time
from collections.abc import Callable, Iterable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

import coverage
import hypothesis
import pytest
from _pytest.runner import runtestprotocol

from scripts.mutants.making import Mutant
from scripts.mutants.swapping import (
    Functions,
    Tables,
    changed_functions,
    changed_tables,
    functions_of,
    lines_of,
)

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
Change = Functions | Tables
Told = Callable[[Mutant, str], None]


class Trouble(Exception):
    """The tests do not pass without any fault, so nothing can be learnt from them."""


def forked(act: Callable[[], int], seconds: float) -> int:
    """What an act in a process of its own ends with; 124 where it took too long."""
    child = os.fork()
    if child == 0:
        os.setsid()
        # an endless loop ends also where nobody waits for it any more
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
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
    """The pytest session that runs every test once, then tries mutants in forks of itself."""

    def __init__(self, mutants: Iterable[tuple[Mutant, Change]], tell: Told) -> None:
        self.mutants = list(mutants)
        self.tell = tell
        self.paths = {change.path for _mutant, change in self.mutants}
        self.ran: dict[tuple[str, int], list[pytest.Item]] = {}
        self.took: dict[pytest.Item, float] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try a fault in functions by the tests that enter them, one in a table by all; quick ones first."""
        self._watch(session)
        for path in self.paths:
            functions_of(path)  # found once, for all forks
        for mutant, change in self.mutants:
            tests = sorted(self._tests_of(change), key=lambda item: self.took[item])

            def act(change: Change = change, tests: list[pytest.Item] = tests) -> int:
                change.take_place()
                return int(any(_failed(item, session) for item in tests))

            seconds = PATIENCE * sum(self.took[item] for item in tests) + GRACE
            self.tell(mutant, outcome_of(forked(act, seconds)) if tests else "unreached")
        return True

    def _tests_of(self, change: Change) -> Iterable[pytest.Item]:
        if isinstance(change, Tables):
            return self.took
        lines = {line for code in change.codes.values() for line in lines_of(code)}
        return {item for line in lines for item in self.ran.get((change.path, line), ())}

    def _watch(self, session: pytest.Session) -> None:
        """Run every test once: how long it takes, and which lines of the modules it runs."""
        measured = coverage.Coverage(data_file=None, config_file=False, include=sorted(self.paths))
        measured.start()
        for number, item in enumerate(session.items):
            measured.switch_context(str(number))
            began = time.monotonic()
            if _failed(item, session):
                raise Trouble(item.nodeid)
            self.took[item] = time.monotonic() - began
        measured.stop()
        for path in self.paths:
            for line, numbers in measured.get_data().contexts_by_lineno(path).items():
                self.ran[path, line] = [session.items[int(number)] for number in numbers if number]


def _failed(item: pytest.Item, session: pytest.Session) -> bool:
    """Run one test; what belongs to the session stays ready for the next."""
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=session))  # type: ignore[arg-type]


def try_ready(mutants: Iterable[tuple[Mutant, Change]], tests: list[str], tell: Told) -> int:
    """Try faults in a session where everything is ready; 0 where all could be tried."""
    return int(pytest.main([*ARGUMENTS, *tests], plugins=[Quick(), Trial(mutants, tell)]))


def try_imported(mutants: Iterable[Mutant], tests: list[str], tell: Told) -> None:
    """Try faults in what runs at import, each in a session of its own."""
    mutants = list(mutants)
    if not mutants:
        return
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
    """The nearest tests first, by themselves: they find most faults, and need not wait for the others."""
    for part in (tests[:1], tests[1:]):
        code = int(pytest.main([*ARGUMENTS, *part], plugins=[Quick()])) if part else 0
        if code not in (0, 5):  # 5: none of these tests is for this run
            return code
    return 0


def read_instead(mutant: Mutant) -> None:
    """Let the import of one module take the mutant's text."""
    path, real = os.path.abspath(mutant.path), SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, name: str) -> CodeType | None:
        if self.path == path:
            return compile(mutant.text, path, "exec", dont_inherit=True)
        return real(self, name)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]


def change_of(mutant: Mutant) -> Change | None:
    """What of the mutant can take its place in a process that runs; None where it has to be imported."""
    texts = Path(mutant.path).read_text(), mutant.text
    path = os.path.abspath(mutant.path)
    return changed_functions(*texts, path) or changed_tables(*texts, path)
