"""The demonstration's OIT checklists, written in bulk: scored ones of the past, some of today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.disclosure import Disclosure, DisclosureAnswer, DisclosureLink, DisclosureState, Review
from models.instrument import Instrument, OitItem
from models.kinds import AgencyKind
from models.round import Round

S = DisclosureState
EXPLANATION = "เผยแพร่ในเว็บไซต์ของหน่วยงาน"
WHY_FAILED = "เอกสารไม่ใช่ของปีที่ประเมิน โปรดใช้ฉบับปีงบประมาณนี้"


@dataclass(frozen=True)
class Sheet:
    """The checklist of an agency. ``points`` gives an item's points; ``failing`` items did not pass."""

    owner: Mapping[str, Any]
    kind: AgencyKind
    state: DisclosureState
    failing: int = 0
    points: Callable[[], Decimal] | None = None


def write(session: Session, round: Round, sheets: Iterable[Sheet], when: datetime) -> None:
    """Store checklists with every item answered that asks the agency. Bulk: needs a privileged session."""
    sheets = list(sheets)
    connection = session.connection()
    connection.execute(insert(Disclosure), [_disclosure(sheet, when) for sheet in sheets])
    query = select(Disclosure.participation_id, Disclosure.id).where(
        Disclosure.participation_id.in_([sheet.owner["participation_id"] for sheet in sheets])
    )
    ids: dict[int, int] = dict(session.execute(query).all())
    from_round = select(OitItem).join(Instrument, Instrument.id == OitItem.instrument_id)
    items = list(
        session.scalars(from_round.where(Instrument.round_id == round.id).order_by(OitItem.position))
    )
    connection.execute(
        insert(DisclosureAnswer), [row for sheet in sheets for row in _answers(sheet, ids, items)]
    )


def write_links(session: Session, sheets: Iterable[Sheet]) -> None:
    """An address for every answer of these checklists."""
    owners = {sheet.owner["participation_id"]: dict(sheet.owner) for sheet in sheets}
    query = select(DisclosureAnswer.id, DisclosureAnswer.participation_id, OitItem.code).join(
        OitItem, OitItem.id == DisclosureAnswer.oit_item_id
    )
    rows = session.execute(query.where(DisclosureAnswer.participation_id.in_(owners))).all()
    session.connection().execute(
        insert(DisclosureLink),
        [
            {
                **owners[participation],
                "answer_id": key,
                "position": 1,
                "url": f"https://www.example.go.th/oit/{code.lower()}",
            }
            for key, participation, code in rows
        ],
    )


def _disclosure(sheet: Sheet, when: datetime) -> dict[str, Any]:
    approved = sheet.state.approved
    return {
        **sheet.owner,
        "state": sheet.state,
        "submission": 1,
        "submitted_at": when,
        "confirmed_at": when if approved else None,
        "scored_at": when if sheet.state is S.SCORED else None,
        "version": 1,
    }


def _answers(sheet: Sheet, ids: Mapping[int, int], items: list[OitItem]) -> Iterable[dict[str, Any]]:
    reviewed = Review.PENDING if sheet.state is S.SUBMITTED else Review.PASS
    for place, item in enumerate(item for item in items if item.asks(sheet.kind)):
        failed = place < sheet.failing
        yield {
            **sheet.owner,
            "disclosure_id": ids[sheet.owner["participation_id"]],
            "oit_item_id": item.id,
            "disclosed": True,
            "explanation": EXPLANATION,
            "review": Review.FAIL if failed else reviewed,
            "review_reason": WHY_FAILED if failed else "",
            "score": sheet.points() if sheet.points else None,
            "version": 1,
        }
