"""Fixtures and options that every test may use."""

from __future__ import annotations

import gc
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Dialect, event, make_url

from config import Settings
from portal.core import imports as _before_openpyxl  # noqa: F401 -- it says by which parser openpyxl reads
from portal.core.database import migrate
from portal.core.database.session import db
from portal.core.web import Portal
from run import create_app
from survey_forms import context as survey_context
from tests.factories.base import Make, maker
from tests.support import kinds as known_kinds
from tests.support import world as worlds
from tests.support.browser import DESKTOP, PHONE, chromium
from tests.support.client import PortalClient, client_of
from tests.support.command_line import let_go
from tests.support.connections import all_closed
from tests.support.databases import Database, PostgresTemplate, SqliteTemplate
from tests.support.event_loops import outside_any_loop
from tests.support.memory_disk import fast_folder
from tests.support.network import keep_inside
from tests.support.order import long_first
from tests.support.postgres import Server, throw_away_server
from tests.support.presses import slips_printed_here
from tests.support.thaw import thaw

# tests are collected with kinds by name, long before there is a database
known_kinds.learn()
# how long an example takes says something about the machine, not about the code
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.register_profile("quick", deadline=None, max_examples=25)

#: Folders whose tests run on PostgreSQL too, whichever size of proof is asked for.
BOTH_ENGINES = ("tests/models/", "tests/access/", "tests/races/")
#: Where the mark ``postgres`` counts in the quick run, of ten minutes; elsewhere it does in `make proof`.
MARKED_ENGINES = (
    "tests/portal/ballot/",
    "tests/portal/core/",
    "tests/portal/results/",
    "tests/portal/status/",
    "tests/support/",
    "tests/attacks/",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db",
        choices=("sqlite", "postgres", "both", "marked", "rest"),
        default="marked",
        help="engines of tests that use a database; marked: SQLite, and PostgreSQL where it is asked for; "
        "rest: what `make proof` has and `make test` has not",
    )


def pytest_configure(config: pytest.Config) -> None:
    """A quarter of the usual examples in the quick run; `make cover` and `make proof` have all."""
    hypothesis.settings.load_profile("quick" if config.getoption("--db") == "marked" else "portal")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses ``engine`` once for each engine chosen by ``--db``, or on its only one."""
    if "engine" not in metafunc.fixturenames:
        return
    only = metafunc.definition.get_closest_marker("only")
    engines = {
        "sqlite": ["sqlite"],
        "postgres": ["postgres"],
        "both": ["sqlite", "postgres"],
        "marked": ["sqlite", "postgres"] if _wants_both(metafunc.definition) else ["sqlite"],
        "rest": ["sqlite", "postgres"],
    }
    chosen = engines[metafunc.config.getoption("--db")] if only is None else list(only.args)
    metafunc.parametrize("engine", chosen, scope="session")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Tests in a browser are long, but for those that say they belong to the quick run nevertheless."""
    if item.get_closest_marker("browser") is not None and item.get_closest_marker("quick") is None:
        item.add_marker("long")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of ``--db=rest`` what the quick run has; long tests begin first."""
    if config.getoption("--db") == "rest":
        config.hook.pytest_deselected(items=[item for item in items if _is_quick(item)])
        items[:] = [item for item in items if not _is_quick(item)]
    if workers := getattr(config, "workerinput", {}).get("workercount"):
        items[:] = long_first(items, workers, _is_long, _engine_of)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin no test after ``LAST_TEST_BEGINS`` (seconds of the epoch); their names go into ``NOT_BEGUN``."""
    last = os.environ.get("LAST_TEST_BEGINS")
    if last is not None and time.time() > float(last):
        with Path(os.environ["NOT_BEGUN"]).open("a") as names:
            names.write(f"{item.nodeid}\n")
        pytest.skip("no time is left for it")


def pytest_collection_finish() -> None:
    """Let the collector pass over what stays to the end: the modules and ten thousand tests."""
    gc.collect()
    gc.freeze()


def _is_quick(item: pytest.Item) -> bool:
    """True for a test on an engine that `make test` runs, or whose whole ``--db=rest`` runs on PostgreSQL."""
    if _engine_of(item) == "sqlite" and item.get_closest_marker("once") is not None:
        return True
    if _is_long(item):
        return False
    only_here = _engine_of(item) != "postgres" or item.get_closest_marker("only") is not None
    return only_here or _wants_both(item)


def _is_long(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) is not None for name in ("proof", "long"))


def _engine_of(item: pytest.Item) -> str:
    """The engine of a test; "" for one that uses none."""
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("engine", "")) if callspec is not None else ""


def _wants_both(node: pytest.Item) -> bool:
    marked = node.get_closest_marker("postgres") is not None
    return node.nodeid.startswith(BOTH_ENGINES) or (marked and node.nodeid.startswith(MARKED_ENGINES))


@pytest.fixture(autouse=True)
def _inside_only(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_inside(monkeypatch)


@pytest.fixture(autouse=True)
def _nothing_left_open() -> Iterator[None]:
    with all_closed():
        yield


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


@pytest.fixture
def no_loop_here() -> Iterator[None]:
    """For tests of pyHanko, which has a process of its own in the product."""
    with outside_any_loop():
        yield


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


# -- the application over a copy of the small world -----------------------------------------------------


@dataclass(frozen=True)
class Seed:
    """A migrated and seeded database to copy, the keys that belong to it, what is in it, and who made it.

    The application is lent to each test: making one, and its templates, costs more than most tests.
    """

    template: SqliteTemplate | PostgresTemplate
    instance: Path
    world: worlds.World
    app: Portal


@pytest.fixture(scope="session")
def seed(
    engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Seed]:
    """One seeded database per engine, made by the migrations."""
    instance = tmp_path_factory.mktemp(f"instance-{engine}")
    made: list[tuple[worlds.World, Portal]] = []

    def prepare(url: str, owner_url: str) -> None:
        migrate.upgrade(owner_url)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PORTAL_CLOCK", worlds.NOW.isoformat())
            app = create_app(settings_for(url, owner_url, instance))
            made.append((worlds.build(app), app))
            with app.app_context():
                db.engine.dispose()

    if engine == "sqlite":
        with fast_folder("portal-sqlite-") as folder:
            yield Seed(SqliteTemplate(folder, prepare), instance, *made[0])
        return
    template = PostgresTemplate(request.getfixturevalue("postgres_server"), prepare)
    yield Seed(template, instance, *made[0])
    template.drop()


def settings_for(url: str, owner_url: str, instance: Path) -> Settings:
    """Settings of an application under test."""
    return Settings(
        instance_dir=instance,
        database_url=url,
        database_owner_url=owner_url,
        key_dir=instance / "keys",
        secret_key="a key of 32 letters, for tests only",
        testing=True,
        public_url="http://127.0.0.1:8000",
    )


@pytest.fixture
def database(seed: Seed) -> Iterator[Database]:
    """A copy of the seeded database for one test."""
    with seed.template.copy() as copied:
        yield copied


@pytest.fixture
def thawed(database: Database) -> None:
    """For a test whose round was opened with other content than the world's: what it asks may be changed."""
    thaw(database.owner_url)


@pytest.fixture
def world(seed: Seed) -> worlds.World:
    """Ids of what is in the database."""
    return seed.world


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Set the time (an aware datetime or its ISO text); it stands at ``worlds.NOW`` until then."""

    def set_to(moment: object) -> None:
        monkeypatch.setenv(
            "PORTAL_CLOCK", moment.isoformat() if hasattr(moment, "isoformat") else str(moment)
        )

    set_to(worlds.NOW)
    return set_to


@pytest.fixture
def app(
    seed: Seed,
    database: Database,
    tmp_path: Path,
    clock: Callable[[object], None],
    request: pytest.FixtureRequest,
) -> Iterator[Portal]:
    """The real application over its own database and keys; marked ``own_app`` a test may add to it."""
    shutil.copytree(seed.instance, tmp_path / "instance")
    settings = settings_for(database.url, database.owner_url, tmp_path / "instance")
    if request.node.get_closest_marker("own_app") is not None:
        made = create_app(settings)
    else:
        made = seed.app
        _move_to(made, settings)
    yield made
    let_go(made)


@pytest.fixture
def another_app() -> Iterator[Callable[[Settings], Portal]]:
    """Makes an application beside the test's own, with other settings; let go of at the end."""
    made: list[Portal] = []

    def make_one(settings: Settings) -> Portal:
        made.append(create_app(settings))
        return made[-1]

    yield make_one
    for app in made:
        let_go(app)


@pytest.fixture
def printing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slips are printed in the test's own process."""
    slips_printed_here(monkeypatch)


@pytest.fixture
def make(app: Portal) -> Make:
    """Makes a row by its factory: ``make(AgencyFactory, name="เกาะคา")``."""
    return maker(app)


def _move_to(app: Portal, settings: Settings) -> None:
    """Give the application another database and key folder, and let it forget what it knew of the last.

    The engine stays, and with it every statement that it has compiled: only where it connects to is new.
    """
    app.settings = settings
    app.extensions.pop("vault", None)
    with app.app_context():
        db.engine.dispose()
        if "moving" not in app.extensions:
            app.extensions["moving"] = True
            event.listen(db.engine, "do_connect", partial(_connect_there, app))
    survey_context.clear()


def _connect_there(
    app: Portal, dialect: Dialect, _record: object, arguments: list[Any], named: dict[str, Any]
) -> None:
    """Let a new connection lead to the database of the running test."""
    there, options = dialect.create_connect_args(make_url(app.settings.database_url))
    arguments[:] = there
    named.update(options)


@pytest.fixture
def client_as(app: Portal, world: worlds.World) -> Callable[[str], PortalClient]:
    """A visitor signed in as a person of the world; ``client_as("")`` is nobody."""

    def make(person: str) -> PortalClient:
        client = client_of(app)
        if person:
            client.sign_in_as(world.account[person])
        return client

    return make
