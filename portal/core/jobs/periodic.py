"""What the worker looks after by the clock, without anybody asking.

A duty runs once per period in the whole cluster: the row of duty and period is inserted before the run, and
whoever finds it there leaves it. An interval goes by the machine's time, so that a clock that stands still
stops nothing; "each morning" goes by the portal's.
"""

from __future__ import annotations

import logging
import time as machine_time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from models.job import DutyRun
from portal.core import clock
from portal.core.database.inserting import insert_into
from portal.core.database.session import AWAY, is_away, privileged, writing

log = logging.getLogger(__name__)
#: seconds until a duty that failed is tried again
TRY_AGAIN = 60.0
#: a run that has not ended after so long was left by a worker that died or lost the database
LEFT_AFTER = timedelta(minutes=15)


@dataclass
class Duty:
    """A function that is called in an application context of its own, every so often or once a day."""

    name: str
    run: Callable[[], None]
    every: timedelta | None = None
    daily: time | None = None
    seen: str = ""
    not_before: float = 0.0

    def period(self) -> str:
        """The period that runs now, by name: a moment's number, or the day whose hour has come."""
        if self.daily is not None:
            now = clock.now()
            day = now.date() if now.time() >= self.daily else now.date() - timedelta(days=1)
            return day.isoformat()
        assert self.every is not None
        seconds = self.every.total_seconds()
        start = clock.machine().timestamp() // seconds * seconds
        return datetime.fromtimestamp(start, clock.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


DUTIES: list[Duty] = []


def duty(
    name: str, *, every: timedelta | None = None, daily: time | None = None
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a duty: ``every`` so often, or ``daily`` once that time of the day has come."""
    assert (every is None) != (daily is None), "a duty has an interval or a time of the day"

    def register(run: Callable[[], None]) -> Callable[[], None]:
        DUTIES.append(Duty(name, run, every, daily))
        return run

    return register


def run_due() -> None:
    """Run what is due and nobody has begun; a duty that fails is logged and tried again a minute later."""
    for one in DUTIES:
        period = one.period()
        if one.seen == period or machine_time.monotonic() < one.not_before:
            continue
        if _begin(one.name, period):
            _run(one, period)
        else:
            one.not_before = machine_time.monotonic() + TRY_AGAIN


def last_runs() -> dict[str, datetime]:
    """When each duty ran last, by its name."""
    with privileged("when the duties ran") as session:
        query = select(DutyRun.name, func.max(DutyRun.started_at)).where(DutyRun.ended_at.is_not(None))
        return dict(session.execute(query.group_by(DutyRun.name)).all())


def _run(one: Duty, period: str) -> None:
    try:
        one.run()
    except Exception as error:  # the worker outlives any duty
        one.not_before = machine_time.monotonic() + TRY_AGAIN
        if is_away(error):
            with suppress(*AWAY):  # where it is still away, the row is taken over once it counts as left
                _forget(one.name, period)
            raise
        log.error("duty %s failed", one.name, exc_info=error)
        _forget(one.name, period)
        return
    one.seen = period
    with writing(), privileged("a duty is done") as session:
        session.execute(update(DutyRun).where(*_key(one.name, period)).values(ended_at=clock.machine()))


def _begin(name: str, period: str) -> bool:
    """Insert the row of a run, or take over one that was left unfinished; False where somebody has it."""
    now = clock.machine()
    with writing(), privileged("a duty begins") as session:
        make = insert_into(session, DutyRun).values(name=name, period=period, started_at=now)
        left = DutyRun.ended_at.is_(None) & (DutyRun.started_at < now - LEFT_AFTER)
        take = make.on_conflict_do_update(
            index_elements=[DutyRun.name, DutyRun.period], set_={"started_at": now}, where=left
        )
        return session.execute(take.returning(DutyRun.name)).scalar() is not None


def _forget(name: str, period: str) -> None:
    with writing(), privileged("a duty failed") as session:
        session.execute(delete(DutyRun).where(*_key(name, period)))


def _key(name: str, period: str) -> tuple[Any, Any]:
    return DutyRun.name == name, DutyRun.period == period
