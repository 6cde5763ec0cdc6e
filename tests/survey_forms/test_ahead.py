"""The blank form that is made ahead of the request is the one that a request gets, and nothing else is."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, TestResponse

from models.survey import SurveyLink
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from survey_forms import context, respondent
from survey_forms.ahead import blank_forms
from tests.support.respondents import EIT, IIT, confirm, link_codes
from tests.support.world import NOW, World

HTTPS = {"wsgi.url_scheme": "https"}
TOKEN = re.compile(r'name="t" value="[^"]*"')


@pytest.fixture
def codes(app: Portal, world: World) -> dict[Any, str]:
    confirm(app, world)
    return link_codes(app, world)


def asked(app: Portal, path: str, **how: Any) -> TestResponse:
    """The answer of an application that has just started."""
    context.clear()
    respondent._heads.clear()
    return app.test_client(use_cookies=False).get(path, **how)


def told(answer: TestResponse) -> tuple[int, dict[str, str], str]:
    """Status, headers and page, but for what is each form's own."""
    headers = {
        name: value for name, value in answer.headers.items() if name not in {"Content-Length", "Vary"}
    }
    # Flask adds "Cookie", which no page of this door looks at
    headers["Vary"] = ", ".join(sorted(answer.vary.as_set() - {"cookie"}))
    packed = answer.headers.get("Content-Encoding") == "gzip"
    page = (gzip.decompress(answer.data) if packed else answer.data).decode()
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    return answer.status_code, headers, TOKEN.sub("", page)


@pytest.mark.parametrize("kind", [IIT, EIT])
@pytest.mark.parametrize("encoding", ["", "gzip", "br, gzip;q=0.5"])
@pytest.mark.parametrize("scheme", [{}, HTTPS])
def test_both_ways_give_the_same_answer(
    app: Portal,
    codes: dict[Any, str],
    kind: Any,
    encoding: str,
    scheme: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, how = f"/s/{codes[kind]}", {"headers": {"Accept-Encoding": encoding}, "environ_overrides": scheme}
    assert app.ahead is not None
    short = told(asked(app, path, **how))
    again = told(app.test_client(use_cookies=False).get(path, **how))
    monkeypatch.setattr(app, "ahead", None)
    ordinary = told(asked(app, path, **how))
    assert short[1] == ordinary[1]
    assert short == again == ordinary
    assert "<form" in short[2]


def test_each_form_has_a_token_of_its_own(app: Portal, codes: dict[Any, str]) -> None:
    pages = [asked(app, f"/s/{codes[EIT]}").text for _ in range(2)]
    assert len({match[0] for page in pages for match in TOKEN.finditer(page)}) == 2


def answered_ahead(app: Portal, path: str, method: str = "GET", **environ: Any) -> bool:
    context.clear()
    builder = EnvironBuilder(path, method=method, environ_overrides=environ)
    return blank_forms(app)(builder.get_environ()) is not None


def test_what_is_no_blank_form_goes_the_ordinary_way(app: Portal, codes: dict[Any, str]) -> None:
    path = f"/s/{codes[EIT]}"
    assert answered_ahead(app, path)
    assert not answered_ahead(app, path, "HEAD")
    assert not answered_ahead(app, path, "POST")
    assert not answered_ahead(app, f"{path}?lang=en")
    assert not answered_ahead(app, f"{path}/thanks")
    assert not answered_ahead(app, path + "x")
    assert not answered_ahead(app, "/s/")
    assert not answered_ahead(app, "/")


def test_a_strange_host_and_an_unknown_proxy_go_the_ordinary_way(
    app: Portal, codes: dict[Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/s/{codes[EIT]}"
    forwarded = {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}
    assert not answered_ahead(app, path, **forwarded)
    monkeypatch.setattr(app, "settings", replace(app.settings, proxies=1))
    assert answered_ahead(app, path, **forwarded)
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["ita.example.go.th"])
    assert not answered_ahead(app, path, HTTP_HOST="elsewhere.example")
    assert answered_ahead(app, path, HTTP_HOST="ita.example.go.th")
    assert asked(app, path, headers={"Host": "elsewhere.example"}).status_code == 400


def test_a_link_that_was_revoked_is_no_form_either_way(app: Portal, codes: dict[Any, str]) -> None:
    with app.app_context(), writing(), privileged("test") as session:
        session.info["unrecorded"] = True
        for link in session.query(SurveyLink).filter_by(code=codes[EIT]):
            link.revoked_at = NOW
    assert not answered_ahead(app, f"/s/{codes[EIT]}")
    assert "<form" not in asked(app, f"/s/{codes[EIT]}").text
