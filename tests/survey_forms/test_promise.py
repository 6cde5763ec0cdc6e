"""The page on the citizen ID: open to anybody, in two languages, small, and leading nowhere but to itself."""

from __future__ import annotations

import re

import pytest

from portal.core.web import Portal
from tests.support.respondents import IIT, confirm, link_codes
from tests.support.world import World

#: what ADR 3 names under "What it does not protect against", in the page's words
LIMITS = (
    "changes the program",
    "key of the sealed answers",
    "A shared device",
    "answers with your ID before you",
    "Made-up numbers",
    "by interview and by link",
    "whoever keeps this machine",
)


def test_anybody_reads_it_in_thai(app: Portal) -> None:
    answer = app.test_client().get("/citizen-id")
    assert answer.status_code == 200
    assert '<html lang="th">' in answer.text
    assert "เลขประจำตัวประชาชนของท่านถูกใช้อย่างไร" in answer.text
    assert not re.search(r">[^<]*\b(the|your|and)\b[^<]*<", answer.text.split("<main>")[1]), "English is left"


def test_in_english_every_limit_that_the_decision_names_is_said(app: Portal) -> None:
    page = app.test_client().get("/citizen-id?lang=en").text
    assert '<html lang="en">' in page
    for words in LIMITS:
        assert words in page
    assert not re.search("[\u0e01-\u0e2e]", page.split("<main>")[1])


@pytest.mark.parametrize("lang", ["", "?lang=xx", "?lang=en"])
def test_it_is_one_small_document_without_script_and_cookie(app: Portal, lang: str) -> None:
    answer = app.test_client().get(f"/citizen-id{lang}")
    assert len(answer.data) < 30 * 1024
    assert "<script" not in answer.text and "Set-Cookie" not in answer.headers
    assert "no-store" in answer.headers["Cache-Control"]
    assert set(re.findall(r'href="([^"]+)"', answer.text)) == {"data:,", "/citizen-id", "/citizen-id?lang=en"}


def test_the_demonstration_says_who_holds_the_keys(app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "whoever keeps this machine"
    assert said in app.test_client().get("/citizen-id?lang=en").text
    monkeypatch.setattr("survey_forms.promise.is_demo", lambda: False)
    assert said not in app.test_client().get("/citizen-id?lang=en").text


def test_the_form_and_the_sign_in_page_lead_to_it(app: Portal, world: World) -> None:
    confirm(app, world, "a1")
    client = app.test_client()
    form = client.get(f"/s/{link_codes(app, world)[IIT]}").text
    assert '<a href="/citizen-id" target="_blank" rel="noopener">' in form
    assert 'href="/citizen-id"' in client.get("/sign-in").text
