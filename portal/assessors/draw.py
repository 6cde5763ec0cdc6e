"""Drawing the sample of EIT part 2: once, by a seed that lets anybody draw it again, and going on with it."""

from __future__ import annotations

from sqlalchemy import select

from models.instrument import InstrumentKind
from models.participation import Participation
from models.roster import Interview, RosterEntry, SampleDraw
from models.sampling import draw, new_seed
from portal.assessors.judgement import ENOUGH, draw_of, is_outdated, judgement_of, require_confirmed
from portal.assessors.workflow import stage_is_open
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.lookup import hold
from portal.surveys.minimum import targets_of


def default_size(participation: Participation) -> int:
    """The size that is proposed: the whole EIT minimum of the agency, at most its roster; 0 without a rule.

    Answers that came by the link count toward the minimum too, but whoever answers there chose to; the drawn
    people alone should represent the agency's public.
    """
    minimum = targets_of(participation)[InstrumentKind.EIT].minimum
    return min(minimum or 0, participation.roster_count)


def why_not_draw(participation: Participation) -> Refused | None:
    """Why no sample can be drawn now, None where it can."""
    try:
        _require_drawable(participation)
    except Refused as refused:
        return refused
    return None


def draw_sample(participation: Participation, size: int, *, actor: Actor) -> SampleDraw:
    """Draw ``size`` people of the roster under a fresh seed and put them on the call list, in drawn order.

    Raises NotFound where the actor may not draw, Closed outside the interview stage, Refused before the
    confirmation, without a judgement that allows it, a second time, or for a size beyond the roster.
    """
    if not can(actor, P.SAMPLE_DRAW, participation):
        raise NotFound
    hold(participation)
    _require_drawable(participation)
    roster = _roster(participation)
    if not 1 <= size <= len(roster):
        raise Refused("The sample has between 1 and %(most)s people", most=len(roster))
    sample = SampleDraw(
        participation_id=participation.id,
        seed=new_seed(),
        roster_size=len(roster),
        sample_size=size,
        drawn_at=clock.now(),
    )
    with audit.unrecorded(db.session()):
        db.session.add(sample)
        _add_calls(participation, sample, roster, first=1)
    _record(participation, sample, "sample.draw", drawn=size)
    return sample


def extend_sample(participation: Participation, more: int, *, actor: Actor) -> SampleDraw:
    """Go on with the draw: the next ``more`` rows of the same order, never a free choice.

    Raises NotFound where the actor may not draw, Closed outside the interview stage, Refused before a draw,
    where the roster has changed since, or beyond the roster's end.
    """
    if not can(actor, P.SAMPLE_DRAW, participation):
        raise NotFound
    hold(participation)
    stage_is_open(participation)
    sample = draw_of(participation)
    if sample is None:
        raise Refused("No sample has been drawn yet")
    roster = _roster(participation)
    _require_same_roster(participation, sample, roster)
    left = len(roster) - sample.sample_size
    if not 1 <= more <= left:
        raise Refused("%(left)s people of the roster have not been drawn", left=left)
    first = sample.sample_size + 1
    with audit.unrecorded(db.session()):
        sample.sample_size += more
        _add_calls(participation, sample, roster, first=first)
    _record(participation, sample, "sample.extend", drawn=more)
    return sample


def drawn_numbers(participation: Participation) -> list[int]:
    """The roster numbers of the people on the call list, in drawn order."""
    query = (
        select(RosterEntry.number)
        .join(Interview, Interview.roster_entry_id == RosterEntry.id)
        .where(Interview.participation_id == participation.id)
        .order_by(Interview.position)
    )
    return list(db.session.scalars(query))


def _require_drawable(participation: Participation) -> None:
    stage_is_open(participation)
    require_confirmed(participation)
    judgement = judgement_of(participation)
    if judgement is None:
        raise Refused("Judge the roster first")
    if is_outdated(participation, judgement):
        raise Refused("The roster has changed since it was judged: judge it again first")
    if judgement.verdict not in ENOUGH:
        raise Refused("More names were asked for: draw when the roster is complete and judged again")
    if draw_of(participation) is not None:
        raise Refused("The sample of this agency has been drawn already")


def _roster(participation: Participation) -> dict[int, int]:
    """Roster numbers with the ids of their rows."""
    query = select(RosterEntry.number, RosterEntry.id).where(RosterEntry.participation_id == participation.id)
    return dict(db.session.execute(query).all())


def _require_same_roster(participation: Participation, sample: SampleDraw, roster: dict[int, int]) -> None:
    """A draw goes on only over the rows that it was made from: else its order would be another one."""
    same_size = len(roster) == sample.roster_size
    if not same_size or draw(roster, sample.sample_size, seed=sample.seed) != drawn_numbers(participation):
        raise Refused("The roster has changed since the draw: this draw cannot go on")


def _add_calls(
    participation: Participation, sample: SampleDraw, roster: dict[int, int], *, first: int
) -> None:
    """Put the rows from position ``first`` to the sample's size on the call list."""
    order = draw(roster, sample.sample_size, seed=sample.seed)
    db.session.add_all(
        Interview(participation_id=participation.id, roster_entry_id=roster[number], position=position)
        for position, number in enumerate(order[first - 1 :], start=first)
    )


def _record(participation: Participation, sample: SampleDraw, act: str, *, drawn: int) -> None:
    """One event for the whole draw, with what is needed to draw it again."""
    audit.record(
        db.session(),
        act=act,
        thing="sample_draw",
        row=sample.id,
        chain=audit.chain_of(participation),
        after={
            "participation_id": participation.id,
            "seed": sample.seed.hex(),
            "roster_size": sample.roster_size,
            "sample_size": sample.sample_size,
            "drawn": drawn,
        },
    )
