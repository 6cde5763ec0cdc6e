"""A browser in which somebody has signed in before is known for that account alone, and not for ever."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Response
from werkzeug.http import parse_cookie

from models.account import Account
from portal.core import known_browser
from portal.core.web import Portal


def account(number: int, password_hash: str | None = "a hash") -> Account:
    return Account(id=number, password_hash=password_hash)


def cookie_after(app: Portal, *accounts: Account, before: str = "") -> str:
    """The cookie of a browser in which these have signed in, one after the other."""
    name = known_browser.cookie_name(app)
    for one in accounts:
        headers = {"Cookie": f"{name}={before}"} if before else {}
        with app.test_request_context("/sign-in", headers=headers):
            answer = Response()
            known_browser.remember(answer, known_browser.mark_of(one))
            before = parse_cookie(answer.headers["Set-Cookie"])[name]
    return before


def known(app: Portal, cookie: str, one: Account | None) -> str | None:
    name = known_browser.cookie_name(app)
    with app.test_request_context("/sign-in", headers={"Cookie": f"{name}={cookie}"}):
        return known_browser.known(one)


def test_it_is_known_by_one_name_for_each_who_signed_in_there(app: Portal) -> None:
    cookie = cookie_after(app, account(1), account(2))
    name = known(app, cookie, account(1))
    assert name and known(app, cookie, account(2)) == name
    assert known(app, cookie, account(3)) is None
    assert known(app, cookie_after(app, account(1)), account(1)) != name, "another browser"


def test_a_changed_password_makes_it_a_stranger(app: Portal) -> None:
    cookie = cookie_after(app, account(1))
    assert known(app, cookie, account(1, "another hash")) is None
    assert known(app, cookie, account(1, None)) is None
    assert known(app, cookie, None) is None


def test_a_shared_desk_is_remembered_for_its_last_people(app: Portal) -> None:
    people = [account(number) for number in range(1, known_browser.MOST + 2)]
    cookie = cookie_after(app, *people)
    assert [known(app, cookie, one) is not None for one in people] == [False, *[True] * known_browser.MOST]


@pytest.mark.parametrize(
    "value", ["", "nonsense", ["a list"], {"browser": ""}, {"browser": "x", "accounts": {}}]
)
def test_a_cookie_that_is_not_ours_or_of_another_shape_makes_nobody_known(app: Portal, value: Any) -> None:
    with app.test_request_context():
        cookie = value if isinstance(value, str) else known_browser._signer().dumps(value)
    assert known(app, cookie, account(1)) is None
    assert cookie_after(app, account(1), before=cookie), "and is replaced by a good one"


def test_half_a_year_later_it_is_forgotten(app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = cookie_after(app, account(1))
    assert known_browser.LIFE == 180 * 24 * 3600
    monkeypatch.setattr(known_browser, "LIFE", -1)
    assert known(app, cookie, account(1)) is None
