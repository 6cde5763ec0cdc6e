"""Fixtures and options that every test may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import DESKTOP, PHONE, chromium
from tests.support.network import keep_inside
from tests.support.postgres import Server, throw_away_server

#: Folders whose tests run on PostgreSQL too, whichever size of proof is asked for.
BOTH_ENGINES = ("tests/models/", "tests/access/", "tests/races/")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db",
        choices=("sqlite", "postgres", "both", "marked"),
        default="marked",
        help="engines of tests that use a database; marked: SQLite, and PostgreSQL where it is asked for",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses ``engine`` once for each engine chosen by ``--db``."""
    if "engine" not in metafunc.fixturenames:
        return
    engines = {
        "sqlite": ["sqlite"],
        "postgres": ["postgres"],
        "both": ["sqlite", "postgres"],
        "marked": ["sqlite", "postgres"] if _wants_both(metafunc) else ["sqlite"],
    }
    metafunc.parametrize("engine", engines[metafunc.config.getoption("--db")], scope="session")


def _wants_both(metafunc: pytest.Metafunc) -> bool:
    marked = metafunc.definition.get_closest_marker("postgres") is not None
    return marked or metafunc.definition.nodeid.startswith(BOTH_ENGINES)


@pytest.fixture(autouse=True)
def _inside_only(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_inside(monkeypatch)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The session's throw-away PostgreSQL, started when the first test asks for it."""
    with throw_away_server() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    with chromium() as running:
        yield running


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def browser_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """An empty page of a new visitor, at both widths."""
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="th-TH", timezone_id="Asia/Bangkok"
    )
    try:
        yield context.new_page()
    finally:
        context.close()
