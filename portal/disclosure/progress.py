"""How far OIT has come, for lists, status pages and homes: one query for any number of agencies.

An answer whose choice is made is complete (saving refuses anything else), so counting needs no links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState, Review
from models.kinds import AgencyKind
from models.participation import Participation
from portal.core.database.session import db
from portal.core.texts import lazy


@dataclass(frozen=True)
class OitCounts:
    """The checklist of one participation in numbers."""

    state: DisclosureState = DisclosureState.DRAFT
    total: int = 0
    answered: int = 0
    passed: int = 0
    failed: int = 0
    scored: int = 0

    @property
    def pending(self) -> int:
        """Items that the executive has not marked."""
        return self.total - self.passed - self.failed

    @property
    def label(self) -> Any:
        """The state in words."""
        return state_label(self.state, begun=self.answered > 0)[1]

    @property
    def kind(self) -> str:
        """The state's colour: ok, warn, bad, info or idle."""
        return state_label(self.state, begun=self.answered > 0)[0]


#: colour and words of a state, as the agency and its offices read it, and as its assessor does
_LABELS: dict[DisclosureState, tuple[tuple[str, Any], tuple[str, Any]]] = {
    DisclosureState.DRAFT: (("info", lazy("Being answered")), ("idle", lazy("Not submitted"))),
    DisclosureState.SUBMITTED: (
        ("warn", lazy("Waits for the executive")),
        ("info", lazy("With the executive")),
    ),
    DisclosureState.RETURNED: (("bad", lazy("Returned to be mended")), ("idle", lazy("Not submitted"))),
    DisclosureState.CONFIRMED: (("ok", lazy("Confirmed by the executive")), ("warn", lazy("To be scored"))),
    DisclosureState.SCORED: (("ok", lazy("Scored")), ("ok", lazy("Scored"))),
}


def state_label(state: DisclosureState, *, begun: bool = True) -> tuple[str, Any]:
    """Colour and words of a state; ``begun`` False: nothing is answered yet."""
    if state is DisclosureState.DRAFT and not begun:
        return "idle", lazy("Not begun")
    return _LABELS[state][0]


def state_for_assessor(state: DisclosureState | None) -> tuple[str, Any]:
    """Colour and words of a state for who waits to score it; None: nothing was begun."""
    return _LABELS[state or DisclosureState.DRAFT][1]


def oit_counts(
    *, participation_ids: Sequence[int] | None = None, round_id: int | None = None
) -> dict[int, OitCounts]:
    """Counts by participation, of those named or of a round's, inside the actor's scope; one query.

    A participation whose checklist was not begun is missing: take ``OitCounts()`` for it.
    """
    answer = DisclosureAnswer
    query = (
        select(
            Disclosure.participation_id,
            Disclosure.state,
            func.count(answer.id),
            func.count(answer.disclosed),
            func.count(answer.id).filter(answer.review == Review.PASS),
            func.count(answer.id).filter(answer.review == Review.FAIL),
            func.count(answer.score),
        )
        .join(answer, answer.disclosure_id == Disclosure.id, isouter=True)
        .group_by(Disclosure.participation_id, Disclosure.state)
    )
    if participation_ids is not None:
        query = query.where(Disclosure.participation_id.in_(participation_ids))
    if round_id is not None:
        query = query.join(Participation, Participation.id == Disclosure.participation_id).where(
            Participation.round_id == round_id
        )
    rows = db.session.execute(query)
    return {key: OitCounts(state, *(int(number) for number in numbers)) for key, state, *numbers in rows}


def oit_states(round_id: int, *, kind: AgencyKind | None = None) -> dict[int, dict[DisclosureState, int]]:
    """How many agencies (of one kind) of each province stand in which state, once begun; one query."""
    query = (
        select(Disclosure.province_id, Disclosure.state, func.count(Disclosure.id))
        .join(Participation, Participation.id == Disclosure.participation_id)
        .where(Participation.round_id == round_id)
        .group_by(Disclosure.province_id, Disclosure.state)
    )
    if kind is not None:
        query = query.where(Participation.kind == kind)
    counts: dict[int, dict[DisclosureState, int]] = {}
    for province, state, number in db.session.execute(query):
        counts.setdefault(province, {})[state] = number
    return counts
