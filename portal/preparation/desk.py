"""The preparation stage: headcount, sending to the executive, confirming, and what the deadline means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from sqlalchemy import ColumnElement, false, func, select, update
from sqlalchemy.orm import Session

from models.participation import Participation
from models.roster import RosterEntry
from models.round import RosterGroup, Round, RoundState, Stage
from portal.ballot.links import make_links
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused, Stale
from portal.core.files import ROSTER_BEFORE_IMPORT, ROSTER_TO_IMPORT, forget, name_about
from portal.core.lookup import hold
from portal.core.stages import runs_longer, stage_of, stage_state
from portal.core.workflow import fire, why_not
from portal.preparation.workflow import PREPARATION, stage_is_open

LARGEST_HEADCOUNT = 20_000
LONGEST_REASON = 1000


@dataclass(frozen=True)
class GroupCount:
    """A roster group of the round and how many names the agency has in it."""

    group: RosterGroup
    count: int


def require_editable(participation: Participation, actor: Actor) -> None:
    """The data may be changed now, by this person.

    Raises NotFound for another person's data, Closed outside the windows, Refused once they were sent on.
    """
    if not can(actor, P.PREPARATION_ENTER, participation):
        raise NotFound
    stage_is_open(participation)
    if participation.is_confirmed:
        raise Refused("The executive has confirmed the data: they can no longer be changed")
    if not participation.state.editable:
        raise Refused("The data were sent to the executive: take them back before you change them")


def why_not_editable(participation: Participation, actor: Actor) -> Refused | None:
    """The reason why the data cannot be changed now; None where they can."""
    try:
        require_editable(participation, actor)
    except Refused as refused:
        return refused
    return None


def set_headcount(
    participation: Participation,
    headcount: int,
    *,
    parts: Mapping[str, int] | None = None,
    seen: int | None = None,
    actor: Actor,
) -> None:
    """Step 2: how many internal stakeholders the agency has, where the round asks for groups with ``parts``.

    ``seen`` is the ``headcount_version`` of the page. Raises Refused, Closed, NotFound, Stale.
    """
    hold(participation)
    require_editable(participation, actor)
    if seen is not None and seen != headcount_version(participation):
        raise Stale
    require_headcount(headcount)
    with audit.act("preparation.headcount"):
        participation.headcount, participation.headcount_at = headcount, clock.now()
        participation.headcount_parts = dict(parts) if parts else None
        note_presence(participation)
        db.session.flush()


def headcount_version(participation: Participation) -> int:
    """What a page of the headcount was made from: the number itself, of groups a digest of all of them; 0
    before there is one."""
    if not participation.headcount_parts:
        return participation.headcount or 0
    return crc32(repr(sorted(participation.headcount_parts.items())).encode()) & 0x7FFFFFFF


def require_headcount(headcount: int) -> None:
    """Refuse a number that no agency has. Raises Refused."""
    if not 1 <= headcount <= LARGEST_HEADCOUNT:
        raise Refused(
            "The number lies between 1 and %(most)s", field="headcount", most=f"{LARGEST_HEADCOUNT:,}"
        )


def note_presence(participation: Participation) -> None:
    """Step 1 for an admin whose password was activated before this round began: the first act shows it."""
    participation.activated_at = participation.activated_at or clock.now()


def submit(participation: Participation, *, actor: Actor) -> None:
    """Send the data to the executive. Raises Refused with what is missing, Closed, NotFound."""
    hold(participation)
    if can(actor, P.PREPARATION_ENTER, participation):
        note_presence(participation)
    fire(PREPARATION, participation, "submit", actor=actor, submitted_at=clock.now(), return_reason="")
    kinds = (ROSTER_TO_IMPORT, ROSTER_BEFORE_IMPORT)
    forget(db.session(), *kinds, account_id=actor.account_id, about=name_about(participation.id, ""))


def withdraw(participation: Participation, *, actor: Actor) -> None:
    """Take the data back from the executive, to change them. Raises Refused, Closed, NotFound."""
    hold(participation)
    fire(PREPARATION, participation, "withdraw", actor=actor, submitted_at=None)


def give_back(participation: Participation, reason: str, *, actor: Actor) -> None:
    """The executive returns the data with a reason. Raises Refused, Closed, NotFound."""
    reason = reason.strip()
    if not reason:
        raise Refused("Write what the admin should change")
    hold(participation)
    fire(PREPARATION, participation, "return", actor=actor, return_reason=reason[:LONGEST_REASON])


def confirm(participation: Participation, *, actor: Actor) -> None:
    """Step 4: the executive confirms; both survey links are made. Raises Refused, Closed, NotFound."""
    hold(participation)
    fire(PREPARATION, participation, "confirm", actor=actor, confirmed_at=clock.now(), return_reason="")
    make_links(participation)


def why_not_step(participation: Participation, name: str, *, actor: Actor) -> Refused | None:
    """The reason why a step of the stage is not possible now; None where it is."""
    return why_not(PREPARATION, participation, name, actor=actor)


def group_counts(participation: Participation) -> list[GroupCount]:
    """How many names the roster has per group, the empty groups too."""
    query = (
        select(RosterEntry.group_id, func.count())
        .where(RosterEntry.participation_id == participation.id)
        .group_by(RosterEntry.group_id)
    )
    counts = dict(db.session.execute(query).all())
    return [GroupCount(group, counts.get(group.id, 0)) for group in participation.round.roster_groups]


# -- the deadline ----------------------------------------------------------------------------------------


def is_not_assessable(participation: Participation, now: datetime) -> bool:
    """True for an agency that was not confirmed when the last window of preparation had closed.

    Computed on read from windows, extensions and facts: a window added or an extension given later makes it
    possible again. A draft's dates may still change, so nobody has missed them.
    """
    if participation.round.state is RoundState.DRAFT:
        return False
    return stage_of(participation, Stage.PREPARATION, now).is_over and not participation.is_confirmed


def not_assessable_clause(round: Round, now: datetime) -> ColumnElement[bool]:
    """The same as a condition on Participation, for lists and sums."""
    if round.state is RoundState.DRAFT or not stage_state(round, Stage.PREPARATION, now).is_over:
        return false()
    longer = runs_longer(round, Stage.PREPARATION, now)
    return (Participation.round_id == round.id) & ~Participation.is_confirmed & ~longer


def count_not_assessable(round: Round, now: datetime, *criteria: ColumnElement[bool]) -> int:
    """How many agencies of the actor's scope cannot be assessed at a moment; one query.

    ``criteria`` are SQL conditions on Participation.
    """
    query = select(func.count(Participation.id)).where(not_assessable_clause(round, now), *criteria)
    return db.session.scalar(query) or 0


def record_deadline(session: Session, round: Round) -> int:
    """Record once, on every agency not confirmed in time, that the deadline has passed; gives how many.

    Needs a privileged session. Doing it again, or before the deadline, changes nothing.
    """
    now = clock.now()
    late = update(Participation).where(
        not_assessable_clause(round, now), Participation.not_assessable_at.is_(None)
    )
    result: Any = session.execute(
        late.values(not_assessable_at=now, version=Participation.version + 1),
        execution_options={"synchronize_session": False},
    )
    marked: int = result.rowcount
    if marked:
        audit.record(
            session, act="preparation.deadline", thing="round", row=round.id, after={"not_assessable": marked}
        )
    return marked
