"""``make run``: the database is brought up, the portal serves, a demonstration shows its accounts."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from portal.core.database import revision
from portal.core.web import Portal
from portal.tools.drill.server import free_port
from tests.conftest import settings_for
from tests.support.serving import Served, environment_of, serving

PAGE = "/sign-in"


@pytest.mark.long
def test_a_demonstration_is_greeted_with_its_accounts_and_outlives_its_terminal(app: Portal) -> None:
    """As ``nohup make run`` starts it: what ends a terminal ends nothing."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        served = Served(environment_of(app.settings, free_port()), "start")
    finally:
        signal.signal(signal.SIGHUP, before)
    try:
        served.wait_for(lambda: served.said("demo-executive"), "no accounts")
        served.process.send_signal(signal.SIGHUP)
        served.wait_for(lambda: served.pids("worker"), "no worker")
        assert served.get(PAGE)[0] == 200
    finally:
        assert served.end() == 0
        served.close()


@pytest.mark.long
def test_a_real_installation_starts_from_nothing_and_without_a_demonstration(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/instance/portal.db"
    environment = environment_of(settings_for(url, url, tmp_path / "instance"), free_port()) | {"DEMO": "0"}
    served = Served(environment, "start")
    try:
        served.wait_for(lambda: served.said("serves on"), "it never served")
        assert served.said("The database is at the newest migration")
        assert served.get(PAGE)[0] == 200
        assert revision.is_current(url) and not revision.has_rounds(url)
    finally:
        assert served.end() == 0
        served.close()


def test_who_stops_it_before_the_first_page_stops_all(app: Portal) -> None:
    with serving(app.settings) as served:
        served.wait_for(lambda: served.pids("web"), "no web server")
        assert served.end() == 0
        assert not served.pids()
        assert not served.said("serves on")
