"""Figures: counted by processes, added up, told on a port of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
import yaml

from config import ROOT
from models.instrument import InstrumentKind
from models.job import JobState
from models.survey import Channel, DailyCount
from portal.core import audit
from portal.core.database.session import privileged, writing
from portal.core.serving.web import door_of
from portal.core.web import Portal
from portal.tools.drill.server import free_port
from portal.watch import figures
from portal.watch import folder as folders
from portal.watch.exposing import GAUGES, Looked, look, page_of, serve
from tests.factories.base import Make
from tests.factories.letters import JobFactory
from tests.support.rsgi import Exchange, asked
from tests.support.serving import Served, environment_of
from tests.support.world import NOW, World

TWO_PROCESSES = """
from portal.watch import counting
counting.REQUESTS.labels("jobs", "GET", "2xx").inc(3)
counting.SECONDS.observe(0.2)
counting.refused("/sign-in", "pass", 503)
for _ in range(150):
    counting.refused("/s/abc", "", 503)
"""


def values_of(page: str) -> dict[str, float]:
    """Each sample by its name and labels."""
    lines = [line for line in page.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _space, value in (line.rpartition(" ") for line in lines)}


def ask(port: int, path: str = "/metrics", token: str = "") -> tuple[int, str]:
    """A scrape: status and text."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_what_two_processes_counted_is_added_up(app: Portal, tmp_path: Path) -> None:
    for _process in range(2):
        environment = {**os.environ, folders.NAME: str(tmp_path)}
        subprocess.run([sys.executable, "-c", TWO_PROCESSES], env=environment, cwd=ROOT, check=True)
    found = values_of(page_of(Looked(app, app.settings), tmp_path).decode())
    assert found['portal_requests_total{kind="jobs",method="GET",status="2xx"}'] == 6
    assert found["portal_request_seconds_count"] == 2
    assert found['portal_refused_total{lane="pass",status="503"}'] == 2
    assert found["portal_refused_respondents_total"] == 200, "of each process in full hundreds"
    assert not [name for name in found if "pid" in name]


def test_a_new_server_begins_to_count_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(folders.NAME, "")
    folder = tmp_path / "counts"
    folder.mkdir()
    (folder / "counter_1.db").write_bytes(b"old")
    (folder / "note.txt").write_text("of somebody else")
    folders.prepare(folder)
    assert [file.name for file in folder.iterdir()] == ["note.txt"]
    assert os.environ[folders.NAME] == str(folder)


def test_who_starts_the_processes_does_not_import_the_library_before_it_names_the_folder() -> None:
    """They are copies of it: the library would have chosen to count in memory, and nobody would add it up."""
    look = (
        "import run, sys; from portal.core.serving import supervisor, web; from portal.watch import folder;"
        " print('prometheus_client' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", look], cwd=ROOT, check=True, capture_output=True, text=True)
    assert said.stdout == "False\n"


@pytest.mark.proof
def test_over_two_workers_of_the_web_server_every_request_is_counted_once(app: Portal) -> None:
    port, metrics = free_port(), free_port()
    environment = environment_of(app.settings, port) | {"WEB_WORKERS": "2", "METRICS_PORT": str(metrics)}
    served = Served(environment, "serve")
    try:
        served.wait_for(lambda: served.said("serves on"), "it did not serve")
        folder = app.settings.instance_dir / "metrics"
        sent = 0
        while len(list(folder.glob("counter_*.db"))) < 2 or sent < 40:
            assert served.get("/sign-in")[0] == 200
            sent += 1
            assert sent < 2000, "one worker alone takes everything"
        served.wait_for(lambda: _answers(metrics), "nobody tells figures")
        found = values_of(ask(metrics)[1])
        counted = found['portal_requests_total{kind="sign_in",method="GET",status="2xx"}']
        assert counted >= sent, "and those by which the supervisor looked whether a page comes"
        assert counted <= sent + 5
        assert found['portal_ready{part="database"}'] == 1
        assert served.get("/metrics")[0] == 404, "the public door knows no such address"
        lines = [line for line in served.lines if '"endpoint": "sign_in.form"' in line]
        assert len(lines) == counted, "each has its line too"
    finally:
        served.end()
        served.close()


def _answers(port: int) -> bool:
    try:
        return ask(port)[0] == 200
    except OSError:
        return False


@pytest.mark.parametrize("token", ["", "a token of twenty-one chars"])
def test_the_port_tells_figures_and_only_to_who_has_the_token(app: Portal, token: str) -> None:
    settings = replace(app.settings, metrics_port=free_port(), metrics_token=token)
    stop = threading.Event()
    thread = threading.Thread(target=serve, args=(app, settings, stop))
    thread.start()
    try:
        for _ in range(100):
            if _is_open(settings.metrics_port):
                break
            stop.wait(0.05)
        status, page = ask(settings.metrics_port, token=token)
        assert status == 200 and 'portal_ready{part="database"} 1.0' in page
        assert ask(settings.metrics_port, "/", token=token)[0] == 404
        if token:
            assert ask(settings.metrics_port) == (401, "")
            assert ask(settings.metrics_port, token="another") == (401, "")
    finally:
        stop.set()
        thread.join(timeout=20)
    assert not thread.is_alive() and not _is_open(settings.metrics_port)


def _is_open(port: int) -> bool:
    try:
        ask(port)
    except OSError:
        return False
    return True


def test_the_public_door_has_no_such_address(app: Portal) -> None:
    assert app.test_client().get("/metrics").status_code == 404


@pytest.mark.postgres
def test_queue_and_locks_are_told(app: Portal, make: Make) -> None:
    make(JobFactory, kind="test.one", state=JobState.WAITING, created_at=NOW - timedelta(minutes=5))
    make(JobFactory, kind="test.one", state=JobState.WAITING, created_at=NOW - timedelta(minutes=1))
    make(JobFactory, kind="test.two", state=JobState.FAILED)
    with app.app_context():
        found = look(app.settings)
    assert (("test.one",), 2) in found["portal_jobs_waiting"]
    assert dict(found["portal_job_oldest_seconds"]) == {("test.one",): 300.0}
    assert (("test.two",), 1) in found["portal_jobs_failed"]
    if app.settings.sqlite:
        assert found["portal_database_write_lock_seconds"][0][1] < 5
    else:
        assert found["portal_database_waits_for_lock"] == [((), 0)]
        assert found["portal_database_connections"][0][1] >= 1
    assert found["portal_last_backup_timestamp_seconds"] == [((), 0.0)]
    assert found.keys() <= GAUGES.keys()


def test_answers_of_today_are_not_told(app: Portal, world: World) -> None:
    today = date(2018, 11, 9)
    with app.app_context(), writing(), privileged("a test counts") as session, audit.act("test"):
        for day, count in ((today, 5000), (today - timedelta(days=1), 250), (today - timedelta(days=2), 149)):
            session.add(
                DailyCount(
                    participation_id=world.participation["a1"],
                    agency_id=world.agency["a1"],
                    province_id=world.province["52"],
                    instrument=InstrumentKind.EIT,
                    channel=Channel.SELF,
                    day=day,
                    count=count,
                )
            )
        session.flush()
        assert figures.answers(session, today) == 300


def test_who_is_refused_at_the_door_is_counted_by_lane_and_respondents_by_the_hundred(app: Portal) -> None:
    told: list[tuple[str, str, int]] = []
    door = door_of(app, told=lambda *words: told.append(words))
    for path in ("/sign-in", "/jobs", "/s/abc"):
        asked(door, Exchange([b"half"]), ("host", "127.0.0.1:8000"), ("content-length", "9"), path=path)
    assert told == [("/sign-in", "pass", 400), ("/jobs", "desk", 400), ("/s/abc", "", 400)]


# -- the rules of alarms ------------------------------------------------------------------------------------


def exposed_names(app: Portal, folder: Path) -> set[str]:
    """Every name that a scrape may hold."""
    environment = {**os.environ, folders.NAME: str(folder)}
    subprocess.run([sys.executable, "-c", TWO_PROCESSES], env=environment, cwd=ROOT, check=True)
    page = page_of(Looked(app, app.settings), folder).decode()
    return {name.partition("{")[0] for name in values_of(page)} | GAUGES.keys()


def test_the_example_of_alarms_can_be_read_and_names_figures_that_are_there(
    app: Portal, tmp_path: Path
) -> None:
    rules = yaml.safe_load((ROOT / "docs" / "alerts.yml").read_text())
    there = exposed_names(app, tmp_path)
    found = [rule for group in rules["groups"] for rule in group["rules"]]
    assert len(found) > 8 and len({rule["alert"] for rule in found}) == len(found)
    for rule in found:
        names = set(re.findall(r"\bportal_\w+", rule["expr"]))
        assert names <= there, rule["alert"]
        assert names or rule["expr"].startswith("up{"), rule["alert"]
        assert rule["annotations"]["summary"] and rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["expr"].count("(") == rule["expr"].count(")")
