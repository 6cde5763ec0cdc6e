"""What the worker looks after by the clock, without anybody asking."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.core import clock

log = logging.getLogger(__name__)


@dataclass
class Duty:
    """A function that is called every so often, in an application context of its own."""

    name: str
    every: timedelta
    run: Callable[[], None]
    last: datetime | None = None


DUTIES: list[Duty] = []


def duty(name: str, *, every: timedelta) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a duty of the worker."""

    def register(run: Callable[[], None]) -> Callable[[], None]:
        DUTIES.append(Duty(name, every, run))
        return run

    return register


def run_due() -> None:
    """Run what is due; a duty that fails is logged and tried again next time."""
    now = clock.now()
    for one in DUTIES:
        if one.last is not None and one.last <= now < one.last + one.every:
            continue
        one.last = now
        try:
            one.run()
        except Exception as error:  # the worker outlives any duty
            log.error("duty %s failed", one.name, exc_info=error)
