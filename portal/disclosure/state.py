"""The three desks of an OIT checklist, and what every act does first: lock it, look at state and version.

The lock makes admin, executive and assessor of one agency act one after the other; the version that a page
was made from tells whether somebody was faster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState
from models.instrument import OitItem
from models.participation import Participation
from models.round import Stage
from portal.core import audit
from portal.core.access import Actor, Permission, can
from portal.core.access import Permission as P
from portal.core.contributors import own_work
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.sent import versions
from portal.core.workflow import why_not
from portal.disclosure.checklist import items_of
from portal.disclosure.workflow import DISCLOSURE, require_running, where_it_lies


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


def ensure_disclosure(participation: Participation) -> Disclosure:
    """The checklist of a participation, locked, with a row for every item that asks its kind of agency; made
    in one go where missing. What counts rows (guards, progress, lists) thereby counts these items.

    Call it from acts only, never while reading.
    """
    disclosure = locked_disclosure(participation)
    if disclosure is None:
        # two first acts at once: the second waits here and then finds the row
        db.session.execute(
            select(Participation.id).where(Participation.id == participation.id).with_for_update()
        )
        disclosure = locked_disclosure(participation)
    have = {answer.oit_item_id for answer in disclosure.answers} if disclosure else set()
    asked = items_of(participation.round_id, participation.kind)
    missing = [item for item in asked if item.id not in have]
    if disclosure is None or missing:
        disclosure = _begin(disclosure, participation, missing)
    return disclosure


def _begin(
    disclosure: Disclosure | None, participation: Participation, items: Sequence[OitItem]
) -> Disclosure:
    with audit.unrecorded(db.session()):
        if disclosure is None:
            disclosure = Disclosure(participation=participation, participation_id=participation.id)
            db.session.add(disclosure)
        disclosure.answers.extend(
            DisclosureAnswer(participation_id=participation.id, item=item, links=[]) for item in items
        )
    audit.record(
        db.session(),
        act="disclosure.begin",
        thing="disclosure",
        row=disclosure.id,
        chain=audit.chain_of(disclosure),
        after={"items": len(items)},
    )
    return disclosure


def answer_of(disclosure: Disclosure, item_id: int) -> DisclosureAnswer:
    """The answer to an item. Raises NotFound for one of another round, or that does not ask this kind."""
    for answer in disclosure.answers:
        if answer.oit_item_id == item_id:
            # whoever holds the answer holds the checklist with all that was read of it
            set_committed_value(answer, "disclosure", disclosure)
            return answer
    raise NotFound


def require_version(row: Disclosure | DisclosureAnswer, version: int) -> None:
    """As for every row. The rows of a checklist are made empty: a page from before them shows version 1."""
    versions.require_version(row, version or 1)


@dataclass(frozen=True)
class Desk:
    """A place at which a checklist is worked on: who works there, in which stage, on which states."""

    permission: Permission
    stage: Stage
    is_here: Callable[[DisclosureState], bool]

    def closed(self, participation: Participation, disclosure: Disclosure | None) -> Refused | None:
        """Why nobody can work here now, in words for the page; None where it is possible."""
        try:
            require_running(participation, self.stage)
        except Refused as refused:
            return refused
        state = disclosure.state if disclosure else DisclosureState.DRAFT
        return own_work(self.permission, participation) if self.is_here(state) else where_it_lies(disclosure)

    def enter(self, participation: Participation, actor: Actor) -> None:
        """The first questions of every act. Raises NotFound for who may not, or not here; Closed; Refused
        for who would judge what they entered themselves."""
        if not can(actor, self.permission, participation):
            raise NotFound
        require_running(participation, self.stage)
        own = own_work(self.permission, participation, actor)
        if own is not None:
            raise own

    def take(self, participation: Participation, actor: Actor) -> Disclosure:
        """The checklist, locked, to work on its items. Raises NotFound, Closed, Refused (where it lies)."""
        self.enter(participation, actor)
        disclosure = locked_disclosure(participation)
        if disclosure is None or not self.is_here(disclosure.state):
            raise where_it_lies(disclosure)
        return disclosure

    def at_version(self, participation: Participation, version: int, actor: Actor) -> Disclosure:
        """The checklist, locked, as the page with ``version`` showed it. Raises NotFound, Refused, Stale."""
        if not can(actor, self.permission, participation):
            raise NotFound
        disclosure = locked_disclosure(participation)
        if disclosure is None:
            raise where_it_lies(None)
        require_version(disclosure, version)
        return disclosure


ANSWERING = Desk(P.DISCLOSURE_ANSWER, Stage.OIT, lambda state: state.editable)
REVIEWING = Desk(P.DISCLOSURE_REVIEW, Stage.OIT, lambda state: state is DisclosureState.SUBMITTED)
SCORING = Desk(P.DISCLOSURE_SCORE, Stage.OIT_SCORING, lambda state: state is DisclosureState.CONFIRMED)


def step_reason(disclosure: Disclosure | None, step: str, *, actor: Actor) -> Refused | None:
    """Why a step is not possible now, in words for the page; None where it is possible."""
    if disclosure is not None:
        return why_not(DISCLOSURE, disclosure, step, actor=actor)
    if step == "submit":  # the admin asks, who is not helped by "the admin is still answering"
        return Refused("Answer the items first: none is answered yet")
    return where_it_lies(None)
