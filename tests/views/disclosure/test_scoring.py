"""The assessor's scoring on the screen: the list, an item's points, taking them back, the end of it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from models.disclosure import DisclosureState
from portal.core.bounds import LONGEST_TEXT
from portal.core.web import Portal
from portal.tools.drill import checklists
from tests.support.checklists import answer_at, begin, bring_to, own, stored
from tests.support.client import PortalClient
from tests.support.world import World, acting_as
from tests.views.disclosure.test_answering import base, item_of, version_in

S = DisclosureState
ClientAs = Callable[[str], PortalClient]
pytestmark = pytest.mark.postgres
WHY = "ไม่พบเอกสารตามลิงก์"


@pytest.fixture
def confirmed(app: Portal, world: World) -> World:
    """a1's checklist with the assessor."""
    with app.app_context():
        bring_to(world, S.CONFIRMED)
    return world


@pytest.fixture
def assessor(client_as: ClientAs) -> PortalClient:
    return client_as("assessor")


def room(world: World, agency: str = "a1") -> str:
    return f"{base(world)}/scoring/{world.participation[agency]}"


def points(app: Portal, world: World, place: int = 0) -> tuple[Decimal | None, str]:
    with app.app_context(), acting_as(world.actor("assessor")):
        answer = answer_at(world, place)
        return answer.score, answer.score_note


def score_all(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("assessor")) as actor:
        checklists.score_all(own(world), actor=actor, points=lambda _item: Decimal(100))


# -- the list ----------------------------------------------------------------------------------------------


def test_the_list_begins_with_what_can_be_scored_and_counts_each_view(
    app: Portal, confirmed: World, assessor: PortalClient
) -> None:
    page = assessor.get(f"{base(confirmed)}/scoring").text
    assert page.index("เทศบาลตำบลเกาะคา") < page.index("องค์การบริหารส่วนตำบลท่าผา")
    assert "รอให้คะแนน" in page and "ยังไม่เริ่ม" in page and "0 จาก 48" in page
    due, done = (assessor.get(f"{base(confirmed)}/scoring?show={view}").text for view in ("due", "done"))
    assert "เทศบาลตำบลเกาะคา" in due and "ท่าผา" not in due
    assert "เกาะคา" not in done and "ท่าผา" not in done
    unknown = assessor.get(f"{base(confirmed)}/scoring?show=nonsense&page=99")
    assert unknown.status_code == 200 and "ท่าผา" in unknown.text


def test_a_search_finds_by_a_part_of_the_name_inside_the_view(
    app: Portal, confirmed: World, assessor: PortalClient
) -> None:
    found = assessor.get(f"{base(confirmed)}/scoring?q=เกาะ&show=due").text
    assert "เทศบาลตำบลเกาะคา" in found and "ท่าผา" not in found
    assert "ไม่พบหน่วยงาน" in assessor.get(f"{base(confirmed)}/scoring?q=ไสไทย").text


def test_out_of_time_the_list_says_so_and_an_item_has_no_form(
    app: Portal, confirmed: World, assessor: PortalClient, clock: Callable[[object], None],
    client_as: ClientAs,
) -> None:  # fmt: skip
    score_all(app, confirmed)
    clock("2019-06-01T10:00:00+07:00")
    late = client_as("assessor")
    assert "2562" in late.get(f"{base(confirmed)}/scoring").text
    page = late.get(f"{room(confirmed)}/{item_of(app, confirmed)}").text
    assert 'name="points"' not in page and "100.00 คะแนน" in page
    sent = late.submit(
        f"{room(confirmed)}/{item_of(app, confirmed)}", {"points": "0", "note": WHY, "version": "9"}
    )
    assert sent.status_code == 422
    assert points(app, confirmed) == (Decimal(100), "")


# -- the points of an item -----------------------------------------------------------------------------------


def test_points_are_saved_and_lead_to_the_next_item_without_any(
    app: Portal, confirmed: World, assessor: PortalClient
) -> None:
    url = f"{room(confirmed)}/{item_of(app, confirmed)}"
    answer = assessor.submit(
        url, {"points": "100", "note": " ครบ ", "version": version_in(assessor.get(url).text)}
    )
    assert answer.location == f"{room(confirmed)}/{item_of(app, confirmed, 1)}"
    assert "ให้คะแนนข้อ O1 แล้ว" in assessor.get(answer.location).text
    assert points(app, confirmed) == (Decimal(100), "ครบ")
    page = assessor.get(url).text
    assert "checked" in page and "ครบ" in page
    assert "ให้คะแนนแล้ว 1 จาก 48 ข้อ" in assessor.get(room(confirmed)).text


def test_the_last_points_lead_back_to_the_agency(
    app: Portal, confirmed: World, assessor: PortalClient
) -> None:
    score_all(app, confirmed)
    url = f"{room(confirmed)}/{item_of(app, confirmed)}"
    sent = {"points": "0", "note": WHY, "version": version_in(assessor.get(url).text)}
    assert assessor.submit(url, sent).location == room(confirmed)
    assert points(app, confirmed) == (Decimal(0), WHY)


#: what is sent instead of good points, and what the form says about it
NO_POINTS: tuple[tuple[dict[str, str], str], ...] = (
    ({"points": "0"}, "เขียนเหตุผลที่ข้อนี้ไม่ได้คะแนน"),
    ({"points": "0", "note": "  "}, "เขียนเหตุผลที่ข้อนี้ไม่ได้คะแนน"),
    ({}, "เลือกคะแนนของข้อนี้"),
    ({"points": "50"}, "เลือกคะแนนของข้อนี้"),
    ({"points": "มาก"}, "เลือกคะแนนของข้อนี้"),
    ({"points": "NaN"}, "เลือกคะแนนของข้อนี้"),
    ({"points": "sNaN"}, "เลือกคะแนนของข้อนี้"),
    ({"points": "100", "note": "ก" * (LONGEST_TEXT + 1)}, "20,000"),
    ({"points": "100", "note": "ก" * 1001}, "หมายเหตุยาวได้ไม่เกิน 1000 ตัวอักษร ขณะนี้มี 1001"),
)


def test_what_is_wrong_stands_on_the_form_and_no_points_are_given(
    app: Portal, confirmed: World, assessor: PortalClient
) -> None:
    url = f"{room(confirmed)}/{item_of(app, confirmed)}"
    version = version_in(assessor.get(url).text)
    for sent, says in NO_POINTS:
        answer = assessor.submit(url, {"version": version, **sent})
        assert answer.status_code == 422 and says in answer.text, sent
        assert sent.get("note", "").strip() in answer.text
    assert points(app, confirmed) == (None, "")


def test_a_stale_page_gives_no_points_and_keeps_what_was_typed(
    app: Portal, confirmed: World, assessor: PortalClient
) -> None:
    url = f"{room(confirmed)}/{item_of(app, confirmed)}"
    seen = version_in(assessor.get(url).text)
    assert assessor.submit(url, {"points": "100", "note": "", "version": seen}).status_code == 302
    stale = assessor.submit(url, {"points": "0", "note": WHY, "version": seen})
    assert stale.status_code == 409
    assert "มีผู้อื่นแก้ไขหน้านี้ก่อนท่าน" in stale.text and WHY in stale.text
    assert points(app, confirmed) == (Decimal(100), "")
    again = {"points": "0", "note": WHY, "version": version_in(stale.text)}
    assert assessor.submit(url, again).status_code == 302
    assert points(app, confirmed) == (Decimal(0), WHY)


def test_points_are_taken_back_by_their_button(app: Portal, confirmed: World, assessor: PortalClient) -> None:
    score_all(app, confirmed)
    url = f"{room(confirmed)}/{item_of(app, confirmed)}"
    answer = assessor.submit(f"{url}/clear", {"version": version_in(assessor.get(url).text)})
    assert answer.location == url
    page = assessor.get(url).text
    assert "ยกเลิกคะแนนแล้ว" in page and f"{url}/clear" not in page
    assert points(app, confirmed) == (None, "")


# -- the end of the scoring --------------------------------------------------------------------------------


def test_finishing_asks_for_a_tick_and_is_final(
    app: Portal, confirmed: World, assessor: PortalClient
) -> None:
    score_all(app, confirmed)
    url = f"{room(confirmed)}/finish"
    asked = assessor.get(url)
    assert asked.status_code == 200 and "เทศบาลตำบลเกาะคา" in asked.text
    form = {"version": version_in(asked.text)}
    unticked = assessor.submit(url, form)
    assert unticked.status_code == 422 and "ทำเครื่องหมายในช่องเพื่อยืนยัน" in unticked.text
    done = assessor.submit(url, {**form, "confirm": "1"}, follow_redirects=True)
    assert "ให้คะแนนเทศบาลตำบลเกาะคาเสร็จแล้ว" in done.text
    with app.app_context(), acting_as(confirmed.actor("nacc")):
        assert stored(confirmed).state is S.SCORED
    assert assessor.get(url).status_code == 409


def test_it_is_not_finished_before_every_item_has_its_points(
    app: Portal, confirmed: World, assessor: PortalClient
) -> None:
    page = assessor.get(f"{room(confirmed)}/finish")
    assert page.status_code == 409 and "เหลืออีก 48 ข้อ" in page.text
    sent = assessor.submit(f"{room(confirmed)}/finish", {"version": "3", "confirm": "1"})
    assert sent.status_code == 409
    assert "เสร็จสิ้นได้เมื่อให้คะแนนครบทุกข้อ" in assessor.get(room(confirmed)).text


def test_a_checklist_that_was_not_handed_on_is_read_and_not_scored(
    app: Portal, world: World, assessor: PortalClient
) -> None:
    item = item_of(app, world)
    nothing = assessor.submit(f"{room(world)}/{item}", {"points": "100", "note": "", "version": "1"})
    assert nothing.status_code == 422 and "ผู้ดูแลของหน่วยงานกำลังตอบอยู่" in nothing.text
    with app.app_context():
        begin(world)
    assert "กำลังตอบอยู่" in assessor.get(room(world)).text
