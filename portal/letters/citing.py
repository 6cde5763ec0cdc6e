"""Letters of the portal under อ้างถึง: offered while a draft is written, and known again in what was typed.

A line that ends in number and day of a letter that the office may cite names that letter, whoever put it
there; what was typed is printed as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, select

from models.dispatch import Dispatch, DispatchState
from models.letter_office import LetterOffice, OfficeKind
from models.search import words_of
from models.thai import arabic_digits, thai_date
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.forms import read_date

#: whose letters an office cites: its own, and those that came to it
CITED: dict[OfficeKind, tuple[OfficeKind, ...]] = {
    OfficeKind.DLA: (OfficeKind.DLA, OfficeKind.NACC),
    OfficeKind.NACC: (OfficeKind.NACC,),
    OfficeKind.PROVINCE: (OfficeKind.PROVINCE,),
}
#: letters that a list offers at once, the newest first
OFFERED = 50
LONGEST_SEARCH = 100
HOLDS = (DispatchState.ISSUED, DispatchState.SENT)
LAPSED = (DispatchState.WITHDRAWN, DispatchState.REPLACED)
_NAMES = re.compile(r"^.*(?:^|\s)ที่\s*(?P<number>\S.{0,90}?)\s*ลงวันที่\s*(?P<day>.{6,40})$")


def cite_of(dispatch: Dispatch) -> str:
    """An issued letter as another one cites it: whose letter, how urgent, its number and its day."""
    office = str(dispatch.office.texts.get("name", ""))
    assert dispatch.dated is not None, "an issued letter has its day"
    urgency = f" {dispatch.urgency}" if dispatch.urgency else ""
    return f"หนังสือ{office}{urgency} ที่ {dispatch.number} ลงวันที่ {thai_date(dispatch.dated)}"


def _of(writer: OfficeKind) -> ColumnElement[bool]:
    """The letters that an office may cite."""
    return Dispatch.office.has(LetterOffice.kind.in_(CITED[writer]))


def citable(writer: OfficeKind, search: str = "") -> Sequence[Dispatch]:
    """The letters that an office may cite, the newest first; each word stands in number or subject."""
    query = select(Dispatch).where(_of(writer), Dispatch.state.in_(HOLDS))
    for word in words_of(arabic_digits(search[:LONGEST_SEARCH])):
        fits = (text.contains(word.typed, autoescape=True) for text in (Dispatch.number, Dispatch.subject))
        query = query.where(next(fits) | next(fits))
    query = query.order_by(Dispatch.dated.desc(), Dispatch.id.desc())
    return db.session.scalars(query.limit(OFFERED)).all()


def with_picked(lines: Sequence[str], picked: int | None, writer: OfficeKind) -> list[str]:
    """The references with one more that was picked from the list, unless a line has it already.

    Raises Refused for a letter that cannot be cited.
    """
    if picked is None:
        return list(lines)
    dispatch = db.session.get(Dispatch, picked)
    if dispatch is None or dispatch.office.kind not in CITED[writer] or not dispatch.state.final:
        raise Refused("Choose a letter from the list", field="pick")
    if picked in cited_by(lines, writer):
        return list(lines)
    return [*lines, cite_of(dispatch)]


def cited_by(lines: Sequence[str], writer: OfficeKind) -> list[int | None]:
    """For each line the letter that it names; None where it names none of the portal."""
    named = [_named(line) for line in lines]
    days = {one[1] for one in named if one is not None}
    if not days:
        return [None] * len(named)
    states = (*HOLDS, *LAPSED)
    query = select(Dispatch).where(_of(writer), Dispatch.state.in_(states))
    found = db.session.scalars(query.where(Dispatch.dated.in_(days)).order_by(Dispatch.id)).all()
    known = {(_squeezed(one.number), one.dated): one.id for one in found}
    return [known.get(one) if one is not None else None for one in named]


def lapsed(dispatch: Dispatch) -> Sequence[Dispatch]:
    """The letters under อ้างถึง that were withdrawn or replaced."""
    keys = [key for key in dispatch.cited_ids if key is not None]
    query = select(Dispatch).where(Dispatch.id.in_(keys), Dispatch.state.in_(LAPSED))
    return db.session.scalars(query.order_by(Dispatch.id)).all() if keys else ()


def _named(line: str) -> tuple[str, date] | None:
    """Number and day that a line ends in."""
    found = _NAMES.match(arabic_digits(line).strip())
    if found is None:
        return None
    try:
        return _squeezed(found["number"]), read_date(found["day"])
    except ValueError:
        return None


def _squeezed(number: str) -> str:
    return "".join(number.split())
