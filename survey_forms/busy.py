"""What a respondent reads who comes when no place is free: made before the application, from fixed parts.

A form that was sent comes back: to the script of the form's page as the few parts that it reads (it keeps the
page and sends again by itself), to a browser without it as a page that holds everything typed and one button.
The ID stands in that one answer and nowhere else.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, render_template
from markupsafe import Markup, escape

from portal.ballot.languages import ENGLISH, THAI, Wording
from portal.ballot.public_words import say, say_in_page, speak
from survey_forms.inline import POLICY, STYLE, squeeze
from survey_forms.submission import LARGEST_BODY, MOST_FIELDS

Headers = list[tuple[str, str]]
#: who is refused comes again after so many seconds: not all in the same one
SOONEST, LATEST = 8, 20
_SECONDS, _FIELDS = "\ue002", "\ue003"
_HEADERS: Headers = [
    ("content-type", "text/html; charset=utf-8"),
    ("content-security-policy", POLICY),
    ("cache-control", "private, no-store"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-robots-tag", "noindex"),
]


def refusals(app: Flask) -> Callable[[Any, bytes], tuple[Headers, bytes]]:
    """The pages of a 503 as the web server's door asks for them: by a request's head and body."""
    with app.test_request_context():
        pages = {language: _Pages(language) for language in (THAI, ENGLISH)}

    def refuse(scope: Any, body: bytes) -> tuple[Headers, bytes]:
        other = "lang=" in scope.query_string and f"lang={THAI}" not in scope.query_string
        own = pages[ENGLISH if other else THAI]
        seconds = random.randint(SOONEST, LATEST)  # noqa: S311 - spreads people over time
        headers = [*_HEADERS, ("retry-after", str(seconds))]
        if scope.method == "POST":
            script = "text/html" not in (scope.headers.get("accept") or "")
            return headers, (own.to_script if script else own.filled)(body, seconds)
        if "gzip" in (scope.headers.get("accept-encoding") or ""):
            return [*headers, ("content-encoding", "gzip"), ("vary", "accept-encoding")], own.packed(seconds)
        return headers, own.blank(seconds)

    return refuse


class _Pages:
    """The pages in one language."""

    def __init__(self, language: str) -> None:
        speak(Wording(language))
        begin = say(
            "Many people are using the system. This page opens by itself in %(n)s seconds", n=_SECONDS
        )
        again = say(
            "Many people are using the system. Your answers are kept in this page: wait %(n)s seconds, then"
            " send",
            n=_SECONDS,
        )
        stays = say(
            "Many people are using the system. Leave this page open: your answers are sent again by"
            " themselves",
        )
        self._blank = _page(language, say("Please wait a moment"), begin, reloads=True)
        self._filled = _page(language, say("Not sent yet"), again, reloads=False)
        self._stays = f'<div class="err"><p>{escape(stays)}</p></div>'
        self.packed = cache(lambda seconds: gzip.compress(self.blank(seconds)))

    def blank(self, seconds: int) -> bytes:
        """Somebody who begins: the page asks again by itself."""
        return self._blank.replace(_SECONDS, str(seconds)).encode()

    def filled(self, body: bytes, seconds: int) -> bytes:
        """Everything that was sent, to be sent once more by one press."""
        fields = _hidden(_fields_of(body))
        return self._filled.replace(_SECONDS, str(seconds)).replace(_FIELDS, fields).encode()

    def to_script(self, body: bytes, seconds: int) -> bytes:
        """What form.js reads of an answer that is a form again: its token, when to send, and words."""
        token = _hidden(pair for pair in _fields_of(body) if pair[0] == "t")
        return f'<form id="f" data-r="{seconds}">{token}</form>{self._stays}'.encode()


def _page(language: str, title: str, text: str, *, reloads: bool) -> str:
    html = render_template(
        "survey/busy.html",
        language=language,
        title=title,
        text=text,
        reloads=reloads,
        seconds=_SECONDS,
        fields=_FIELDS,
        _=say_in_page,
        style=STYLE,
    )
    return squeeze(html)


def _fields_of(body: bytes) -> list[tuple[str, str]]:
    """The fields of a form's body; none where it is no form of ours."""
    if len(body) > LARGEST_BODY:
        return []
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return []


def _hidden(fields: Iterable[tuple[str, str]]) -> str:
    one = Markup('<input type="hidden" name="{}" value="{}">')
    return "".join(one.format(name, value) for name, value in fields)
