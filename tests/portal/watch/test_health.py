"""Whether the portal can serve: asked by anybody, answered by yes or no and which part."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from portal.core.database.session import db
from portal.core.web import Portal
from portal.watch import health
from portal.watch.health import PARTS, Readiness, look
from tests.portal.core.serving.conftest import Fallible, fallible  # noqa: F401 - a fixture
from tests.support.databases import Database


@pytest.fixture(autouse=True)
def _looked_at_anew(app: Portal) -> None:
    app.extensions.pop("readiness", None)


def test_what_stands_is_ready_part_by_part_on_both_databases(app: Portal) -> None:
    app.settings.key_dir.mkdir(exist_ok=True)
    answer = app.test_client().get("/health")
    assert answer.status_code == 200
    assert answer.json == {"alive": True, "ready": True, "parts": dict.fromkeys(PARTS, "ok")}


@pytest.mark.only("sqlite")
def test_while_the_file_is_away_the_process_lives_and_is_not_ready(app: Portal, database: Database) -> None:
    with app.app_context():
        db.engine.dispose()
    with database.away():
        answer = app.test_client().get("/health")
        alive = app.test_client().get("/health/alive")
    assert (answer.status_code, alive.status_code, alive.json) == (503, 200, {"alive": True})
    assert answer.json is not None and answer.json["parts"]["database"] == "not ok"
    assert str(database.file) not in answer.text, "a stranger learns no detail"


@pytest.mark.only("sqlite")
def test_a_file_that_is_not_there_is_not_made_by_asking(app: Portal, database: Database) -> None:
    aside = database.file.with_suffix(".aside")
    with app.app_context():
        db.engine.dispose()
    database.file.rename(aside)
    parts = look(app.settings)
    assert not database.file.exists()
    aside.rename(database.file)
    assert not parts["database"] and look(app.settings)["database"]


@pytest.mark.long
@pytest.mark.only("postgres")
def test_a_server_that_is_switched_off_is_not_ready_and_comes_back(fallible: Fallible) -> None:  # noqa: F811
    assert look(fallible.app.settings)["database"]
    fallible.power.off()
    answer = fallible.app.test_client().get("/health")
    assert (answer.status_code, answer.json and answer.json["parts"]["database"]) == (503, "not ok")
    fallible.power.on()
    assert look(fallible.app.settings)["queue"]


def test_an_older_database_and_a_lost_queue_are_each_said(app: Portal, database: Database) -> None:
    engine = create_engine(database.owner_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        connection.exec_driver_sql("ALTER TABLE job RENAME TO lost")
    engine.dispose()
    parts = look(app.settings)
    assert (parts["database"], parts["migrations"], parts["queue"]) == (True, False, False)


@pytest.mark.parametrize(("name", "ready"), [("9999_serves_0029", True), ("9999_serves_9998", False)])
def test_a_database_that_is_ahead_is_ready_where_it_serves_this_programme(
    app: Portal, database: Database, name: str, ready: bool
) -> None:
    engine = create_engine(database.owner_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{name}'")
    engine.dispose()
    assert look(app.settings)["migrations"] is ready


def test_without_the_folder_of_keys_nobody_is_sent_here(app: Portal) -> None:
    folder = app.settings.key_dir
    folder.mkdir(exist_ok=True)
    aside = folder.with_name("aside")
    folder.rename(aside)
    parts = look(app.settings)
    aside.rename(folder)
    assert not parts["keys"] and parts["database"]


def test_a_crowd_that_asks_costs_one_look(app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[object] = []

    def counted(given: object) -> dict[str, bool]:
        looks.append(given)
        return {"database": True}

    monkeypatch.setattr(health, "look", counted)
    now = 100.0
    readiness = Readiness(app.settings, clock=lambda: now)
    for _ in range(5):
        assert readiness.parts() == {"database": True}
    assert len(looks) == 1
    now += health.FRESH
    readiness.parts()
    assert len(looks) == 2, "and is looked at again after it"
