"""What a respondent reads when no place is free: made by the door, from the request alone."""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from portal.core.web import Portal
from survey_forms.busy import LATEST, SOONEST, refusals
from survey_forms.submission import LARGEST_BODY, MOST_FIELDS, read_submission
from tests.support.rsgi import Headers, Scope
from tests.survey_forms.surveys import QUESTIONNAIRE

Refuse = Callable[[Any, bytes], tuple[list[tuple[str, str]], bytes]]
BROWSER, SCRIPT = ("accept", "text/html,application/xhtml+xml"), ("accept", "*/*")
ODD = '1 1037"<b>ก'
SENT = {"t": "token-of-form", "id": ODD, "q0": "3", "q1": "1"}


@pytest.fixture
def refuse(app: Portal) -> Refuse:
    return refusals(app)


def asked(
    refuse: Refuse, *headers: tuple[str, str], method: str = "GET", query: str = "", body: bytes = b""
) -> tuple[dict[str, str], str]:
    """Headers and text of a refusal."""
    told, page = refuse(Scope(Headers(headers), method=method, path="/s/x", query_string=query), body)
    said = dict(told)
    return said, (gzip.decompress(page) if said.get("content-encoding") == "gzip" else page).decode()


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_refusal_says_when_to_come_again_is_small_and_is_kept_nowhere(
    refuse: Refuse, method: str
) -> None:
    waits = set()
    for _time in range(50):
        headers, page = asked(refuse, BROWSER, method=method, body=urlencode(SENT).encode())
        waits.add(int(headers["retry-after"]))
        assert f" {headers['retry-after']} วินาที" in page
    assert len(waits) > 3, "not all come back in the same second"
    assert SOONEST <= min(waits) <= max(waits) <= LATEST
    assert headers["cache-control"] == "private, no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert len(page) < 10_000


@pytest.mark.parametrize("coding", ["gzip, br", ""])
def test_a_form_that_was_asked_for_opens_by_itself(refuse: Refuse, coding: str) -> None:
    headers, page = asked(refuse, BROWSER, ("accept-encoding", coding))
    assert f'<meta http-equiv="refresh" content="{headers["retry-after"]}">' in page
    assert "<form" not in page
    assert ("content-encoding" in headers) is bool(coding)


def test_without_script_everything_typed_comes_back_with_one_button(refuse: Refuse) -> None:
    headers, page = asked(
        refuse, BROWSER, ("accept-encoding", "gzip"), method="POST", body=urlencode(SENT).encode()
    )
    assert hidden(page) == SENT
    assert page.count("<button") == 1 and "ส่งอีกครั้ง" in page
    assert "content-encoding" not in headers, "a page that holds the ID is never compressed"
    assert "refresh" not in page, "nothing is sent that nobody pressed"
    once_more = read_submission(urlencode(hidden(page)).encode(), QUESTIONNAIRE)
    assert (once_more.typed_id, once_more.chosen) == (ODD, {0: 3, 1: 1})


def test_the_script_gets_what_it_reads_and_nothing_of_the_person(refuse: Refuse) -> None:
    headers, page = asked(refuse, SCRIPT, method="POST", body=urlencode(SENT).encode())
    assert hidden(page) == {"t": SENT["t"]}
    assert f'<form id="f" data-r="{headers["retry-after"]}">' in page
    assert '<div class="err"><p>' in page and "1037" not in page
    assert len(page) < 1500


@pytest.mark.parametrize(
    "body",
    [
        b"x=" + b"y" * LARGEST_BODY,
        "&".join(f"a{number}=1" for number in range(MOST_FIELDS + 2)).encode(),
        "ก=ข".encode(),
    ],
    ids=["too long", "too many", "not encoded"],
)
def test_what_is_no_form_of_ours_is_not_echoed(refuse: Refuse, body: bytes) -> None:
    assert hidden(asked(refuse, BROWSER, method="POST", body=body)[1]) == {}


@pytest.mark.parametrize(
    ("query", "language"), [("", "th"), ("lang=th", "th"), ("lang=en", "en"), ("lang=ms", "en")]
)
def test_it_speaks_the_language_of_the_form_where_it_can(refuse: Refuse, query: str, language: str) -> None:
    page = asked(refuse, BROWSER, query=query)[1]
    assert f'<html lang="{language}">' in page
    assert ("Many people are using the system" in page) is (language == "en")
