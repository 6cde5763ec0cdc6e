"""A round that wants the headcount by groups: a number for each; the sum is what everything else reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from models.correction import HeadcountCorrection
from models.participation import Participation, PreparationState
from models.round import RoundState
from portal.content.year import load_year
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds import setup
from portal.tools.demo.windows import shifted_windows
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.world import NOW, World

ClientAs = Callable[[str], PortalClient]
GROUPS = ("ผู้บริหาร", "ข้าราชการและพนักงาน", "ลูกจ้าง")


@pytest.fixture
def round_id(app: Portal, world: World) -> int:
    """An open round of the next year that asks for three groups."""
    asked = replace(load_year(2561), fiscal_year=2562, headcount_groups=GROUPS)
    with app.app_context(), writing(), privileged("a test makes a round") as session:
        round = setup.make_round(
            session,
            asked,
            name="รอบที่แยกกลุ่ม",
            windows=shifted_windows(NOW),
            state=RoundState.OPEN,
        )
        session.flush()
        setup.snapshot_agencies(session, round)
        return round.id


def mine(app: Portal, world: World, round_id: int) -> Participation:
    with app.app_context(), privileged("a test looks") as session:
        query = select(Participation).where(
            Participation.round_id == round_id, Participation.agency_id == world.agency["a1"]
        )
        found = session.scalars(query).one()
        session.expunge_all()
    return found


def typed(*numbers: str, **more: str) -> dict[str, str]:
    return {f"part_{place}": number for place, number in enumerate(numbers, start=1)} | more


@pytest.mark.postgres
def test_each_group_is_counted_and_their_sum_is_the_headcount(
    app: Portal, world: World, client_as: ClientAs, round_id: int
) -> None:
    admin, url = client_as("agency_admin"), f"/rounds/{round_id}/preparation/headcount"
    page = admin.get(url).text
    assert all(f">{name}</label>" in page for name in GROUPS) and 'name="headcount"' not in page
    assert admin.submit(url, {**typed("3", "๒๕", "12"), "version": "0"}).status_code == 302
    found = mine(app, world, round_id)
    assert (found.headcount, found.headcount_parts) == (40, {"1": 3, "2": 25, "3": 12})
    page = admin.get(url).text
    assert 'value="25"' in page and "อย่างน้อย 30 " in page
    assert "ไม่เกิน 30 คน" in page, "all bands of the rule stand beside a number that is being typed"
    assert "ลูกจ้าง 12" in admin.get(f"/rounds/{round_id}/preparation").text


def test_a_group_that_is_empty_or_no_number_is_told_and_kept(
    client_as: ClientAs, world: World, round_id: int
) -> None:
    admin, url = client_as("agency_admin"), f"/rounds/{round_id}/preparation/headcount"
    for numbers, says in (
        (("3", "", "12"), "ไม่มีผู้ใดให้กรอก 0"),
        (("3", "มาก", "12"), "ไม่ใช่จำนวนคน"),
        (("0", "0", "0"), "ระหว่าง 1 ถึง 20,000"),
        (("3", "4000", "12"), "ต่างจากหน่วยงานประเภทเดียวกันมาก"),
    ):
        answer = admin.submit(url, {**typed(*numbers), "version": "0"})
        assert (answer.status_code, says in answer.text) == (422, True), numbers
        assert all(f'value="{number}"' in answer.text for number in numbers if number)
    assert admin.submit(url, {**typed("3", "4000", "12"), "version": "0", "sure": "y"}).status_code == 302


def test_a_correction_names_the_groups_too(
    app: Portal, world: World, client_as: ClientAs, round_id: int
) -> None:
    key = mine(app, world, round_id).id
    with app.app_context(), writing(), privileged("a test confirms") as session:
        found = session.get_one(Participation, key)
        found.headcount, found.headcount_parts = 40, {"1": 3, "2": 25, "3": 12}
        found.roster_count, found.activated_at = 40, NOW
        found.state, found.confirmed_at = PreparationState.CONFIRMED, NOW
    base = f"/rounds/{round_id}/preparation"
    admin, url = client_as("agency_admin"), f"{base}/headcount/correct"
    shown = form_with(admin.get(url).text, "version")["version"]
    sent = typed("3", "26", "11", version=shown, reason="นับผิดกลุ่ม")
    with app.app_context(), writing(), privileged("somebody else moves people between groups") as session:
        session.get_one(Participation, key).headcount_parts = {"1": 2, "2": 26, "3": 12}
    assert admin.submit(url, sent).status_code == 409, "the sum is the same, the groups are not"
    with app.app_context(), writing(), privileged("and back") as session:
        session.get_one(Participation, key).headcount_parts = {"1": 3, "2": 25, "3": 12}
    assert admin.submit(url, sent).status_code == 302
    executive = client_as("executive")
    page = executive.get(f"{base}/correction").text
    assert "ลูกจ้าง 11" in page
    assert executive.submit(f"{base}/correction", form_with(page, "version")).status_code == 302
    found = mine(app, world, round_id)
    assert (found.headcount, found.headcount_parts) == (40, {"1": 3, "2": 26, "3": 11})
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalars(select(HeadcountCorrection.parts_before)).one() == {"1": 3, "2": 25, "3": 12}
