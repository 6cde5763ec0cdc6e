"""Attempts that are counted: so many at once, one more after a time, and what succeeds does not count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.core import clock as the_clock
from portal.core import delays
from portal.core.database.session import privileged, writing
from portal.core.delays import Limit
from portal.core.web import Portal

pytestmark = pytest.mark.postgres
START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
NAME, NETWORK = Limit(burst=3, every=10), Limit(burst=5, every=60)


@pytest.fixture
def session(app: Portal) -> Iterator[Session]:
    with app.app_context(), writing(), privileged("a test counts attempts") as opened:
        yield opened


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> object:
    """Set the machine's time, in seconds after the start."""

    def set_to(seconds: float) -> None:
        monkeypatch.setattr(the_clock, "machine", lambda: START + timedelta(seconds=seconds))

    set_to(0)
    return set_to


def took(session: Session, **limits: Limit) -> tuple[bool, float]:
    taken = delays.take(session, limits)
    return taken.allowed, taken.wait.total_seconds()


def test_so_many_at_once_and_then_one_by_one(session: Session, at: object) -> None:
    assert [took(session, name=NAME) for _try in range(3)] == [(True, 0), (True, 0), (True, 10)]
    assert took(session, name=NAME) == (False, 10)
    at(9)  # type: ignore[operator]
    assert took(session, name=NAME) == (False, 1)
    at(10)  # type: ignore[operator]
    assert took(session, name=NAME) == (True, 10)


def test_who_waited_long_has_the_whole_number_again(session: Session, at: object) -> None:
    for _try in range(3):
        took(session, name=NAME)
    at(1000)  # type: ignore[operator]
    assert [took(session, name=NAME)[0] for _try in range(4)] == [True, True, True, False]


def test_where_one_subject_waits_none_is_taken(session: Session) -> None:
    """A name that is full takes nothing of its network's number."""
    for _try in range(3):
        took(session, name=NAME, network=NETWORK)
    for _try in range(9):
        assert took(session, name=NAME, network=NETWORK) == (False, 10)
    assert took(session, network=NETWORK) == (True, 0)
    assert took(session, network=NETWORK) == (True, 60)


def test_what_succeeded_does_not_count_and_its_name_is_forgotten(session: Session) -> None:
    for _try in range(3):
        took(session, name=NAME, network=NETWORK)
    delays.give_back(session, {"name": NAME, "network": NETWORK}, forget="name")
    assert [took(session, name=NAME)[0] for _try in range(4)] == [True, True, True, False]
    assert [took(session, network=NETWORK)[0] for _try in range(4)] == [True, True, True, False]


def test_without_a_limit_nothing_is_waited_for(session: Session) -> None:
    assert took(session) == (True, 0)
