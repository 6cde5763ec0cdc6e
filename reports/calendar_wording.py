"""How letters tell a round's calendar. Each fact is told as it stands on the letter's own date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.thai import MONTHS, be_year, thai_date

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included. ``name``: what letters call it ("รอบเสริม")."""

    first: date
    last: date
    name: str = ""


@dataclass(frozen=True)
class Collection:
    """An instrument of the collecting stage and when it is open."""

    instrument: str
    periods: tuple[Period, ...] = ()

    @property
    def last_day(self) -> date | None:
        """Its last day; None without dates."""
        return max((period.last for period in self.periods), default=None)


INSTRUMENTS = (
    Collection("แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)"),
    Collection("แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT)"),
    Collection("แบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT)"),
)


@dataclass(frozen=True)
class RoundFacts:
    """What the letters say about a round: its year, preparation's windows and last day, the instruments."""

    fiscal_year: int
    preparation: tuple[Period, ...]
    deadline: date
    collections: tuple[Collection, ...] = INSTRUMENTS

    @property
    def surveys_end(self) -> date | None:
        """The last day of the two surveys; None without dates."""
        ends = (one.last_day for one in self.collections[:-1])
        return max((end for end in ends if end is not None), default=None)

    @property
    def disclosure_ends(self) -> date | None:
        """The last day of the checklist; None without dates."""
        return self.collections[-1].last_day

    def can_prepare(self, on: date) -> bool:
        """True while preparation has a day left, this one included."""
        return on <= self.deadline

    def collecting_ends(self) -> date | None:
        """The last day of the last instrument; None without dates."""
        ends = (one.last_day for one in self.collections)
        return max((end for end in ends if end is not None), default=None)

    def collecting_begins(self) -> date | None:
        """The first day of the first instrument; None without dates."""
        return min((period.first for one in self.collections for period in one.periods), default=None)


def written_period(period: Period) -> str:
    """Days as letters write them: "วันที่ 16 - 31 ตุลาคม 2561", naming month and year once where they can."""
    first, last = period.first, period.last
    if first == last:
        return f"วันที่ {thai_date(first)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"วันที่ {first.day} - {last.day} {MONTHS[last.month - 1]} {be_year(last)}"
    if first.year == last.year:
        return f"วันที่ {first.day} {MONTHS[first.month - 1]} - {thai_date(last)}"
    return f"วันที่ {thai_date(first)} - {thai_date(last)}"


def without_breaks(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Periods in their order, those that follow each other without a break as one."""
    merged: list[Period] = []
    for period in sorted(periods, key=lambda one: (one.first, one.last)):
        if merged and period.first <= merged[-1].last + ONE_DAY:
            merged[-1] = Period(merged[-1].first, max(merged[-1].last, period.last))
        else:
            merged.append(Period(period.first, period.last))
    return tuple(merged)


def periods_by_day(
    periods: Iterable[Period], on: date
) -> tuple[tuple[Period, ...], tuple[Period, ...], tuple[Period, ...]]:
    """The periods that are past on a day, those that run, and those to come."""
    rows = tuple(periods)
    return (
        tuple(period for period in rows if period.last < on),
        tuple(period for period in rows if period.first <= on <= period.last),
        tuple(period for period in rows if period.first > on),
    )


def named_periods(periods: Iterable[Period]) -> str:
    """Periods in a row, each with its name; "" where there is none."""
    return in_words(f"{period.name} {written_period(period)}".strip() for period in periods)


def instruments(collections: Sequence[Collection]) -> str:
    """The instruments in words; where all have the same days, the days once behind the last."""
    if len({one.periods for one in collections}) > 1:
        return in_words([f"{one.instrument} {named_periods(one.periods)}".rstrip() for one in collections])
    days = named_periods(collections[0].periods)
    names = in_words([one.instrument for one in collections])
    return f"{names} ซึ่งเปิดให้ดำเนินการ{days}" if days else names


def in_words(words: Iterable[str]) -> str:
    """ "ก ข และค": words in a row, the last with และ."""
    *before, last = [*words] or [""]
    return f"{' '.join(before)} และ{last}" if before else last
