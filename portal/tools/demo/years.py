"""The demonstration's first year, and what its years have in common: laid side by side and confirmed.

A year ago everything was asked as today; the year before asked one question otherwise and one item less, so
that its results show both: what may be compared, and why the rest may not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.account import Account
from models.agency import Agency
from models.instrument import InstrumentKind
from models.place import Province
from models.round import Round
from models.year import YearLink, YearMapping
from portal.content.year import ContentInstrument, YearContent
from portal.rounds.building.edits import items
from portal.rounds.trends.matching import Suggestion, suggested
from portal.rounds.trends.reading import asked_in
from portal.tools.demo.people import HOME_PROVINCE

#: provinces that took part in the first year: the home province and one beside it
FIRST_PROVINCES = (HOME_PROVINCE, "51")
#: the item that was not asked yet, and the question that was another one under its code
NOT_YET, OTHERWISE = "O48", "E5"
OTHER_WORDS = "ท่านเห็นว่าเจ้าหน้าที่ของหน่วยงานนี้ทุ่มเททำงานให้แก่ประชาชนเพียงใด"
CONFIRMED_BY = "demo-nacc"


def first_content(content: YearContent) -> YearContent:
    """What was asked in the first year."""
    before = items.remove_item(content, NOT_YET)
    return replace(before, instruments=tuple(map(_otherwise, before.instruments)))


def _otherwise(one: ContentInstrument) -> ContentInstrument:
    rows = (replace(row, text=OTHER_WORDS) if row.code == OTHERWISE else row for row in one.questions)
    return replace(one, questions=tuple(rows))


def first_agencies() -> ColumnElement[bool]:
    """The condition of the agencies that took part in the first year."""
    return Agency.province_id.in_(select(Province.id).where(Province.code.in_(FIRST_PROVINCES)))


def lay_beside(session: Session, round: Round, earlier: Round, when: datetime) -> None:
    """Decide on everything as it is suggested (of the unsure one this is true here), and confirm it."""
    asked = asked_in(session, [round.id, earlier.id])
    found = [
        (kind, one)
        for kind in InstrumentKind
        for one in suggested(asked[round.id].of(kind), asked[earlier.id].of(kind))
    ]
    session.add_all(_link(round, earlier, kind, one) for kind, one in found)
    by = session.scalar(select(Account.id).where(Account.username == CONFIRMED_BY))
    session.add(YearMapping(round_id=round.id, earlier_id=earlier.id, confirmed_at=when, account_id=by))
    session.flush()


def _link(round: Round, earlier: Round, kind: InstrumentKind, one: Suggestion) -> YearLink:
    return YearLink(
        round_id=round.id,
        earlier_id=earlier.id,
        instrument=kind,
        code=one.later.code if one.later else None,
        earlier_code=one.earlier.code if one.earlier else None,
        likeness=one.what,
        together=one.sure,
    )
