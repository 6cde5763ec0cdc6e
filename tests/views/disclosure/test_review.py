"""The executive's review on the screen: pass, fail with a reason, undo, and the two ends of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.disclosure import DisclosureState, Review
from portal.core.web import Portal
from portal.tools.drill import checklists
from tests.support.checklists import answer_at, bring_to, mark, own, stored
from tests.support.client import PortalClient
from tests.support.world import World, acting_as
from tests.views.disclosure.test_answering import base, item_of, version_in

S = DisclosureState
ClientAs = Callable[[str], PortalClient]
pytestmark = pytest.mark.postgres


@pytest.fixture
def submitted(app: Portal, world: World) -> World:
    """a1's checklist with the executive."""
    with app.app_context():
        bring_to(world, S.SUBMITTED)
    return world


@pytest.fixture
def executive(client_as: ClientAs) -> PortalClient:
    return client_as("executive")


@pytest.fixture
def at(app: Portal, submitted: World) -> Callable[[int], str]:
    """The review page of the item at a place."""
    return lambda place: f"{base(submitted)}/oit/review/{item_of(app, submitted, place)}"


def judged(app: Portal, world: World, place: int = 0) -> tuple[Review, str]:
    """The stored mark of an item and its reason."""
    with app.app_context(), acting_as(world.actor("executive")):
        answer = answer_at(world, place)
        return answer.review, answer.review_reason


def state_of(app: Portal, world: World) -> DisclosureState:
    with app.app_context(), acting_as(world.actor("nacc")):
        return stored(world).state


def all_passed_but(app: Portal, world: World, *failed: int) -> None:
    """Every item judged; those at some places as failed."""
    with app.app_context(), acting_as(world.actor("executive")) as actor:
        for place in failed:
            mark(world, place, Review.FAIL, reason="ลิงก์เปิดไม่ได้")
        checklists.pass_all(own(world), actor=actor)


def test_passing_leads_to_the_next_item_with_an_undo_that_takes_it_back(
    app: Portal, submitted: World, executive: PortalClient, at: Callable[[int], str]
) -> None:
    answer = executive.submit(f"{at(0)}/pass", {"version": version_in(executive.get(at(0)).text)})
    assert answer.location == f"{at(1)}?passed={item_of(app, submitted, 0)}"
    page = executive.get(answer.location).text
    assert "บันทึกข้อ O1 ผ่าน" in page and f'action="{at(0)}/undo"' in page
    assert judged(app, submitted) == (Review.PASS, "")
    undone = executive.submit(f"{at(0)}/undo", {"version": version_in(executive.get(at(0)).text)})
    assert undone.location == at(0)
    assert judged(app, submitted) == (Review.PENDING, "")
    assert "บันทึกข้อ O1 ผ่าน" not in executive.get(answer.location).text


def test_the_last_item_leads_to_the_overview_and_a_passed_one_is_left_out(
    app: Portal, submitted: World, executive: PortalClient, at: Callable[[int], str]
) -> None:
    with app.app_context(), acting_as(submitted.actor("executive")):
        mark(submitted, 1, Review.PASS)
    version = version_in(executive.get(at(0)).text)
    assert executive.submit(f"{at(0)}/pass", {"version": version}).location.startswith(f"{at(2)}?")
    all_passed_but(app, submitted, 47)
    with app.app_context(), acting_as(submitted.actor("executive")):
        mark(submitted, 47, Review.PENDING)
    answer = executive.submit(f"{at(47)}/pass", {"version": version_in(executive.get(at(47)).text)})
    assert answer.location.startswith(f"{base(submitted)}/oit/review?passed=")
    page = executive.get(answer.location).text
    assert "48" in page and "บันทึกข้อ O48 ผ่าน" in page


#: what is chosen and typed, and the reason that the admin reads
REASONS = (
    ({"why": "link"}, "ลิงก์เปิดไม่ได้"),
    ({"why": "link", "more": " หน้า 3 "}, "ลิงก์เปิดไม่ได้ · หน้า 3"),
    ({"why": "other", "more": "ไม่ใช่ของเรา"}, "ไม่ใช่ของเรา"),
    ({"more": "ไม่ใช่ของอำเภอ"}, "ไม่ใช่ของอำเภอ"),
    ({"why": "no such reason", "more": "ขาดหน้า 2"}, "ขาดหน้า 2"),
)


def test_a_reason_is_a_ready_one_or_own_words_or_both(
    app: Portal, submitted: World, executive: PortalClient, at: Callable[[int], str]
) -> None:
    asked = executive.get(f"{at(0)}/fail")
    assert asked.status_code == 200 and "เอกสารไม่ใช่ของปีที่ประเมิน" in asked.text
    for place, (sent, kept) in enumerate(REASONS):
        version = version_in(executive.get(f"{at(place)}/fail").text)
        answer = executive.submit(f"{at(place)}/fail", {"version": version, **sent})
        assert answer.location == at(place + 1)
        assert judged(app, submitted, place) == (Review.FAIL, kept)
    overview = executive.get(f"{base(submitted)}/oit/review").text
    assert all(kept in overview for _sent, kept in REASONS)


def test_without_a_reason_nothing_fails(
    app: Portal, submitted: World, executive: PortalClient, at: Callable[[int], str]
) -> None:
    version = version_in(executive.get(f"{at(0)}/fail").text)
    nothing: tuple[dict[str, str], ...] = ({}, {"why": "other"}, {"why": "other", "more": "   "})
    for sent in nothing:
        answer = executive.submit(f"{at(0)}/fail", {"version": version, **sent})
        assert answer.status_code == 422
        assert "เลือกเหตุผลหรืออธิบายว่าเหตุใดจึงไม่ผ่าน" in answer.text, sent
    assert judged(app, submitted) == (Review.PENDING, "")


def test_a_reason_that_is_too_long_stays_on_the_form_with_its_length(
    app: Portal, submitted: World, executive: PortalClient, at: Callable[[int], str]
) -> None:
    version = version_in(executive.get(f"{at(0)}/fail").text)
    answer = executive.submit(f"{at(0)}/fail", {"version": version, "why": "other", "more": "ก" * 1001})
    assert answer.status_code == 422
    assert "เหตุผลยาวได้ไม่เกิน 1000 ตัวอักษร ขณะนี้มี 1001 ตัวอักษร" in answer.text and "ก" * 1001 in answer.text
    assert judged(app, submitted) == (Review.PENDING, "")


def test_a_stale_page_fails_nothing_and_keeps_the_reason(
    app: Portal, submitted: World, executive: PortalClient, at: Callable[[int], str]
) -> None:
    seen = version_in(executive.get(f"{at(0)}/fail").text)
    with app.app_context(), acting_as(submitted.actor("executive")):
        mark(submitted, 0, Review.PASS)
    stale = executive.submit(f"{at(0)}/fail", {"version": seen, "more": "ขาดลายเซ็น"})
    assert stale.status_code == 409
    assert "มีผู้อื่นแก้ไขหน้านี้ก่อนท่าน" in stale.text and "ขาดลายเซ็น" in stale.text
    assert judged(app, submitted) == (Review.PASS, "")
    again = {"version": version_in(stale.text), "more": "ขาดลายเซ็น"}  # decided again, knowing what is stored
    assert executive.submit(f"{at(0)}/fail", again).status_code == 302
    assert judged(app, submitted) == (Review.FAIL, "ขาดลายเซ็น")


# -- the ends of the review --------------------------------------------------------------------------------


def test_confirming_asks_for_a_tick_and_then_hands_on_to_the_assessor(
    app: Portal, submitted: World, executive: PortalClient
) -> None:
    all_passed_but(app, submitted)
    url = f"{base(submitted)}/oit/review/confirm"
    asked = executive.get(url)
    assert asked.status_code == 200 and "ผ่านครบทั้ง 48 ข้อ" in asked.text
    form = {"version": version_in(asked.text)}
    unticked = executive.submit(url, form)
    assert unticked.status_code == 422 and "ทำเครื่องหมายในช่องเพื่อยืนยัน" in unticked.text
    assert state_of(app, submitted) is S.SUBMITTED
    done = executive.submit(url, {**form, "confirm": "1"}, follow_redirects=True)
    assert "ยืนยันการตรวจแล้ว" in done.text
    assert state_of(app, submitted) is S.CONFIRMED
    again = executive.get(url)
    assert again.status_code == 409 and "ผู้บริหารยืนยันการตรวจแล้วเมื่อ" in again.text


def test_returning_names_how_many_and_gives_back_to_the_admin(
    app: Portal, submitted: World, executive: PortalClient
) -> None:
    all_passed_but(app, submitted, 3, 4)
    overview = executive.get(f"{base(submitted)}/oit/review").text
    assert "ยืนยันได้เมื่อทุกข้อผ่าน เหลืออีก 2 ข้อ (O4, O5)" in overview
    url = f"{base(submitted)}/oit/review/return"
    asked = executive.get(url)
    assert "ส่งข้อที่ไม่ผ่าน 2 ข้อ" in asked.text
    done = executive.submit(url, {"version": version_in(asked.text)}, follow_redirects=True)
    assert "ส่งกลับแก้ไขแล้ว" in done.text
    assert state_of(app, submitted) is S.RETURNED


@pytest.mark.parametrize(("step", "says"), [("confirm", "เหลืออีก 48 ข้อ"), ("return", "อย่างน้อย 1 ข้อ")])
def test_an_end_that_is_not_possible_says_why_and_shows_no_form(
    app: Portal, submitted: World, executive: PortalClient, step: str, says: str
) -> None:
    url = f"{base(submitted)}/oit/review/{step}"
    page = executive.get(url)
    assert page.status_code == 409 and says in page.text
    sent = executive.submit(url, {"version": "2", "confirm": "1"})
    assert sent.status_code == 409
    assert state_of(app, submitted) is S.SUBMITTED


def test_a_confirmed_review_can_be_read_and_no_longer_changed(
    app: Portal, world: World, executive: PortalClient
) -> None:
    with app.app_context():
        bring_to(world, S.CONFIRMED)
    page = f"{base(world)}/oit/review/{item_of(app, world)}"
    shown = executive.get(page).text
    assert "O1.pdf" in shown and f"{page}/pass" not in shown
    for act in ("pass", "undo", "fail"):
        sent = executive.submit(f"{page}/{act}", {"version": "3", "more": "ขาดลายเซ็น"})
        assert sent.status_code in (409, 422), act
        assert "ผู้บริหารยืนยันการตรวจแล้วเมื่อ" in sent.text, act
    assert judged(app, world) == (Review.PASS, "")
