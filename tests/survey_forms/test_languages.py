"""A form in the language of who answers: chosen by its address, each text falling back to Thai."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Page, expect

from models.instrument import InstrumentKind
from models.year import RoundText, RoundTranslation
from portal.ballot.languages import Place
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from survey_forms import context
from tests.support.ballots import answers_counted
from tests.support.browser import sound
from tests.support.respondents import LINES, citizen_id, confirm, filled, link_codes, token_in
from tests.support.world import World
from tests.survey_forms.phones import choose

EIT = InstrumentKind.EIT
ENGLISH: Mapping[Place, str] = {
    ("instrument", "eit", "name"): "External survey",
    ("question", "eit:E1", "text"): "How well & fast do officials work?",
    ("page", "survey.thanks", "words"): "Thank you very much",
}
MYANMAR: Mapping[Place, str] = {("question", "eit:E1", "text"): "ဝန်ထမ်းများ မည်မျှ ကောင်းသနည်း"}


@pytest.fixture
def url(app: Portal, world: World) -> Iterator[str]:
    confirm(app, world)
    with app.app_context(), writing(), privileged("a round with languages") as session:
        for language, words in (("en", ENGLISH), ("my", MYANMAR)):
            for (thing, code, field), said in words.items():
                row = {"thing": thing, "code": code, "field": field, "words": said}
                session.add(RoundTranslation(round_id=world.round_id, language=language, **row))
        session.add(RoundText(round_id=world.round_id, key="survey.notice_eit", words="ตอบได้ที่ <ศาลา>\nทุกวัน"))
        session.add(RoundText(round_id=world.round_id, key="survey.published", words="ประกาศผลที่อำเภอ"))
    context.clear()
    yield f"/s/{link_codes(app, world)[EIT]}"
    context.clear()


def read(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", page))


@pytest.mark.usefixtures("thawed")
def test_without_a_language_the_form_is_thai_in_the_round_s_words(app: Portal, url: str) -> None:
    page = app.test_client().get(url).text
    assert '<html lang="th">' in page and 'lang="th"' not in page.split("<nav")[1].split("<main")[1]
    assert "<p>ตอบได้ที่ &lt;ศาลา&gt;</p><p>ทุกวัน</p>" in page
    assert re.findall(r'href="\?lang=(\w+)"', page) == ["th", "en", "my"]
    assert "ภาษาของแบบสำรวจ" in page


@pytest.mark.usefixtures("thawed")
def test_in_english_every_text_is_english_or_marked_as_thai(app: Portal, url: str) -> None:
    answer = app.test_client().get(f"{url}?lang=en")
    page = read(answer.text)
    assert '<html lang="en">' in page and "How well & fast do officials work?" in page
    assert "Send the answers" in page and "Your citizen ID" in page and "ส่งคำตอบ" not in page
    assert re.search(r"Answers are taken until \d+ \w+ 2018 \d\d:\d\d", page)
    bare = re.sub(r'<(\w+)[^>]* lang="th"[^>]*>.*?</\1>', "", page)
    assert not re.search("[\u0e01-\u0e2e]", bare), re.findall("[^<>]*[\u0e01-\u0e2e][^<>]*", bare)
    assert "Set-Cookie" not in answer.headers
    other = read(app.test_client().get(f"{url}?lang=my").text)
    assert (
        '<html lang="my">' in other and MYANMAR["question", "eit:E1", "text"] in other and "ส่งคำตอบ" in other
    )


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize("language", ["", "th", "lo", "xx", "en%20", "<script>"])
def test_a_language_that_the_round_has_not_is_thai(app: Portal, url: str, language: str) -> None:
    assert '<html lang="th">' in app.test_client().get(f"{url}?lang={language}").text


@pytest.mark.usefixtures("thawed")
@pytest.mark.postgres
def test_an_answer_in_english_is_the_same_answer_and_its_pages_stay_english(
    app: Portal, world: World, url: str
) -> None:
    client, here = app.test_client(), f"{url}?lang=en"
    form = filled(token_in(client.get(here).text), "1", EIT)
    wrong = client.post(here, data=form)
    assert wrong.status_code == 422 and "A citizen ID has 13 digits, there are 1 now" in read(wrong.text)
    form["id"] = citizen_id(5)
    sent = client.post(here, data=form)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{url}/thanks?lang=en")
    thanks = read(client.get(sent.headers["Location"]).text)
    assert '<html lang="en">' in thanks and "Thank you very much" in thanks and "ประกาศผลที่อำเภอ" in thanks
    again = client.post(here, data=form)
    assert again.headers["Location"] == f"{url}/thanks?again&lang=en"
    other = filled(token_in(client.get(here).text), citizen_id(5), EIT)
    already = client.post(here, data=other)
    assert already.status_code == 409 and f'action="{url}?lang=en"' in already.text
    assert "This ID has already answered for this agency" in already.text
    with app.app_context():
        assert answers_counted(world.round_id) == 1


@pytest.mark.usefixtures("thawed")
@pytest.mark.browser
def test_a_phone_answers_in_english(app: Portal, url: str, address: str, phone: Page) -> None:
    phone.goto(f"{address}{url}")
    sound(phone)
    phone.get_by_role("link", name="English").click()
    expect(phone.get_by_role("link", name="English")).to_have_attribute("aria-current", "true")
    sound(phone)
    phone.get_by_label("Your citizen ID").fill(citizen_id(6))
    forward = phone.get_by_role("button", name="Next")
    for _part in range(3):
        forward.click()
        for group in phone.locator(".q:visible").all():
            group.locator("label").first.click()
    phone.get_by_role("button", name="Send the answers").click()
    expect(phone.get_by_role("heading", name="Thank you very much")).to_be_visible()
    sound(phone)


@pytest.mark.usefixtures("thawed")
@pytest.mark.browser
def test_a_phone_without_script_answers_in_english(url: str, address: str, plain_phone: Page) -> None:
    plain_phone.goto(f"{address}{url}?lang=en")
    choose(plain_phone, range(LINES[EIT]))
    plain_phone.get_by_label("Your citizen ID").fill(citizen_id(7))
    plain_phone.get_by_role("button", name="Send the answers").click()
    expect(plain_phone.get_by_role("heading", name="Thank you very much")).to_be_visible()
