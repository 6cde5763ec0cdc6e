"""The list of jobs, and what the system does by the clock."""

from __future__ import annotations

from collections.abc import Callable

from portal.core.jobs import periodic
from portal.core.web import Portal
from portal.record.check import VERIFY
from tests.factories.base import Make
from tests.factories.letters import JobFactory
from tests.support.client import PortalClient
from tests.support.world import World
from views.jobs.screens import DUTIES


def test_every_duty_has_its_words(app: Portal) -> None:
    assert set(DUTIES) == {one.name for one in periodic.DUTIES}


def test_offices_see_when_each_duty_ran_last(app: Portal, client_as: Callable[[str], PortalClient]) -> None:
    heading = "งานที่ระบบทำเองตามเวลา"
    for person, seen in (("nacc", True), ("dla", True), ("province", False), ("agency_admin", False)):
        assert (heading in client_as(person).get("/jobs").text) is seen, person
    assert client_as("dla").get("/jobs").text.count("ยังไม่ได้ทำ") == len(DUTIES)
    for one in periodic.DUTIES:
        one.seen = ""
    with app.app_context():
        periodic.run_due()
    assert "ยังไม่ได้ทำ" not in client_as("dla").get("/jobs").text


def test_a_job_is_stopped_on_its_page(
    app: Portal, world: World, make: Make, client_as: Callable[[str], PortalClient]
) -> None:
    own = {"account_id": world.account["nacc"], "grant_id": world.grant["nacc"]}
    page = f"/jobs/{make(JobFactory, kind=VERIFY, **own).id}"
    nacc = client_as("nacc")
    assert nacc.submit(f"{page}/stop").headers["Location"] == page
    assert "หยุดแล้ว" in nacc.get(page).text
