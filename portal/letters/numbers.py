"""The register of outgoing letters: every number of an office and calendar year is given once.

Whoever takes a number holds the office's row: those who issue at the same moment wait for one another, and
a number goes back with the act that failed, so that none is doubled and none is missing. (Rules of
งานสารบรรณ: a register runs through a calendar year; ว numbers may have a series of their own.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from models.dispatch import Dispatch, LetterNumber, NumberSeries, NumberUse
from models.letter_office import LetterOffice, Register
from models.thai import arabic_digits, be_year
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.lookup import hold
from portal.core.outside import LARGEST, whole
from portal.letters.paged import Paged, one_page

#: the running number at the end of what was typed: "123", "ว 123", "มท 0810.7/ว 123"
_RUNNING = re.compile(r"(?:^|[/\sว])(\d{1,9})$")
#: at most so many are reserved in one act
MOST_RESERVED = 50
#: numbers of one page
PAGE = 100
LONGEST_SEARCH = 100


def take(dispatch: Dispatch, typed: str, dated: date, *, actor: Actor) -> int:
    """Give a dispatch its number in the register of the letter's year; the number, flushed.

    ``typed`` is empty where the portal gives the next one; else it names a reserved number, or, in an office
    that keeps its register elsewhere, the number of that register. Raises Refused for one that is none, was
    used or was skipped.
    """
    office, year = dispatch.office, be_year(dated)
    hold(office)
    circulars = in_own_series(office, dispatch)
    if office.register is Register.ELSEWHERE:
        return _typed(dispatch, running_in(typed), year, circulars, actor)
    if typed.strip():
        return _reserved(dispatch, running_in(typed), year, circulars)
    number = _next(office, year, circulars)
    _note(office, year, circulars, number, NumberUse.USED, actor, dispatch=dispatch)
    return number


def in_own_series(office: LetterOffice, dispatch: Dispatch) -> bool:
    """True where a letter's number comes from the series of ว numbers alone."""
    return office.register is Register.CIRCULARS_APART and dispatch.circular


def running_in(typed: str) -> int:
    """The running number in what was typed, with or without the office's part and ว. Raises Refused."""
    text = arabic_digits(typed).strip()
    if not text:
        raise Refused("Enter the number of the letter", field="number")
    found = _RUNNING.search(text)
    number = int(found[1]) if found else 0
    if not 0 < number <= LARGEST:
        raise Refused(
            "This is no number of a letter: it ends with a running number, such as 123", field="number"
        )
    return number


def next_number(office: LetterOffice, dispatch: Dispatch, dated: date) -> int | None:
    """The number that would be given next; None where the office types it."""
    if office.register is Register.ELSEWHERE:
        return None
    series = series_of(office, be_year(dated), in_own_series(office, dispatch))
    return series.last + 1 if series else 1


def reserved(office: LetterOffice, year: int, circulars: bool) -> Sequence[LetterNumber]:
    """Numbers that wait for their letter, in order."""
    query = _numbers(office, year, circulars).where(LetterNumber.use == NumberUse.RESERVED)
    return db.session.scalars(query.order_by(LetterNumber.number)).all()


def reserve(
    office: LetterOffice, year: int, circulars: bool, count: int, reason: str, *, actor: Actor
) -> list[int]:
    """Keep the next numbers for letters to come, with the reason. Raises Refused."""
    _require_here(office)
    if not 1 <= count <= MOST_RESERVED:
        raise Refused("Reserve 1 to %(most)s numbers at a time", field="count", most=MOST_RESERVED)
    hold(office)
    with audit.act("letters.reserve"):
        numbers = []
        for _one in range(count):
            number = _next(office, year, circulars)
            _note(office, year, circulars, number, NumberUse.RESERVED, actor, reason=reason)
            numbers.append(number)
    return numbers


def skip(number: LetterNumber, reason: str, *, actor: Actor) -> None:
    """Say why a reserved number is never used. Raises Refused for any other number, and without a reason."""
    office = db.session.get_one(LetterOffice, number.office_id)
    hold(office)
    hold(number)
    if number.use is not NumberUse.RESERVED:
        raise Refused("Only a reserved number can be left out")
    if not reason.strip():
        raise Refused("Say why this number is left out", field="reason")
    with audit.act("letters.skip"):
        number.use, number.reason, number.taken_at = NumberUse.SKIPPED, reason.strip(), clock.now()
        number.account_id = actor.account_id
        db.session.flush()


def begin_at(
    office: LetterOffice, year: int, circulars: bool, first: int, reason: str, *, actor: Actor
) -> NumberSeries:
    """Let a year's series go on from a register that was kept elsewhere, with the first number given here.

    Raises Refused where the portal has given one already.
    """
    _require_here(office)
    if not 1 <= first <= LARGEST:
        raise Refused("A running number is 1 or more", field="first")
    hold(office)
    series = series_of(office, year, circulars)
    if series is not None and series.last >= series.first:
        raise Refused("The portal has given numbers of this series already", field="first")
    with audit.act("letters.begin_series"):
        series = series or NumberSeries(
            office_id=office.id, province_id=office.province_id, year=year, circulars=circulars
        )
        series.first, series.last, series.reason = first, first - 1, reason.strip()
        db.session.add(series)
        db.session.flush()
    return series


def _require_here(office: LetterOffice) -> None:
    if office.register is Register.ELSEWHERE:
        raise Refused("This office keeps its register elsewhere: its numbers are typed")


def _numbers(office: LetterOffice, year: int, circulars: bool) -> Any:
    return select(LetterNumber).where(
        LetterNumber.office_id == office.id, LetterNumber.year == year, LetterNumber.circulars == circulars
    )


def series_of(office: LetterOffice, year: int, circulars: bool) -> NumberSeries | None:
    """The running series; None before its first number."""
    query = select(NumberSeries).where(
        NumberSeries.office_id == office.id, NumberSeries.year == year, NumberSeries.circulars == circulars
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _next(office: LetterOffice, year: int, circulars: bool) -> int:
    """The next number of a series, which begins with 1; the office's row is held."""
    series = series_of(office, year, circulars)
    if series is None:
        series = NumberSeries(
            office_id=office.id,
            province_id=office.province_id,
            year=year,
            circulars=circulars,
            first=1,
            last=0,
        )
        db.session.add(series)
    taken = _numbers(office, year, circulars).with_only_columns(LetterNumber.number)
    number = series.last + 1
    # numbers that were typed before the office came to the portal's register
    while db.session.scalar(taken.where(LetterNumber.number == number)) is not None:
        number += 1
    series.last = number
    db.session.flush()
    return number


def _typed(dispatch: Dispatch, number: int, year: int, circulars: bool, actor: Actor) -> int:
    if db.session.scalar(_numbers(dispatch.office, year, circulars).where(LetterNumber.number == number)):
        raise Refused("This number was used in this year already", field="number")
    _note(dispatch.office, year, circulars, number, NumberUse.USED, actor, dispatch=dispatch)
    return number


def _reserved(dispatch: Dispatch, number: int, year: int, circulars: bool) -> int:
    row = db.session.scalar(_numbers(dispatch.office, year, circulars).where(LetterNumber.number == number))
    if row is None or row.use is not NumberUse.RESERVED:
        raise Refused("This number is not reserved: leave the field empty for the next one", field="number")
    row.use, row.dispatch_id, row.taken_at = NumberUse.USED, dispatch.id, clock.now()
    db.session.flush()
    return number


def _note(
    office: LetterOffice,
    year: int,
    circulars: bool,
    number: int,
    use: NumberUse,
    actor: Actor,
    *,
    dispatch: Dispatch | None = None,
    reason: str = "",
) -> None:
    db.session.add(
        LetterNumber(
            office_id=office.id,
            province_id=office.province_id,
            year=year,
            circulars=circulars,
            number=number,
            use=use,
            dispatch_id=dispatch.id if dispatch else None,
            reason=reason.strip(),
            taken_at=clock.now(),
            account_id=actor.account_id,
        )
    )
    db.session.flush()


def page_of(
    office: LetterOffice, year: int, circulars: bool, *, search: str = "", page: int = 1
) -> Paged[LetterNumber]:
    """The numbers of a series, the newest first, narrowed to a number or to words of subject and reason."""
    query = _numbers(office, year, circulars)
    if text := arabic_digits(search).strip()[:LONGEST_SEARCH]:
        fits = [
            LetterNumber.reason.contains(text, autoescape=True),
            LetterNumber.dispatch.has(Dispatch.subject.contains(text, autoescape=True)),
        ]
        if (number := whole(text, least=1)) is not None:
            fits.append(LetterNumber.number == number)
        query = query.where(or_(*fits))
    query = query.options(joinedload(LetterNumber.dispatch), joinedload(LetterNumber.account))
    return one_page(query, LetterNumber.id, LetterNumber.number.desc(), page=page, size=PAGE)


def years_of(office: LetterOffice) -> list[int]:
    """The years of which the register has numbers, and this one; the newest first."""
    query = select(LetterNumber.year).where(LetterNumber.office_id == office.id).distinct()
    return sorted({be_year(clock.now()), *db.session.scalars(query)}, reverse=True)
