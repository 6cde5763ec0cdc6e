"""The back office's own pages in Chromium: axe on each with something on it, and the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from models.account import Role
from models.descriptive import FieldKind
from portal.core.web import Portal
from tests.factories.announcements import AnnouncementFactory, AnnouncementPlaceFactory
from tests.factories.base import Make
from tests.factories.distribution import AssessorConflictFactory, AssessorRuleFactory, DistributionFactory
from tests.factories.lists import SavedFilterFactory
from tests.factories.places import DescriptiveFieldFactory, SectorFactory
from tests.support.browser import DESKTOP, PHONE, fits, sound
from tests.support.client import PortalClient
from tests.support.live import served
from tests.support.world import World

pytestmark = pytest.mark.browser
LONG = "กำหนดส่งรายชื่อผู้มีส่วนได้ส่วนเสียภายนอกของหน่วยงาน https://www.example.go.th/" + "manual-" * 9
#: each control of the page in the order of the keyboard, until it begins anew
MOST_STOPS = 130
#: what has the focus: its place among all elements, and whether one sees that it has it
FOCUSED = """() => { const one = document.activeElement; const drawn = getComputedStyle(one);
  const seen = parseFloat(drawn.outlineWidth) > 0 && drawn.outlineStyle !== "none";
  const place = [...document.querySelectorAll("*")].indexOf(one);
  return [place, seen || one === document.body, one.outerHTML.slice(0, 90)]; }"""
#: the controls of the content that can be seen, by the same numbers; of radio buttons one stop is enough
CONTROLS = """() => { const all = [...document.querySelectorAll("*")];
  const kinds = ["a[href]", "button", "input", "select", "textarea", "summary"];
  return [...document.querySelectorAll(kinds.map(kind => "main " + kind).join())]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && one.type !== "radio" && !one.disabled)
    .map(one => all.indexOf(one)); }"""

Seat = Callable[[str], Page]


@pytest.fixture
def seat(app: Portal, browser: Browser, client_as: Callable[[str], PortalClient]) -> Iterator[Seat]:
    """A page of one person after the other; nothing on any console."""
    complaints: list[str] = []
    with served(app) as address:
        context = browser.new_context(locale="th-TH", base_url=address)

        def sit(person: str) -> Page:
            cookie = client_as(person).get_cookie("portal")
            assert cookie is not None
            context.clear_cookies()
            context.add_cookies([{"name": "portal", "value": cookie.value, "url": address}])
            page = context.new_page()
            page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            return page

        yield sit
        context.close()
    assert not complaints


@pytest.fixture
def things(world: World, make: Make) -> dict[str, int]:
    """Something of each kind, with long words."""
    sent = make(AnnouncementFactory, heading=LONG, text=LONG)
    make(AnnouncementPlaceFactory, announcement=sent)
    draft = make(AnnouncementFactory, heading=LONG, text=LONG, sent_at=None, sent_by="")
    field = make(DescriptiveFieldFactory, key="area", label=LONG[:60], kind=FieldKind.TEXT)
    kept = make(SavedFilterFactory, account_id=world.account["dla"], role=Role.DLA, name=LONG[:60])
    body = next(iter(world.body.values()))
    rule = make(AssessorRuleFactory, round_id=world.round_id, body_ids=[body])
    make(AssessorConflictFactory)
    act = make(DistributionFactory, round_id=world.round_id)
    rows = {"sent": sent, "draft": draft, "field": field, "kept": kept, "rule": rule, "act": act}
    return {name: row.id for name, row in rows.items()}


def looked_at(page: Page, addresses: list[str]) -> None:
    """Each page on a phone with axe, then as wide as a desk."""
    for address in addresses:
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        sound(page)
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        fits(page)


def walked(page: Page) -> None:
    """Tab reaches every control of the content, and one sees where one is."""
    left = set(page.evaluate(CONTROLS))
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        place, seen, what = page.evaluate(FOCUSED)
        assert seen, what
        left.discard(place)
        if not left:
            return
    named = "at => document.querySelectorAll('*')[at].outerHTML"
    raise AssertionError([page.evaluate(named, one) for one in left])


def test_what_dla_sets_up_and_announces(seat: Seat, world: World, things: dict[str, int]) -> None:
    dla = seat("dla")
    looked_at(
        dla,
        [
            "/announcing",
            "/announcing/new",
            f"/announcing/{things['draft']}",
            f"/announcing/{things['sent']}",
            f"/announcing/{things['sent']}/receivers",
            f"/announcing/{things['sent']}/withdraw",
            "/admin/descriptive-fields/",
            f"/admin/descriptive-fields/edit/?id={things['field']}",
            "/admin/agencies/",
            "/lists/agencies/columns",
            f"/lists/kept/{things['kept']}",
            "/lists/agencies/all",
            f"/history/agency/{world.agency['a1']}",
            f"/history/by/{world.account['dla']}",
            "/search?q=ท่าผา",
            "/me/tokens",
            "/me/tokens/new",
            "/me/tokens/guide",
            "/admin/tokens",
        ],
    )
    for address in ("/announcing/new", "/lists/agencies/columns"):
        dla.goto(address)
        walked(dla)


def test_kinds_and_sectors_are_set_up(seat: Seat, make: Make) -> None:
    sector = make(SectorFactory, name=LONG[:60], office=LONG[:90])
    dla = seat("dla")
    looked_at(dla, ["/admin/kinds/", "/admin/kinds/new/", "/admin/kinds/edit/?id=4", "/admin/sizes/"])
    dla.goto("/admin/kinds/new/")
    walked(dla)
    nacc = seat("nacc")
    start = f"/admin/sectors/{sector.id}/start"
    looked_at(
        nacc,
        [
            "/admin/sectors/",
            "/admin/sectors/new/",
            f"/admin/sectors/details/?id={sector.id}",
            start,
            "/admin/rights",
            "/rounds/new",
        ],
    )
    nacc.goto(start)
    walked(nacc)


def test_a_list_is_worked_with_by_the_keyboard(seat: Seat, things: dict[str, int]) -> None:
    dla = seat("dla")
    dla.goto("/admin/agencies/")
    for words in ("ตัวกรองที่เก็บไว้", "ตัวกรอง"):
        dla.get_by_text(words, exact=True).focus()
        dla.keyboard.press("Enter")
        panel = dla.locator("details[open] .ita-pop-body")
        expect(panel).to_be_visible()
        sound(dla)
        dla.keyboard.press("Escape")
        expect(panel).to_be_hidden()
    dla.keyboard.press("/")
    expect(dla.locator("#find")).to_be_focused()
    dla.keyboard.type("ท่าผา")
    dla.keyboard.press("Enter")
    expect(dla.get_by_role("heading", name="ค้นทั้งระบบ")).to_be_visible()


def test_what_the_nacc_shares_out(seat: Seat, world: World, things: dict[str, int]) -> None:
    nacc, base = seat("nacc"), f"/rounds/{world.round_id}/sharing"
    looked_at(
        nacc,
        [
            base,
            f"{base}/rules",
            f"{base}/rules/{things['rule']}",
            f"{base}/move",
            f"{base}/workbook",
            f"{base}/{things['act']}",
            f"{base}/bodies/{next(iter(world.body.values()))}",
            "/admin/assessor-conflicts/",
            "/admin/assessor-conflicts/new/",
        ],
    )
    nacc.goto(f"{base}/rules/{things['rule']}")
    walked(nacc)


def test_what_was_announced_is_read_on_a_phone(seat: Seat, things: dict[str, int]) -> None:
    province = seat("province")
    looked_at(province, ["/announcements", f"/announcements/{things['sent']}", "/search"])
