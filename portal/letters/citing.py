"""Letters of the portal under อ้างถึง: offered while a draft is written, and known again in what was typed.

A line that ends in number and day of a letter that the office may cite names that letter, whoever put it
there; what was typed is printed as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select

from models.delivery import Delivery, desk_of
from models.dispatch import Dispatch, DispatchState
from models.letter_office import LetterOffice, OfficeKind
from models.search import words_of
from models.thai import arabic_digits, thai_date
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.forms import read_date

#: whose letters an office cites from the record: its own, and those of offices whose record it reads
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


@dataclass(frozen=True)
class Known:
    """A letter that an office may cite: one of the record, or one that lies at its desk.

    ``id``: of its dispatch. ``lapsed_at``: since when it does not hold.
    """

    id: int
    office: str
    urgency: str
    number: str
    dated: date
    subject: str
    lapsed_at: datetime | None = None
    replaced: bool = False

    @property
    def line(self) -> str:
        """As another letter cites it: whose letter, how urgent, its number and its day."""
        urgency = f" {self.urgency}" if self.urgency else ""
        return f"หนังสือ{self.office}{urgency} ที่ {self.number} ลงวันที่ {thai_date(self.dated)}"


def citable(writer: OfficeKind, province_id: int | None = None, search: str = "") -> list[Known]:
    """The letters that an office may cite, the newest first; each word stands in number or subject."""
    written, came = _written(writer, HOLDS), _came(province_id).where(Delivery.void_at.is_(None))
    for word in words_of(arabic_digits(search[:LONGEST_SEARCH])):
        written = written.where(_has(Dispatch, word.typed))
        came = came.where(_has(Delivery, word.typed))
    found = _known(
        written.order_by(Dispatch.dated.desc(), Dispatch.id.desc()).limit(OFFERED),
        came.order_by(Delivery.dated.desc(), Delivery.id.desc()).limit(OFFERED),
    )
    return sorted(found, key=lambda one: (one.dated, one.id), reverse=True)[:OFFERED]


def with_picked(
    lines: Sequence[str], picked: int | None, writer: OfficeKind, province_id: int | None = None
) -> list[str]:
    """The references with one more that was picked from the list, unless a line has it already.

    Raises Refused for a letter that cannot be cited.
    """
    if picked is None:
        return list(lines)
    written, came = _written(writer, (*HOLDS, *LAPSED)), _came(province_id)
    found = _known(written.where(Dispatch.id == picked), came.where(Delivery.dispatch_id == picked))
    if not found:
        raise Refused("Choose a letter from the list", field="pick")
    if picked in cited_by(lines, writer, province_id):
        return list(lines)
    return [*lines, found[0].line]


def cited_by(lines: Sequence[str], writer: OfficeKind, province_id: int | None = None) -> list[int | None]:
    """For each line the letter that it names; None where it names none of the portal."""
    named = [_named(line) for line in lines]
    days = {one[1] for one in named if one is not None}
    if not days:
        return [None] * len(named)
    written, came = _written(writer, (*HOLDS, *LAPSED)), _came(province_id)
    found = _known(written.where(Dispatch.dated.in_(days)), came.where(Delivery.dated.in_(days)))
    known = {(_squeezed(one.number), one.dated): one.id for one in sorted(found, key=lambda one: one.id)}
    return [known.get(one) if one is not None else None for one in named]


def lapsed(dispatch: Dispatch) -> list[Known]:
    """The letters under อ้างถึง that were withdrawn or replaced."""
    keys = [key for key in dispatch.cited_ids if key is not None]
    if not keys:
        return []
    written, came = _written(dispatch.office.kind, LAPSED), _came(dispatch.office.province_id)
    return _known(
        written.where(Dispatch.id.in_(keys)).order_by(Dispatch.id),
        came.where(Delivery.dispatch_id.in_(keys), Delivery.void_at.is_not(None)).order_by(Delivery.id),
    )


def _written(writer: OfficeKind, states: Sequence[DispatchState]) -> Select[Dispatch]:
    """Letters of the record that an office reads."""
    whose = Dispatch.office.has(LetterOffice.kind.in_(CITED[writer]))
    return select(Dispatch).where(whose, Dispatch.state.in_(states))


def _came(province_id: int | None) -> Select[Delivery]:
    """Letters at the desk of a province, which reads no record but its own; none at that of the country."""
    here = Delivery.desk == desk_of(province_id, None) if province_id is not None else false()
    return select(Delivery).where(here)


def _has(table: Any, word: str) -> ColumnElement[bool]:
    return or_(*(text.contains(word, autoescape=True) for text in (table.number, table.subject)))


def _known(written: Select[Dispatch], came: Select[Delivery]) -> list[Known]:
    own = [_of_record(one) for one in db.session.scalars(written)]
    return own + [_at_desk(one) for one in db.session.scalars(came)]


def _of_record(one: Dispatch) -> Known:
    assert one.dated is not None, "an issued letter has its day"
    replaced = one.state is DispatchState.REPLACED
    office = str(one.office.texts.get("name", ""))
    return Known(one.id, office, one.urgency, one.number, one.dated, one.subject, one.withdrawn_at, replaced)


def _at_desk(one: Delivery) -> Known:
    replaced = bool(one.replaced_by)
    return Known(
        one.dispatch_id, one.sender, one.urgency, one.number, one.dated, one.subject, one.void_at, replaced
    )


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
