"""The windows of a round in their order; what lies in the past is told, and stops nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import pairwise

from models.round import Round, Stage, Window
from models.thai import BUDDHIST_ERA, thai_date_short
from models.windows import WindowSpan
from portal.content.year import ContentWindow, YearContent, in_order
from portal.core.stages import STAGE_NAMES
from portal.rounds.checking.found import Found, Level, Page, Where

HERE = Where(Page.WINDOWS)
#: the month that begins a fiscal year, in the year before it
FIRST_MONTH = 10
#: stages that live from what another one gives them
NEEDS = {
    Stage.IIT: Stage.PREPARATION,
    Stage.EIT: Stage.PREPARATION,
    Stage.EIT_INTERVIEW: Stage.PREPARATION,
    Stage.OIT_SCORING: Stage.OIT,
}


def windows(content: YearContent, now: datetime) -> Iterator[Found]:
    """Every stage has dates; none overlap, and no stage comes before the one that it lives from."""
    of: dict[Stage, list[ContentWindow]] = {}
    for window in in_order(content.windows):
        of.setdefault(window.stage, []).append(window)
    lacking = len(set(Stage) - of.keys())
    if lacking:
        yield Found("%(count)s stages have no dates yet: enter them under windows", {"count": lacking}, HERE)
    for stage, rows in of.items():
        yield from _overlapping(stage, rows)
        earlier = NEEDS.get(stage)
        if earlier in of:
            yield from _before(stage, rows, earlier, of[earlier])
    yield from _past(of, now)
    yield from misplaced(content.fiscal_year, content.windows)


def years_of(fiscal_year: int) -> tuple[date, date]:
    """The first and the last day on which a year is assessed: within it, or in the one after it.

    The assessment of 2561 began in the fiscal year 2562.
    """
    year = fiscal_year - BUDDHIST_ERA
    return date(year - 1, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH - 1, 30)


def misplaced_in(round: Round) -> list[Found]:
    """The same warning of a round as it is stored."""
    return list(misplaced(round.fiscal_year, round.windows))


def misplaced(fiscal_year: int, windows: Iterable[ContentWindow | Window]) -> Iterator[Found]:
    """A warning where windows lie in other years, as after a copy of a round that was held late."""
    first, last = years_of(fiscal_year)
    spans = [WindowSpan(row.opens_at, row.closes_at, row.kind) for row in windows]
    away = sum(1 for span in spans if span.first_day < first or span.last_day > last)
    if away:
        said = {"count": away, "first": thai_date_short(first), "last": thai_date_short(last)}
        reason = "%(count)s windows lie outside %(first)s to %(last)s, the round's fiscal year and the next"
        yield Found(reason, said, Where(Page.MOVE_WINDOWS), Level.WARNING)


def _overlapping(stage: Stage, rows: list[ContentWindow]) -> Iterator[Found]:
    """Main, supplementary and last call follow one another."""
    if any(later.opens_at < one.closes_at for one, later in pairwise(rows)):
        said = {"stage": str(STAGE_NAMES[stage])}
        yield Found("The windows of %(stage)s overlap or stand in another order", said, HERE)


def _before(
    stage: Stage, rows: list[ContentWindow], earlier: Stage, before: list[ContentWindow]
) -> Iterator[Found]:
    said = {"stage": str(STAGE_NAMES[stage]), "earlier": str(STAGE_NAMES[earlier])}
    if rows[0].opens_at < before[0].opens_at:
        yield Found("%(stage)s begins before %(earlier)s, which it needs", said, HERE)
    if rows[-1].closes_at < before[-1].closes_at:
        yield Found("%(stage)s ends before %(earlier)s ends, which it needs", said, HERE)


def _past(of: dict[Stage, list[ContentWindow]], now: datetime) -> Iterator[Found]:
    for stage, rows in of.items():
        ends = max(row.closes_at for row in rows)
        if ends <= now:
            said = {"stage": str(STAGE_NAMES[stage]), "day": thai_date_short(ends)}
            reason = "%(stage)s is over since %(day)s: nobody can take part in it"
            yield Found(reason, said, HERE, Level.WARNING)
