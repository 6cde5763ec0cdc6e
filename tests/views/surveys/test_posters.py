"""The page on which offices order posters: what it offers to whom, and what it says where there are none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.job import Job
from models.participation import Participation
from portal.ballot.links import make_links
from portal.core.database.session import privileged, writing
from tests.support.client import PortalClient
from tests.support.world import World

ClientAs = Callable[[str], PortalClient]


@pytest.fixture
def page(world: World) -> str:
    return f"/rounds/{world.round_id}/posters"


@pytest.fixture
def linked(app: Any, world: World) -> list[str]:
    """One agency of each province has its links; gives all codes."""
    with app.app_context(), writing(), privileged("a test makes links") as session:
        made = [make_links(session.get_one(Participation, world.participation[key])) for key in ("a1", "b1")]
        return [link.code for links in made for link in links.values()]


def jobs(app: Any) -> list[dict[str, Any]]:
    with app.app_context(), privileged("a test looks") as session:
        return list(session.scalars(select(Job.arguments).where(Job.kind == "links.posters")))


@pytest.mark.parametrize("person", ["agency_admin", "executive", "assessor", "interviewer"])
def test_agencies_and_assessors_order_none(client_as: ClientAs, page: str, person: str) -> None:
    assert client_as(person).get(page).status_code in (403, 404)


def test_without_links_the_page_says_why_and_offers_no_order(client_as: ClientAs, page: str) -> None:
    for person in ("province", "nacc"):
        shown = client_as(person).get(page).text
        assert "ตอนนี้ยังสั่งทำโปสเตอร์ไม่ได้" in shown and "ยังไม่มีหน่วยงานใดมีลิงก์" in shown
        assert 'name="sheet"' not in shown


@pytest.mark.postgres
def test_a_province_orders_those_of_its_own_agencies(
    app: Any, world: World, client_as: ClientAs, page: str, linked: list[str]
) -> None:
    province = client_as("province")
    shown = province.get(page).text
    assert "จาก 2 หน่วยงานมีลิงก์แล้ว" in shown and "ท่าผา" in shown and "เขาพนม" not in shown
    assert 'name="province"' not in shown and not any(code in shown for code in linked)
    answer = province.submit(page, {"sheet": "a3", "province": str(world.province["81"])})
    assert answer.status_code == 302
    assert jobs(app) == [{"round_id": world.round_id, "province_id": world.province["52"], "sheet": "a3"}]


def test_an_office_of_the_country_chooses_a_province_or_all(
    app: Any, world: World, client_as: ClientAs, page: str, linked: list[str]
) -> None:
    dla, krabi = client_as("dla"), world.province["81"]
    assert "จาก 4 หน่วยงานมีลิงก์แล้ว" in dla.get(page).text
    shown = dla.get(f"{page}?province={krabi}").text
    assert "จาก 2 หน่วยงานมีลิงก์แล้ว" in shown and f'<option selected value="{krabi}">' in shown
    assert dla.get(f"{page}?province=9999").status_code == 404
    assert dla.submit(page, {"sheet": "a4", "province": ""}).status_code == 302
    assert dla.submit(page, {"sheet": "cards", "province": str(krabi)}).status_code == 302
    assert [(job["province_id"], job["sheet"]) for job in jobs(app)] == [(None, "a4"), (krabi, "cards")]
    assert dla.submit(page, {"sheet": "a0"}).status_code == 422


def test_a_province_without_links_is_refused_at_its_field(
    app: Any, world: World, client_as: ClientAs, page: str, linked: list[str]
) -> None:
    with app.app_context(), writing(), privileged("a test takes links away") as session:
        session.info["unrecorded"] = True
        for link in make_links(session.get_one(Participation, world.participation["b1"])).values():
            session.delete(link)
    answer = client_as("nacc").submit(page, {"sheet": "a4", "province": str(world.province["81"])})
    assert answer.status_code == 422 and "ยังไม่มีหน่วยงานใดมีลิงก์" in answer.text
    assert not jobs(app)
