"""An interview in a language of the round: the switch, what stays through it, and what is sealed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Browser, expect

from models.roster import Interview
from models.roster import InterviewOutcome as Outcome
from models.year import RoundTranslation
from portal.ballot.languages import Place
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.browser import PHONE, fits
from tests.support.client import PortalClient
from tests.support.live import page_of, served
from tests.support.rosters import draw
from tests.support.world import World, row

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("thawed")]
ClientAs = Callable[[str], PortalClient]
ANSWERS = {f"q{slot}": str(1 + slot % 2) for slot in range(19)}
ENGLISH: Mapping[Place, str] = {
    ("question", "eit:E2", "text"): "How well & fast do officials work?",
    ("question", "iit:E2", "text"): "Of another survey",
    ("page", "interview.first", "words"): "You may stop at any time.",
}


@pytest.fixture
def address(app: Portal, world: World) -> str:
    """The page of a call of a round that speaks English too."""
    calls = draw(app, world, 3)
    with app.app_context(), writing(), privileged("a round with English") as session:
        for (thing, code, field), said in ENGLISH.items():
            place = {"thing": thing, "code": code, "field": field}
            session.add(RoundTranslation(round_id=world.round_id, language="en", words=said, **place))
    return f"/rounds/{world.round_id}/assessor/{world.participation['a1']}/calls/{calls[0]}"


@pytest.fixture
def interviewer(client_as: ClientAs, world: World) -> PortalClient:
    client = client_as("interviewer")
    client.submit(f"/rounds/{world.round_id}/assessor/{world.participation['a1']}/roster/names")
    return client


def test_questions_are_in_the_language_with_thai_beside_them(interviewer: PortalClient, address: str) -> None:
    thai = interviewer.get(address).text
    assert re.findall(r'name="show_in"\s+value="(\w+)"', thai) == ["th", "en"]
    assert "How well" not in thai and "ita-in-thai" not in thai
    page = interviewer.get(f"{address}?lang=en").text
    assert '<span lang="en">How well &amp; fast do officials work?</span> <span class="ita-in-thai">' in page
    assert '<span lang="en">You may stop at any time.</span> <span class="ita-in-thai">' in page
    assert "Of another survey" not in page
    assert "กล่าวก่อนเริ่มสัมภาษณ์" in page, "the interviewer's own words stay Thai"


def test_another_language_keeps_what_was_chosen_and_seals_nothing(
    app: Portal, interviewer: PortalClient, address: str
) -> None:
    chosen = {"q0": "1", "q4": "2", "version": "1", "show_in": "en"}
    shown = interviewer.submit(address, chosen)
    assert shown.status_code == 200 and shown.text.count(" checked") == 2
    assert f'action="{address}?lang=en"' in shown.text and "ita-err" not in shown.text
    assert "Set-Cookie" not in shown.headers or "lang" not in shown.headers["Set-Cookie"]
    back = interviewer.submit(f"{address}?lang=en", chosen | {"show_in": "th"})
    assert back.text.count(" checked") == 2 and "How well" not in back.text
    with app.app_context():
        assert row(Interview, int(address.rpartition("/")[2])).outcome is Outcome.PENDING


def test_the_language_stays_while_answers_are_missing_and_the_answers_are_the_same(
    app: Portal, interviewer: PortalClient, address: str
) -> None:
    missing = interviewer.submit(f"{address}?lang=en", {**ANSWERS, "q3": "", "version": "1"})
    assert missing.status_code == 422 and "How well" in missing.text and 'href="#q3"' in missing.text
    assert f'action="{address}?lang=en"' in missing.text
    sealed = interviewer.submit(f"{address}?lang=en", {**ANSWERS, "version": "1"})
    assert sealed.status_code == 302 and sealed.location == f"{address}/saved", "the next one may speak Thai"
    with app.app_context():
        assert row(Interview, int(address.rpartition("/")[2])).outcome is Outcome.ANSWERED


@pytest.mark.parametrize("language", ["xx", "my", "<script>", ""])
def test_a_language_that_the_round_has_not_is_thai(
    interviewer: PortalClient, address: str, language: str
) -> None:
    page = interviewer.get(f"{address}?lang={language}")
    assert page.status_code == 200 and "How well" not in page.text and "lang=xx" not in page.text


@pytest.mark.browser
def test_on_a_phone_the_language_is_switched_and_answers_stay_on_page_and_device(
    app: Portal, world: World, address: str, browser: Browser
) -> None:
    with (
        served(app) as url,
        page_of(browser, app, world.account["interviewer"], url=url, size=PHONE) as page,
    ):
        page.goto(address)
        page.get_by_role("button", name="แสดงชื่อ").click()
        page.get_by_role("button", name="เก็บไว้ในเครื่องนี้").first.click()
        page.locator("fieldset[id=q0] label").first.click()
        page.get_by_role("button", name="English").click()
        expect(page.get_by_text("How well & fast do officials work?")).to_be_visible()
        expect(page.get_by_role("button", name="English")).to_be_focused()
        expect(page.locator("fieldset input:checked")).to_have_count(1)
        fits(page)
        page.locator("fieldset[id=q1] label").first.focus()
        page.locator("fieldset[id=q1] input").first.press("Enter")
        expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#draft [data-when=kept]").first).to_be_visible()  # what came back is kept by now
        page.goto(f"{address}?lang=en")
        expect(page.locator("fieldset input:checked")).to_have_count(1)
