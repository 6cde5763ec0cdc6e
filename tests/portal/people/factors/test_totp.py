"""An app's one-time passwords: set up by a first one, each step taken once, the secret sealed."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.second_factor import TotpSecret
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.people.factors import totp
from tests.support.factors import give_app, number_of
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres


def taken(account_id: int, typed: str) -> bool:
    with writing(), privileged("a test types") as session:
        return totp.take(session, account_id, typed)


def test_the_qr_code_names_person_and_portal_and_the_database_holds_no_secret(
    app: Portal, world: World
) -> None:
    me = world.account["dla"]
    with app.app_context():
        totp.begin(me)
        shown = totp.shown(me)
        assert shown is not None
        parts = urlsplit(shown.address)
        assert (parts.scheme, parts.netloc, parts.path) == ("otpauth", "totp", "/ITA%20Portal:dla")
        secret = shown.text.replace(" ", "")
        assert parse_qs(parts.query) == {"secret": [secret], "issuer": ["ITA Portal"]}
        with privileged("a test looks") as session:
            row = session.scalars(select(TotpSecret)).one()
            assert secret.encode() not in row.sealed
            assert all(secret not in f"{event.after}" for event in session.scalars(select(AuditEvent)))


def test_pressed_twice_the_same_secret_is_shown_and_after_half_an_hour_another(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    me = world.account["dla"]
    with app.app_context():
        totp.begin(me)
        first = totp.shown(me)
        totp.begin(me)
        assert totp.shown(me) == first
        clock(NOW + totp.SHOWN_FOR)
        assert totp.shown(me) is None
        with pytest.raises(Refused, match="begin once more"):
            totp.confirm(me, "123456")
        totp.begin(me)
        assert totp.shown(me) not in (first, None)


def test_a_wrong_first_number_confirms_nothing_and_a_right_one_does_once(app: Portal, world: World) -> None:
    me = world.account["dla"]
    with app.app_context():
        totp.begin(me)
        shown = totp.shown(me)
        assert shown is not None
        right = number_of(shown.text.replace(" ", ""))
        for wrong in (
            "",
            "12345",
            "abcdef",
            number_of(shown.text.replace(" ", ""), later=9),
        ):
            with pytest.raises(Refused) as refused:
                totp.confirm(me, wrong)
            assert refused.value.field == "code"
        totp.confirm(me, f" {right[:3]} {right[3:]} ")
        assert totp.shown(me) is None, "never shown again"
        for again in (totp.begin, lambda key: totp.confirm(key, right)):
            with pytest.raises(Refused, match="set up already"):
                again(me)


def test_without_a_begun_secret_nothing_is_confirmed(app: Portal, world: World) -> None:
    with app.app_context(), pytest.raises(Refused, match="begin once more"):
        totp.confirm(world.account["dla"], "123456")


def test_each_step_is_taken_once_and_none_before_it_any_more(app: Portal, world: World) -> None:
    me = world.account["dla"]
    with app.app_context():
        secret = give_app(me)  # used up the step before now
        assert not taken(me, number_of(secret, later=-1))
        thai = number_of(secret).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
        assert taken(me, thai), "as a Thai keyboard types it"
        assert not taken(me, number_of(secret))
        assert not taken(me, number_of(secret, later=5)), "too early"
        assert taken(me, number_of(secret, later=1)), "a phone whose clock goes fast"


def test_a_number_of_another_person_or_of_a_begun_app_is_none(app: Portal, world: World) -> None:
    with app.app_context():
        secret = give_app(world.account["dla"])
        give_app(world.account["nacc"])
        assert not taken(world.account["nacc"], number_of(secret))
        totp.begin(world.account["executive"])
        shown = totp.shown(world.account["executive"])
        assert shown is not None
        assert not taken(world.account["executive"], number_of(shown.text.replace(" ", "")))


def test_a_secret_moved_to_another_account_lets_nobody_in(app: Portal, world: World) -> None:
    with app.app_context():
        secret = give_app(world.account["dla"])
        with writing(), privileged("somebody moves a row") as session:
            row = session.scalars(select(TotpSecret)).one()
            row.account_id = world.account["nacc"]
        assert not taken(world.account["nacc"], number_of(secret))


def test_what_is_taken_away_takes_nothing_any_more(app: Portal, world: World) -> None:
    me = world.account["dla"]
    with app.app_context():
        secret = give_app(me)
        with writing(), privileged("a test removes") as session:
            assert totp.remove(session, me)
            assert not totp.remove(session, me)
        assert not taken(me, number_of(secret))
