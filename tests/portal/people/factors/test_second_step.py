"""The second step: nobody is signed in before it, it ends, wrong ones wait, a new token follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.account import Account, SignInDelay, SignInSession
from models.audit import AuditEvent
from portal.core import sessions, sign_in
from portal.core.database.session import privileged, writing
from portal.core.sign_in import Attempt
from portal.core.web import Portal
from portal.people import accounts
from portal.people.factors import second_step
from portal.people.factors.passkeys import Site
from tests.portal.people.factors.test_passkeys import made
from tests.support.factors import Device, give_app, give_codes, give_password, number_of
from tests.support.world import NOW, PASSWORD, World, row

pytestmark = pytest.mark.postgres
HERE = Site("http://localhost:8000")


@pytest.fixture
def me(world: World) -> int:
    return world.account["dla"]


@pytest.fixture
def secret(app: Portal, me: int) -> Iterator[str]:
    """The back office has an app; inside the application."""
    with app.app_context():
        give_password(me)
        yield give_app(me)


def password_right() -> Attempt:
    attempt = sign_in.sign_in("dla", PASSWORD, network="198.51.100.7")
    assert attempt.token is not None
    return attempt


def shown(
    token: str | None, typed: str, network: str = "198.51.100.7", browser: str | None = None
) -> Attempt:
    attempt = second_step.with_code(token or "", typed, network=network, known=lambda _account: browser)
    assert attempt is not None
    return attempt


def events(*acts: str) -> list[tuple[str, dict[str, str]]]:
    with privileged("a test looks") as session:
        query = select(AuditEvent).where(AuditEvent.act.in_(acts)).order_by(AuditEvent.id)
        return [(event.act, event.after) for event in session.scalars(query)]


def test_a_right_password_alone_signs_nobody_in(secret: str) -> None:
    attempt = password_right()
    assert attempt.token and attempt.mark is None, "the browser is not known yet"
    assert sign_in.actor_of(attempt.token) is None
    assert sign_in.span_of(attempt.token) is None and sign_in.ended(attempt.token) is None
    assert events("sign_in", "sign_in.factor_asked") == [("sign_in.factor_asked", {"username": "dla"})]


def test_the_number_of_the_app_signs_in_under_another_token(secret: str, me: int) -> None:
    pending = password_right().token
    attempt = shown(pending, number_of(secret))
    assert attempt.token and attempt.token != pending and attempt.mark is not None
    actor = sign_in.actor_of(attempt.token)
    assert actor is not None and actor.account_id == me
    assert second_step.find(pending or "") is None, "what waited is gone"
    with privileged("a test looks") as session:
        assert len(session.scalars(select(SignInSession)).all()) == 1
    assert events("sign_in") == [("sign_in", {"username": "dla", "factor": "app"})]


def test_a_recovery_code_signs_in_once(secret: str, me: int) -> None:
    code = give_codes(me)[0]
    assert shown(password_right().token, code).token
    assert not shown(password_right().token, code).token


def test_a_passkey_signs_in(secret: str, me: int) -> None:
    first = shown(password_right().token, number_of(secret)).token or ""
    device = made(first, me, Device(HERE.origin))
    pending = password_right().token or ""
    options = second_step.ask_to_sign(pending, HERE)
    assert options is not None
    wrong = second_step.with_passkey(pending, "{}", network="", site=HERE)
    assert wrong is not None and wrong.token is None
    options = second_step.ask_to_sign(pending, HERE)
    assert options is not None
    right = second_step.with_passkey(pending, device.sign(options), network="", site=HERE)
    assert right is not None and right.token and sign_in.actor_of(right.token)
    assert events("sign_in")[-1][1]["factor"] == "passkey"


def test_the_wait_for_the_second_step_ends(secret: str, clock: Callable[[object], None]) -> None:
    pending = password_right().token or ""
    clock(NOW + sessions.PENDING)
    assert second_step.waits(pending)
    clock(NOW + sessions.PENDING + timedelta(seconds=1))
    assert not second_step.waits(pending) and second_step.find(pending) is None
    assert second_step.with_code(pending, number_of(secret), network="") is None
    assert second_step.with_passkey(pending, "{}", network="", site=HERE) is None
    assert second_step.ask_to_sign(pending, HERE) is None


def test_a_shut_account_does_not_wait(secret: str, me: int) -> None:
    pending = password_right().token or ""
    with writing(), privileged("the account is shut") as session:
        session.get_one(Account, me).active = False
    assert second_step.find(pending) is None
    attempt = second_step.with_code(pending, number_of(secret), network="", known=lambda _account: None)
    assert attempt is None


def test_wrong_numbers_make_the_next_wait_and_a_known_browser_has_its_own_count(secret: str) -> None:
    pending = password_right().token
    waits = [shown(pending, "000000").wait for _number in range(second_step.PAIR.burst + 1)]
    assert waits[0] == timedelta(0) and waits[-1] > timedelta(seconds=5)
    assert not shown(pending, number_of(secret)).token, "a right one waits too"
    assert shown(pending, number_of(secret), browser="known before").token


def test_from_everywhere_together_a_number_is_guessed_a_few_hundred_times_a_day(secret: str) -> None:
    pending = password_right().token
    for number in range(second_step.ACCOUNT.burst):
        assert shown(pending, "000000", network=f"203.0.{number}.7").wait < timedelta(minutes=6)
    assert not shown(pending, number_of(secret), network="192.0.2.9").token
    with writing(), privileged("time passes") as session:
        session.execute(update(SignInDelay).values(busy_until=SignInDelay.busy_until - 301))
    assert shown(pending, number_of(secret), network="192.0.2.9").token


def test_wrong_ones_enter_the_record_bounded_and_never_what_was_typed(secret: str) -> None:
    pending = password_right().token
    for _number in range(4):
        shown(pending, "271828")
    assert events("sign_in.factor_refused") == [("sign_in.factor_refused", {"network": "198.51.100.0/24"})]


def test_a_code_of_a_slip_leaves_the_factor_and_it_is_asked_for(secret: str, me: int) -> None:
    with writing(), privileged("issuing a code") as session:
        code = accounts.issue_code(session, session.get_one(Account, me))
    token = accounts.activate(code, "an entirely new sentence")
    assert sign_in.actor_of(token) is None and second_step.waits(token)
    found = second_step.find(token)
    assert found is not None and found.factors.app_since is not None
    assert row(Account, me).password_hash is not None
    assert shown(token, number_of(secret)).token


def test_a_session_that_waits_chooses_no_desk_and_is_no_longer_alive_by_use(
    secret: str, world: World
) -> None:
    pending = password_right().token or ""
    sign_in.stay(pending)
    sign_in.choose_desk(pending, world.grant["dla"])
    assert sign_in.actor_of(pending) is None


def test_one_showing_begins_one_session(me: int, secret: str) -> None:
    """Of two requests with one token that waits, the second finds it gone."""
    token = password_right().token or ""
    with writing(), privileged("a test shows") as session:
        waiting = session.get_one(SignInSession, sessions.token_hash(token))
        session.expunge(waiting)
    for begun in (True, False):
        with writing(), privileged("a test shows") as session:
            assert (sessions.renew(session, waiting, factor="app") is not None) is begun
    assert secret and me
