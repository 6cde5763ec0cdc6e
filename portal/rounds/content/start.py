"""What a new round begins from: an earlier round, the content that is shipped, or nothing.

What is copied is everything that is not an answer; windows move by the years between.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from models.instrument import InstrumentKind
from models.round import CombineRule, Round
from models.zone import BANGKOK
from portal.content.year import YEARS, ContentInstrument, ContentWindow, YearContent, load_year
from portal.core.errors import NotFound
from portal.rounds.content.reading import content_of

#: the words of a start as a form sends them: "round:7", "shipped:2561", "nothing"
ROUND, SHIPPED, NOTHING = "round", "shipped", "nothing"
#: an instrument that nothing is in yet bears the name of its kind
EMPTY_WEIGHT = Decimal(0)


def content_from(session: Session, start: str, *, fiscal_year: int) -> YearContent:
    """The content that a start gives to a fiscal year, of the scheme of the start.

    Raises NotFound for a start that there is not.
    """
    kind, _colon, which = start.partition(":")
    if kind == NOTHING:
        return nothing(fiscal_year)
    if kind == SHIPPED and which in map(str, YEARS):
        return replace(load_year(int(which)), fiscal_year=fiscal_year)
    if kind == ROUND and which.isdecimal() and (round := session.get(Round, int(which))) is not None:
        return moved(content_of(session, round), fiscal_year)
    raise NotFound


def moved(content: YearContent, fiscal_year: int) -> YearContent:
    """The content for another fiscal year: its windows on the same days, so many years on."""
    years = fiscal_year - content.fiscal_year
    return replace(content, fiscal_year=fiscal_year, windows=tuple(_windows(content.windows, years)))


def nothing(fiscal_year: int) -> YearContent:
    """Three instruments without anything in them: the builder, a workbook or tables fill them."""
    return YearContent(
        fiscal_year=fiscal_year,
        scales=(),
        instruments=tuple(
            ContentInstrument(kind.value, kind.name, EMPTY_WEIGHT, (), (), ()) for kind in InstrumentKind
        ),
        sample_rows=(),
        bands=(),
        roster_groups=(),
        first_digits="12345678",
        detail_threshold=10,
        total_threshold=3,
        eit_combine=CombineRule.POOLED.value,
        demo_wording=False,
    )


def _windows(windows: Iterable[ContentWindow], years: int) -> Iterable[ContentWindow]:
    for window in windows:
        opens_at, closes_at = (_later(moment, years) for moment in (window.opens_at, window.closes_at))
        yield replace(window, opens_at=opens_at, closes_at=closes_at)


def _later(moment: datetime, years: int) -> datetime:
    """The same day and hour in Bangkok so many years on; of 29 February where there is none, the next day.

    A window that ends at midnight of 1 March then still holds the whole of February.
    """
    here = moment.astimezone(BANGKOK)
    try:
        return here.replace(year=here.year + years)
    except ValueError:
        return here.replace(year=here.year + years, month=3, day=1)
