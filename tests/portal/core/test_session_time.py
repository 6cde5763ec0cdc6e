"""How long a sign-in lasts, what its person is told at the end, and who sits where afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.account import Account, Grant, SignInSession
from portal.core import sessions, sign_in
from portal.core.database.session import privileged, writing
from portal.core.sign_in import ABSOLUTE, IDLE
from portal.core.web import Portal
from tests.support.world import NOW, World, row

Clock = Callable[[object], None]
SECOND = timedelta(seconds=1)


@pytest.fixture
def token(app: Portal, world: World) -> str:
    """A session of the agency's admin, begun at NOW."""
    with app.app_context(), writing(), privileged("a test signs in") as session:
        return sessions.begin_session(session, session.get_one(Account, world.account["agency_admin"]))


@pytest.fixture(autouse=True)
def _context(app: Portal) -> object:
    with app.app_context():
        yield


def test_a_session_tells_how_long_it_lasts_and_asking_is_no_use(token: str, clock: Clock) -> None:
    clock(NOW + timedelta(minutes=10))
    for _ask in range(2):
        span = sign_in.span_of(token)
        assert span is not None
        assert (span.left, span.last) == (20 * 60, ABSOLUTE.total_seconds() - 600)


def test_who_says_to_be_there_stays(token: str, clock: Clock) -> None:
    clock(NOW + timedelta(minutes=29))
    sign_in.stay(token)
    clock(NOW + timedelta(minutes=58))
    assert sign_in.actor_of(token) is not None
    clock(NOW + timedelta(minutes=58) + IDLE + SECOND)
    assert sign_in.actor_of(token) is None and sign_in.span_of(token) is None


@pytest.mark.parametrize(
    ("busy", "after", "words"), [(False, IDLE + SECOND, "30 นาที"), (True, ABSOLUTE + SECOND, "12 ชั่วโมง")]
)
def test_an_ended_session_says_why_it_ended(
    token: str, world: World, clock: Clock, busy: bool, after: timedelta, words: str
) -> None:
    moment = NOW
    while busy and (moment := moment + timedelta(minutes=25)) < NOW + ABSOLUTE:
        clock(moment)
        sign_in.stay(token)
    clock(NOW + after)
    ended = sign_in.ended(token)
    assert ended is not None and words in ended.message
    assert (ended.account_id, ended.grant_id) == (world.account["agency_admin"], world.grant["agency_admin"])


def test_a_session_that_was_ended_or_never_was_says_nothing(token: str) -> None:
    sign_in.end_session(token)
    sign_in.end_session(token)
    for unknown in (token, "never"):
        assert sign_in.ended(unknown) is None
        assert sign_in.span_of(unknown) is None
        assert sign_in.actor_of(unknown) is None
        assert not sign_in.choose_desk(unknown, 1)


def test_an_account_that_was_closed_is_nobody(token: str, world: World) -> None:
    with writing(), privileged("a test closes an account") as session:
        session.info["unrecorded"] = True
        session.get_one(Account, world.account["agency_admin"]).active = False
    assert sign_in.actor_of(token) is None
    assert sign_in.ended(token) is None


def test_a_desk_is_ones_own_and_holds_now(token: str, world: World) -> None:
    assert sign_in.choose_desk(token, world.grant["agency_admin"])
    assert not sign_in.choose_desk(token, world.grant["executive"])
    assert not sign_in.choose_desk(token, 99_999)
    with writing(), privileged("a test ends a grant") as session:
        session.info["unrecorded"] = True
        session.get_one(Grant, world.grant["agency_admin"]).valid_until = NOW - SECOND
    assert not sign_in.choose_desk(token, world.grant["agency_admin"])
    assert sign_in.grants_of(world.account["agency_admin"]) == []


def test_a_person_sits_again_where_work_was_left(token: str, world: World) -> None:
    asked: list[int] = []

    def left(account_id: int) -> int | None:
        asked.append(account_id)
        return world.grant["agency_admin"]

    sign_in.take_desk_again(token, left)
    sign_in.take_desk_again(token, lambda _account_id: None)
    sign_in.take_desk_again("never", left)
    assert asked == [world.account["agency_admin"]]
    actor = sign_in.actor_of(token)
    assert actor is not None and actor.grant_id == world.grant["agency_admin"]


def test_only_the_use_of_a_session_is_noted_and_once_a_minute(token: str, clock: Clock) -> None:
    def seen() -> object:
        return row(SignInSession, sessions.token_hash(token)).last_seen

    begun = seen()
    clock(NOW + timedelta(seconds=59))
    sign_in.actor_of(token)
    assert seen() == begun
    clock(NOW + timedelta(seconds=61))
    sign_in.actor_of(token)
    assert seen() != begun
