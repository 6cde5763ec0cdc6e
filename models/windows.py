"""Whether a stage is open, from its windows and the time. Windows are half-open: [opens_at, closes_at)."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from models.thai import local_day

A_MOMENT = timedelta(microseconds=1)


class Phase(enum.Enum):
    """Where a stage stands; values are English message ids."""

    NO_WINDOW = "no_window"
    NOT_YET = "not_yet"
    OPEN = "open"
    BETWEEN = "between"
    CLOSED = "closed"


@dataclass(frozen=True)
class WindowSpan:
    """One window of a stage. ``kind`` is the window's kind (main, supplementary, last call)."""

    opens_at: datetime
    closes_at: datetime
    kind: enum.Enum | str

    def __post_init__(self) -> None:
        if self.opens_at.tzinfo is None or self.closes_at.tzinfo is None:
            raise ValueError("a window needs moments with a time zone")
        if self.opens_at >= self.closes_at:
            raise ValueError("a window opens before it closes")

    @property
    def first_day(self) -> date:
        """The first day, as people say it."""
        return local_day(self.opens_at)

    @property
    def last_day(self) -> date:
        """The last day, as people say it: an end at midnight is the day before."""
        return local_day(self.closes_at - A_MOMENT)


@dataclass(frozen=True)
class StageState:
    """A stage seen at one moment. Make it with ``StageState.at``.

    ``grace``: so long after a window what was begun inside is still taken. The stage then still is open; the
    days that people are told stay those of the windows.
    """

    spans: tuple[WindowSpan, ...]
    now: datetime
    grace: timedelta

    @classmethod
    def at(cls, spans: Iterable[WindowSpan], now: datetime, *, grace: timedelta = timedelta(0)) -> StageState:
        """The state of a stage with these windows, in any order, at the moment ``now``."""
        return cls(tuple(sorted(spans, key=lambda span: (span.opens_at, span.closes_at))), now, grace)

    @cached_property
    def current(self) -> WindowSpan | None:
        """The window that is open now, or whose grace time runs; of several the one that closes last."""
        return max(
            (span for span in self.spans if span.opens_at <= self.now < span.closes_at + self.grace),
            key=lambda span: span.closes_at,
            default=None,
        )

    @property
    def in_grace(self) -> bool:
        """True after the last moment of a window, while its grace time runs."""
        return self.closes_at is not None and self.is_open and self.now >= self.closes_at

    @cached_property
    def next(self) -> WindowSpan | None:
        """The window that opens next."""
        return next((span for span in self.spans if span.opens_at > self.now), None)

    @cached_property
    def last(self) -> WindowSpan | None:
        """The window that closed last."""
        return max(
            (span for span in self.spans if span.closes_at <= self.now),
            key=lambda span: span.closes_at,
            default=None,
        )

    @property
    def is_open(self) -> bool:
        """True inside a window."""
        return self.current is not None

    @property
    def phase(self) -> Phase:
        """Not yet open, open, between two windows, closed for good, or without any window."""
        if self.is_open:
            return Phase.OPEN
        if not self.spans:
            return Phase.NO_WINDOW
        if self.next is None:
            return Phase.CLOSED
        return Phase.NOT_YET if self.last is None else Phase.BETWEEN

    @property
    def opens_at(self) -> datetime | None:
        """When it opens next, or when the open window opened; None after the last window."""
        span = self.current or self.next
        return span.opens_at if span else None

    @property
    def closes_at(self) -> datetime | None:
        """When it closes next; outside windows, when the last one closed (None before the first).

        Windows that follow each other without a break are one opening: it ends with the last of them.
        """
        if self.current is None:
            return self.last.closes_at if self.last else None
        return self._end_of(self.current)

    @property
    def next_closes_at(self) -> datetime | None:
        """When what opens next closes; None after the last window."""
        return self._end_of(self.next) if self.next else None

    def _end_of(self, opening: WindowSpan) -> datetime:
        """The end of the opening that begins with a window."""
        end = opening.closes_at
        for span in self.spans:
            if span.opens_at <= end:
                end = max(end, span.closes_at)
        return end

    @property
    def reopens(self) -> WindowSpan | None:
        """The window that opens after a break, once what is open now has closed; None if nothing follows."""
        end = self.closes_at
        if self.current is None or end is None:
            return None
        return next((span for span in self.spans if span.opens_at > end), None)

    @property
    def first_opening(self) -> datetime | None:
        """The opening of the first window."""
        return self.spans[0].opens_at if self.spans else None

    @property
    def final_close(self) -> datetime | None:
        """The end of the last window: the deadline of the stage."""
        return max((span.closes_at for span in self.spans), default=None)

    @property
    def last_day(self) -> date | None:
        """The last day of the stage, as people say it; None without a window.

        This is the one answer to "until when": screens, letters, posters and files all take it from here.
        """
        return max((span.last_day for span in self.spans), default=None)

    @property
    def is_over(self) -> bool:
        """True once the last window has closed."""
        return self.phase is Phase.CLOSED

    def accepts(self, grace: timedelta) -> bool:
        """True while open, and for ``grace`` after a window: a form opened inside may then still be sent."""
        return self.is_open or (self.last is not None and self.now < self.last.closes_at + grace)
