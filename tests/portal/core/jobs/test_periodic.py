"""Duties of the system: once per period in the whole cluster, whatever the clock does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from models.job import DutyRun
from models.place import Province
from portal.core import clock as the_clock
from portal.core.database.session import privileged
from portal.core.jobs import periodic
from portal.core.web import Portal
from tests.support.faults import failing

pytestmark = pytest.mark.postgres


@pytest.fixture
def duties(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """No duties but those of this test; what they did."""
    monkeypatch.setattr(periodic, "DUTIES", [])
    yield []


def two_workers() -> None:
    """As two workers look: neither remembers what the other has seen."""
    for _worker in range(2):
        for one in periodic.DUTIES:
            one.seen, one.not_before = "", 0.0
        periodic.run_due()


def test_each_morning_is_once_for_all_workers(
    app: Portal, clock: Callable[[object], None], duties: list[str]
) -> None:
    periodic.duty("test.morning", daily=time(6))(lambda: duties.append("ran"))
    with app.app_context():
        for at, ran in (
            ("2018-11-09T05:59", 1),  # yesterday's morning is still to be done
            ("2018-11-09T06:00", 2),
            ("2018-11-09T23:59", 2),
            ("2018-11-10T05:59", 2),
            ("2018-11-10T06:01", 3),
            ("2018-11-20T12:00", 4),  # ten days away: once, not ten times
            ("2018-11-20T12:00", 4),  # a clock that stands still
        ):
            clock(f"{at}:00+07:00")
            two_workers()
            assert len(duties) == ran, at
        assert list(periodic.last_runs()) == ["test.morning"]


def test_an_interval_goes_on_while_the_clock_stands_still(
    app: Portal, monkeypatch: pytest.MonkeyPatch, duties: list[str]
) -> None:
    periodic.duty("test.often", every=timedelta(minutes=5))(lambda: duties.append("ran"))
    start = datetime(2026, 1, 5, 12, 0, tzinfo=the_clock.UTC)
    with app.app_context():
        for minutes, ran in ((0, 1), (4, 1), (5, 2), (9, 2), (60, 3)):
            monkeypatch.setattr(
                the_clock, "machine", lambda minutes=minutes: start + timedelta(minutes=minutes)
            )
            two_workers()
            assert len(duties) == ran, minutes


def test_a_duty_that_fails_is_tried_again_a_minute_later(
    app: Portal, monkeypatch: pytest.MonkeyPatch, duties: list[str]
) -> None:
    moment = [1000.0]
    monkeypatch.setattr(periodic.machine_time, "monotonic", lambda: moment[0])

    def fail_once() -> None:
        duties.append("ran")
        if len(duties) == 1:
            raise ValueError("once")

    periodic.duty("test.fails", daily=time(0))(fail_once)
    with app.app_context():
        for seconds, ran in ((0, 1), (30, 1), (61, 2), (200, 2)):
            moment[0] = 1000.0 + seconds
            periodic.run_due()
            assert len(duties) == ran, seconds


def test_a_duty_that_was_left_unfinished_is_taken_over(
    app: Portal, monkeypatch: pytest.MonkeyPatch, duties: list[str]
) -> None:
    """Its worker was killed, or the database went away under it."""
    start = datetime(2026, 1, 5, 3, 0, tzinfo=the_clock.UTC)
    with app.app_context():
        for minutes, taken in ((0, True), (1, False), (14, False), (16, True), (17, False)):
            moment = start + timedelta(minutes=minutes)
            monkeypatch.setattr(the_clock, "machine", lambda moment=moment: moment)
            assert periodic._begin("test.left", "2026-01-05") is taken, minutes


@pytest.mark.parametrize(("away", "kept"), [("FROM province", []), ("", ["test.away"])])
def test_a_duty_that_lost_the_database_is_another_workers_to_do(
    app: Portal, duties: list[str], away: str, kept: list[str]
) -> None:
    """Its row goes where it can go; where all is away it is taken over once it counts as left."""

    def look() -> None:
        duties.append("ran")
        stack.enter_context(failing(away))
        with privileged("a duty of a test") as session:
            session.scalars(select(Province.id)).all()

    periodic.duty("test.away", daily=time(0))(look)
    with app.app_context(), ExitStack() as stack:
        with pytest.raises(OperationalError):
            periodic.run_due()
        stack.close()
        assert names(DutyRun) == kept
        periodic.run_due()
        assert duties == ["ran"], "not before a minute has passed"


def names(model: type[DutyRun]) -> list[str]:
    with privileged("a test looks") as session:
        return list(session.scalars(select(model.name)))
