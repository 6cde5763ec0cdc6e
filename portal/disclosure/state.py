"""What every act on an OIT checklist does first: lock it, look at its state and version, take the step.

The lock makes admin, executive and assessor of one agency act one after the other; the version that a page
was made from tells whether somebody was faster.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState
from models.instrument import OitItem
from models.participation import Participation
from models.thai import thai_datetime
from portal.core.access import Actor, Permission, can
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused, Stale
from portal.core.workflow import fire, why_not
from portal.disclosure.workflow import DISCLOSURE, WHY_STATE


def locked_disclosure(participation: Participation) -> Disclosure | None:
    """The checklist as it is now, held until the transaction ends; None where nothing was begun."""
    query = (
        select(Disclosure)
        .where(Disclosure.participation_id == participation.id)
        .with_for_update(of=Disclosure)
        .options(
            selectinload(Disclosure.answers).selectinload(DisclosureAnswer.links),
            selectinload(Disclosure.answers).joinedload(DisclosureAnswer.item).joinedload(OitItem.indicator),
        )
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one_or_none()


def begun(participation: Participation) -> Disclosure:
    """As ``locked_disclosure``. Raises Refused where nothing was begun."""
    disclosure = locked_disclosure(participation)
    if disclosure is None:
        raise Refused(WHY_STATE[DisclosureState.DRAFT])
    return disclosure


def answer_of(disclosure: Disclosure, item_id: int) -> DisclosureAnswer:
    """The answer to an item. Raises NotFound for an item of another round."""
    for answer in disclosure.answers:
        if answer.oit_item_id == item_id:
            return answer
    raise NotFound


def require_version(row: Disclosure | DisclosureAnswer, version: int) -> None:
    """Raises Stale when the row moved on since the page was made. 0: the page was made before the row."""
    if version != row.version and not (version == 0 and row.version == 1):
        raise Stale


def why_state(disclosure: Disclosure | None) -> Refused:
    """Why the acts of another state are closed: where the checklist lies, and since when."""
    state = disclosure.state if disclosure else DisclosureState.DRAFT
    moments = {
        DisclosureState.SUBMITTED: disclosure and disclosure.submitted_at,
        DisclosureState.CONFIRMED: disclosure and disclosure.confirmed_at,
        DisclosureState.SCORED: disclosure and disclosure.scored_at,
    }
    moment = moments.get(state)
    return Refused(WHY_STATE[state], when=thai_datetime(moment) if moment else "–")


def require_state(disclosure: Disclosure, *states: DisclosureState) -> None:
    """Raises Refused, saying where the checklist lies, unless it is in one of the states."""
    if disclosure.state not in states:
        raise why_state(disclosure)


def require_permission(actor: Actor, permission: Permission, participation: Participation) -> None:
    """Raises NotFound for a person who may not do this, or not here."""
    if not can(actor, permission, participation):
        raise NotFound


def step_reason(disclosure: Disclosure | None, step: str, *, actor: Actor) -> Refused | None:
    """Why a step is not possible now, in words for the page; None where it is possible."""
    if disclosure is None:
        if step == "submit":  # the admin asks, who is not helped by "the admin is still answering"
            return Refused("Answer the items first: none is answered yet")
        return why_state(None)
    if disclosure.state not in DISCLOSURE.transition(step).sources:
        return why_state(disclosure)
    return why_not(DISCLOSURE, disclosure, step, actor=actor)


def take_step(disclosure: Disclosure, step: str, *, actor: Actor, **marks: Any) -> None:
    """Take a step of the workflow together with its marks (moments, counts), as one event.

    Raises NotFound, Refused or Closed with the reason; nothing is changed then.
    """
    reason = step_reason(disclosure, step, actor=actor)
    if reason is not None:
        raise reason
    with db.session.no_autoflush:
        for name, value in marks.items():
            setattr(disclosure, name, value)
        fire(DISCLOSURE, disclosure, step, actor=actor)
