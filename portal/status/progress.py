"""How a survey has come along: its answers day by day, for the country or one province."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from sqlalchemy import func, select

from models.instrument import InstrumentKind
from models.outlook import ProvinceDay
from models.round import Round, Stage
from models.thai import local_day
from models.windows import WindowSpan
from portal.core import clock
from portal.core.database.session import db
from portal.core.stages import stage_state
from portal.status.figures import ProvinceRow, SurveyCounts

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Progress:
    """A survey over time. ``days``: the answers of each day from the first one on, until today.

    Days that are over are those that the night added up; what came since is today's, so that the last sum is
    the figure of every other screen.
    """

    spans: tuple[WindowSpan, ...]
    days: tuple[tuple[date, int], ...]
    counts: SurveyCounts
    today: date

    @property
    def sums(self) -> list[tuple[date, int]]:
        """The answers until the end of each day."""
        return list(
            zip((day for day, _count in self.days), accumulate(n for _day, n in self.days), strict=True)
        )

    @property
    def first(self) -> date:
        """The first day of the picture."""
        return min([span.first_day for span in self.spans] + [day for day, _count in self.days[:1]])

    @property
    def last(self) -> date:
        """Its last day: the survey's, or today where that is over and answers came."""
        return max([span.last_day for span in self.spans] + [day for day, _count in self.days[-1:]])


def progress_of(
    round: Round, instrument: InstrumentKind, counts: SurveyCounts, *, province_id: int | None
) -> Progress | None:
    """The progress of the country, or of one province. None for a survey that has no dates yet.

    ``counts``: what every other screen says of the same place.
    """
    spans = stage_state(round, Stage(instrument.value)).spans
    if not spans:
        return None
    query = select(ProvinceDay.day, func.sum(ProvinceDay.count)).where(
        ProvinceDay.round_id == round.id, ProvinceDay.instrument == instrument
    )
    if province_id is not None:
        query = query.where(ProvinceDay.province_id == province_id)
    past = {day: int(count) for day, count in db.session.execute(query.group_by(ProvinceDay.day))}
    today = local_day(clock.now())
    past[today] = max(0, counts.answers - sum(past.values()))
    if not past[today] and today > max(span.last_day for span in spans):
        del past[today]
    return Progress(spans, _each_day(past), counts, today)


def furthest_behind(
    rows: list[ProvinceRow], counts: dict[int, SurveyCounts]
) -> list[tuple[ProvinceRow, int, int]]:
    """Provinces with agencies below their minimum: how many, of how many that are confirmed; most first."""
    found = [(row, one.agencies - one.reached, one.agencies) for row in rows if (one := counts.get(row.id))]
    return sorted((one for one in found if one[1]), key=lambda one: -one[1])


def _each_day(found: dict[date, int]) -> tuple[tuple[date, int], ...]:
    """Every day from the first to the last, those without answers too."""
    if not any(found.values()):
        return ()
    first, last = min(found), max(found)
    days = (first + DAY * more for more in range((last - first).days + 1))
    return tuple((day, found.get(day, 0)) for day in days)
