"""The processes that serve, killed for real: what dies starts again, and nothing outlives its supervisor."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from config import ROOT
from models.job import Job, JobState
from portal.ballot.links import new_code
from portal.core.database.session import db
from portal.core.jobs import queue
from portal.core.serving.processes import PARENT
from portal.core.serving.supervisor import wait_after
from portal.core.serving.worker import run_together
from portal.core.web import Portal
from portal.record.check import VERIFY
from tests.portal.core.serving.conftest import Fallible
from tests.support.client import client_of
from tests.support.respondents import EIT, LINES, citizen_id, confirm, filled, link_codes, token_in
from tests.support.serving import Served, serving
from tests.support.world import World, acting_as, row

PAGE = "/sign-in"


def test_the_wait_grows_and_stays_bounded() -> None:
    """A process that ends at once is started again for ever, also after a night of it."""
    assert [wait_after(ends) for ends in range(1, 7)] == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0]
    assert wait_after(100_000) == 10.0


def test_a_worker_that_loses_a_thread_ends_to_be_started_again() -> None:
    stop = threading.Event()

    def fail() -> None:
        raise ValueError("a thread with a fault")

    assert run_together((fail, stop.wait), stop) == 1
    told = threading.Event()
    told.set()
    assert run_together((told.wait, told.wait), told) == 0


def test_the_web_server_alone_refuses_a_database_that_is_not_there(tmp_path: Path) -> None:
    """Without a supervisor nobody has looked before; ``localhost`` is as good as its number."""
    known = {**os.environ, "INSTANCE_DIR": str(tmp_path / "none"), "HOST": "localhost", "DEMO": "0"}
    known |= {"SECRET_KEY": "x" * 40, "DATABASE_URL": f"sqlite:///{tmp_path}/none/portal.db"}
    known.pop(PARENT, None)
    for words in ("web", "worker", "serve"):
        refused = subprocess.run(
            [sys.executable, str(ROOT / "run.py"), words],
            env=known,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert refused.returncode == 2 and "make db" in refused.stderr, refused.stderr


@pytest.fixture
def served(app: Portal) -> Iterator[Served]:
    """The portal, serving."""
    with serving(app.settings) as running:
        running.wait_for(lambda: running.said("serves on"), "it never served")
        yield running


def test_it_says_that_it_serves_when_a_page_answers(served: Served) -> None:
    assert served.get(PAGE)[0] == 200
    served.wait_for(lambda: served.pids("worker"), "no worker")
    assert served.end() == 0
    assert not served.pids()


def test_a_taken_port_is_refused_in_words(app: Portal) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with serving(app.settings, port=other.getsockname()[1]) as refused:
            assert refused.process.wait(timeout=30) == 2
            refused.wait_for(lambda: refused.said("is taken"), "no words")
            assert not refused.pids()


@pytest.mark.long
def test_nothing_outlives_a_killed_supervisor(served: Served) -> None:
    served.wait_for(lambda: served.pids("worker"), "no worker")
    assert len(served.pids()) >= 4, "supervisor, web server, its worker, job worker"
    served.kill(served.process.pid)
    served.wait_for(lambda: not served.pids(), "something is left")
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", served.port))


@pytest.mark.long
def test_a_web_server_killed_again_and_again_comes_back_without_old_workers(served: Served) -> None:
    for _time in range(3):
        before = set(served.pids("web"))
        served.kill(min(before))
        served.wait_for(lambda before=before: not before & set(served.pids("web")), "an old worker is left")  # type: ignore[misc]
        served.wait_for(lambda: served.get(PAGE)[0] == 200, "no page after the kill")
    assert served.said("The web server ended")
    assert served.process.poll() is None


@pytest.mark.long
def test_a_killed_worker_of_the_web_server_is_replaced(served: Served) -> None:
    served.kill(max(served.pids("web")))
    served.wait_for(lambda: served.get(PAGE)[0] == 200, "no page after the kill")


@pytest.mark.long
@pytest.mark.postgres
def test_a_job_worker_killed_again_and_again_comes_back_and_works(
    served: Served, app: Portal, world: World
) -> None:
    for _time in range(4):
        served.wait_for(lambda: served.kill_one("worker"), "no worker")
    served.wait_for(lambda: served.pids("worker"), "no worker after four kills")
    with app.app_context():
        with acting_as(world.actor("nacc")) as actor:
            job_id = queue.enqueue(VERIFY, title="ทดลอง", arguments={}, actor=actor).id
        served.wait_for(lambda: row(Job, job_id).state is JobState.DONE, "the job was not done")
    assert served.get(PAGE)[0] == 200


@pytest.mark.long
def test_while_the_database_is_away_forms_say_so_and_keep_what_was_typed(fallible: Fallible) -> None:
    """It is stopped and started again under the running portal, twice."""
    app, world = fallible.app, fallible.world
    confirm(app, world)
    code = link_codes(app, world)[EIT]
    officer = client_of(app)
    officer.sign_in_as(world.account["dla"])
    cookie = officer.get_cookie("portal")
    assert cookie is not None
    with serving(app.settings) as served:
        served.wait_for(lambda: served.said("serves on"), "it never served")
        served.wait_for(lambda: served.pids("worker"), "no worker")
        token = token_in(served.get(f"/s/{code}")[2])
        for again in range(2):
            fallible.power.off()
            _look_while_away(
                served, f"portal={cookie.value}", f"/s/{code}", filled(token, citizen_id(again), EIT)
            )
            fallible.power.on()
            served.wait_for(lambda: served.get(f"/s/{code}")[0] == 200, "no form after the restart")
        sent = served.get(f"/s/{code}", body=urlencode(filled(token, citizen_id(7), EIT)))
        assert sent[0] == 303, "what was kept can be sent"
        with app.app_context():
            db.engine.dispose()
            with acting_as(world.actor("nacc")) as actor:
                job_id = queue.enqueue(VERIFY, title="ทดลอง", arguments={}, actor=actor).id
            served.wait_for(lambda: row(Job, job_id).state is JobState.DONE, "no job after the restart")
        assert served.process.poll() is None


def _look_while_away(served: Served, cookie: str, form: str, answers: dict[str, str]) -> None:
    for path in ("/rounds/1/home", f"/s/{new_code()}"):
        status, headers, text = served.get(path, headers={"Cookie": cookie})
        assert (status, bool(headers["Retry-After"])) == (503, True), (path, text[:300], served.lines[-60:])
        assert "ระบบไม่พร้อมชั่วคราว" in text
    status, headers, text = served.get(form, body=urlencode(answers))
    assert (status, bool(headers["Retry-After"])) == (503, True)
    assert text.count(" checked") >= LINES[EIT], "the filled form comes back"


@pytest.mark.long
def test_a_start_waits_for_the_database(fallible: Fallible) -> None:
    with fallible.app.app_context():
        db.engine.dispose()
    fallible.power.off()
    with serving(fallible.app.settings) as served:
        served.wait_for(lambda: served.said("The database does not answer"), "no words")
        fallible.power.on()
        served.wait_for(lambda: served.said("serves on"), "it never served")
