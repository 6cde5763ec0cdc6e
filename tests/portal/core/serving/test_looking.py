"""What the supervisor looks at before and while it serves: the port, the database, its two processes."""

from __future__ import annotations

import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from config import ConfigurationError, Settings
from portal.core.serving import supervisor
from portal.core.web import Portal
from tests.conftest import settings_for
from tests.support.postgres import Server


def settings(tmp_path: Path) -> Settings:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    return settings_for(url, url, tmp_path)


class Impatient(threading.Event):
    """Nobody waits at it."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


def test_an_address_of_another_machine_is_refused_in_words(tmp_path: Path) -> None:
    elsewhere = replace(settings(tmp_path), host="192.0.2.1")
    with pytest.raises(ConfigurationError, match=r"cannot listen on 192\.0\.2\.1:8000"):
        supervisor.refuse_taken_port(elsewhere)


def test_nothing_is_served_from_a_folder_that_is_not_there(tmp_path: Path) -> None:
    nowhere = replace(settings(tmp_path), instance_dir=tmp_path / "none")
    with pytest.raises(ConfigurationError, match=r"no database in .*none: run 'make db'"):
        supervisor.wait_for_database(nowhere, threading.Event())


def test_nothing_is_served_from_an_old_database(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not at the newest migration"):
        supervisor.wait_for_database(settings(tmp_path), threading.Event())


def test_a_database_at_its_newest_migration_is_served(app: Portal) -> None:
    supervisor.wait_for_database(app.settings, threading.Event())


def test_what_a_supervisor_has_looked_at_is_not_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(supervisor.processes.PARENT, "1")
    supervisor.look_where_nobody_did(settings(tmp_path))
    monkeypatch.delenv(supervisor.processes.PARENT)
    with pytest.raises(ConfigurationError):
        supervisor.look_where_nobody_did(settings(tmp_path))


@pytest.mark.parametrize("role", ["owner", "application"])
def test_nobody_serves_as_the_owner_of_the_tables(postgres_server: Server, tmp_path: Path, role: str) -> None:
    """Row-level security does not hold for an owner."""
    postgres_server.create_database("owned")
    url = postgres_server.url(postgres_server.owner, "owned")
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE a_table (id int)")
    login = postgres_server.url(getattr(postgres_server, role), "owned")
    here = replace(settings(tmp_path), database_url=login.render_as_string(hide_password=False))
    try:
        if role == "application":
            supervisor.refuse_owner(here)
        else:
            with pytest.raises(ConfigurationError, match="names the owner or a superuser"):
                supervisor.refuse_owner(here)
    finally:
        postgres_server.drop_database("owned")


def test_a_database_that_is_away_is_asked_again_and_told_of_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter([False, False, True])
    there = create_engine(f"sqlite:///{tmp_path}/portal.db", poolclass=NullPool)
    away = create_engine(f"sqlite:///{tmp_path}/no/portal.db", poolclass=NullPool)

    def question() -> int:
        with (there if next(answers) else away).connect() as connection:
            return int(connection.exec_driver_sql("SELECT 7").scalar_one())

    assert supervisor.when_it_answers(question, Impatient()) == 7
    assert capsys.readouterr().out.count("The database does not answer: unable to open") == 1


def test_who_is_told_to_stop_waits_no_longer_for_the_database() -> None:
    stopping = threading.Event()

    def question() -> None:
        stopping.set()
        raise OperationalError("SELECT 1", {}, Exception("away"))

    assert supervisor.when_it_answers(question, stopping) is None


def process_of(kept: supervisor.Kept) -> subprocess.Popen[bytes] | None:
    """What runs for it now; None while it waits."""
    return kept._process


def ended(kept: supervisor.Kept) -> int:
    """Wait for the end of what runs; ``run.py`` knows no such command and ends at once."""
    process = process_of(kept)
    assert process is not None
    return process.wait(timeout=30)


def test_a_process_that_ends_is_started_again_after_its_wait(capsys: pytest.CaptureFixture[str]) -> None:
    kept = supervisor.Kept("job worker", ("no-such-command",))
    kept.look(0.0)
    first = process_of(kept)
    kept.look(0.1)
    assert process_of(kept) is first, "it runs, or nobody has looked at its end"
    assert ended(kept) == 2
    kept.look(1.0)
    assert "The job worker ended (2); it starts again in 0.5 s" in capsys.readouterr().out
    kept.look(1.4)
    assert process_of(kept) is None, "it waits"
    kept.look(1.5)
    assert process_of(kept) not in (None, first)
    kept.end()
    assert process_of(kept) is None


def test_a_process_that_lived_long_is_waited_for_shortly_again(capsys: pytest.CaptureFixture[str]) -> None:
    kept = supervisor.Kept("web server", ("no-such-command",))
    for begun, seen, said in ((0.0, 1.0, "0.5 s"), (2.0, 3.0, "1 s"), (5.0, 40.0, "0.5 s")):
        kept.look(begun)
        ended(kept)
        kept.look(seen)
        assert f"it starts again in {said}" in capsys.readouterr().out
    kept.end()


def test_no_page_answers_where_nobody_listens(tmp_path: Path) -> None:
    begun = time.monotonic()
    assert not supervisor.answers(replace(settings(tmp_path), port=1))
    assert time.monotonic() - begun < 5
