"""Passkeys, with a device in software: made and used at one host, signed once; odd words are refused."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from models.account import Account
from models.audit import AuditEvent
from models.second_factor import Passkey
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.sessions import begin_session
from portal.core.web import Portal
from portal.people.factors import passkeys
from portal.people.factors.passkeys import Site
from tests.support.factors import Device
from tests.support.world import World

pytestmark = pytest.mark.postgres
HERE = Site("http://localhost:8000")


@pytest.fixture
def me(world: World) -> int:
    return world.account["dla"]


@pytest.fixture
def token(app: Portal, me: int) -> Iterator[str]:
    """A session of the back office, inside the application."""
    with app.app_context():
        with writing(), privileged("a test signs in") as session:
            token = begin_session(session, session.get_one(Account, me))
        yield token


def made(token: str, me: int, device: Device | None = None, site: Site = HERE) -> Device:
    device = device or Device(site.origin)
    passkeys.add(token, me, "กุญแจทดลอง", device.make(passkeys.ask_to_make(token, me, site)), site)
    return device


def asked(token: str, me: int, site: Site = HERE) -> dict[str, Any]:
    with writing(), privileged("a test asks") as session:
        return passkeys.ask_to_sign(session, token, me, site)


def taken(token: str, me: int, answer: str, site: Site = HERE) -> bool:
    with writing(), privileged("a test signs") as session:
        return passkeys.take(session, token, me, answer, site)


def test_a_passkey_signs_what_was_asked_and_only_once(token: str, me: int) -> None:
    device = made(token, me)
    answer = device.sign(asked(token, me))
    assert taken(token, me, answer)
    assert not taken(token, me, answer), "nothing is asked any more"
    asked(token, me)
    assert not taken(token, me, answer), "something else is asked"
    with privileged("a test looks") as session:
        row = session.scalars(select(Passkey)).one()
        assert (row.host, row.sign_count, row.name) == ("localhost", 2, "กุญแจทดลอง")
        assert row.used_at is not None
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "factor.add")).one()
        assert event.after == {"factor": "passkey", "name": "กุญแจทดลอง"}


def test_another_device_or_another_site_signs_nothing(token: str, me: int) -> None:
    made(token, me)
    assert not taken(token, me, Device(HERE.origin).sign(asked(token, me))), "a device that is not known"
    phishing = Device("http://localhost:9999")
    made_there = made(token, me, Device(HERE.origin))
    phishing.key, phishing.name, phishing.count = made_there.key, made_there.name, 7
    assert not taken(token, me, phishing.sign(asked(token, me))), "a page of another origin"


def test_a_passkey_works_at_its_own_host(token: str, me: int) -> None:
    made(token, me)
    with pytest.raises(NotFound):
        asked(token, me, Site("https://ita.example.go.th"))


def test_a_device_whose_count_goes_back_was_copied(token: str, me: int) -> None:
    device = made(token, me)
    assert taken(token, me, device.sign(asked(token, me)))
    device.count = 0
    assert not taken(token, me, device.sign(asked(token, me)))


def test_a_device_that_never_counts_signs_again_and_again(token: str, me: int) -> None:
    device = made(token, me, Device(HERE.origin, counts=False))
    assert all(taken(token, me, device.sign(asked(token, me))) for _number in range(3))


@pytest.mark.parametrize(
    "answer", ["", "{", "[]", "null", '{"id": 1}', '"x"', "1" * 30_000, '{"rawId": "AA"}']
)
def test_odd_words_of_a_machine_are_refused(token: str, me: int, answer: str) -> None:
    made(token, me)
    passkeys.ask_to_make(token, me, HERE)
    with pytest.raises(Refused, match="not taken"):
        passkeys.add(token, me, "x", answer, HERE)
    asked(token, me)
    assert not taken(token, me, answer)


def test_an_answer_that_nobody_asked_for_makes_no_passkey(token: str, me: int, world: World) -> None:
    device = Device(HERE.origin)
    answer = device.make(passkeys.ask_to_make(token, me, HERE))
    passkeys.add(token, me, "x", answer, HERE)
    with pytest.raises(Refused, match="not taken"):
        passkeys.add(token, me, "x", answer, HERE)
    again = device.make(passkeys.ask_to_make(token, me, HERE))
    with pytest.raises(Refused, match="belongs to an account already"):
        passkeys.add(token, me, "x", again, HERE)


def test_a_browser_is_told_which_passkeys_there_are_and_ten_are_enough(token: str, me: int) -> None:
    for _number in range(passkeys.MOST):
        made(token, me)
    with pytest.raises(Refused, match="take one away first"):
        passkeys.ask_to_make(token, me, HERE)
    assert len(asked(token, me)["publicKey"]["allowCredentials"]) == passkeys.MOST


def test_what_a_browser_is_told_of_the_person_says_nothing_of_the_account(token: str, me: int) -> None:
    options = passkeys.ask_to_make(token, me, HERE)["publicKey"]
    text = json.dumps(options)
    handle = urlsafe_b64decode(options["user"]["id"] + "==")
    assert options["rp"]["id"] == "localhost" and len(handle) == 32
    # nobody without the portal's key can reckon it from the account's number
    assert handle != sha256(str(me).encode()).digest()
    assert "ผู้ใช้ทดลอง dla" in json.loads(text)["user"]["displayName"]


def test_a_passkey_is_removed_by_its_own_person_only(token: str, me: int, world: World) -> None:
    made(token, me)
    with privileged("a test looks") as session:
        key = session.scalars(select(Passkey.id)).one()
    with writing(), privileged("another person") as session, pytest.raises(NotFound):
        passkeys.remove(session, world.account["nacc"], key)
    with writing(), privileged("its person") as session:
        assert passkeys.remove(session, me, key) == "กุญแจทดลอง"


@pytest.mark.parametrize(
    ("origin", "takes", "elsewhere"),
    [
        ("http://localhost:8000", True, ""),
        ("http://portal.localhost", True, ""),
        ("https://ita.example.go.th", True, ""),
        ("http://ita.example.go.th", False, ""),
        ("http://127.0.0.1:8000", False, "http://localhost:8000"),
        ("http://[::1]:8000", False, "http://localhost:8000"),
        ("http://127.0.0.1", False, "http://localhost"),
        ("https://192.0.2.7", False, ""),
    ],
)
def test_passkeys_are_for_names_and_a_numbers_page_says_where(
    origin: str, takes: bool, elsewhere: str
) -> None:
    assert (Site(origin).takes_passkeys, Site(origin).elsewhere) == (takes, elsewhere)
