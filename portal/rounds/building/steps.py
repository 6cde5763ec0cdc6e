"""A change of a draft's content as one step: what was before is kept, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, delete, func, select

from models.round import Round, RoundState
from models.year import RoundStep
from portal.content.year import YearContent
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.lookup import hold
from portal.core.sent.versions import require_version
from portal.rounds.content.assembly import content_of_sheets
from portal.rounds.content.differences import Change, differences
from portal.rounds.content.given import numbered
from portal.rounds.content.reading import content_of
from portal.rounds.content.sheets import kept
from portal.rounds.content.writing import write_content
from portal.rounds.trends.following import follow
from portal.rounds.trends.things import asked_by

#: so many steps back are kept of a draft
MOST_STEPS = 100
#: so many rows that differ stand in the record; of more their number
MOST_TOLD = 40
LONGEST_TOLD = 200

Edit = Callable[[YearContent], YearContent]


def change(
    round: Round, edit: Edit, *, act: str, what: str = "", actor: Actor, seen_version: int | None
) -> bool:
    """Change a draft's content by one step; False where the step changes nothing.

    ``act`` names the step in the record, ``what`` the thing that it was done to, as people read it. Raises
    Refused for a round that was opened and whatever the edit raises, Stale where the round was saved since
    the page was made.
    """
    hold(round)
    require_version(round, seen_version)
    require_draft(round)
    session = db.session()
    before = content_of(session, round)
    after = edit(before)
    if after == before:
        return False
    number = (session.scalar(select(func.max(RoundStep.number)).where(_of(round))) or 0) + 1
    session.add(
        RoundStep(
            round_id=round.id,
            number=number,
            act=act,
            what=what,
            before=kept(before),
            made_at=clock.now(),
            account_id=actor.account_id,
        )
    )
    _forget(round, RoundStep.number <= number - MOST_STEPS)
    _write(round, before, after, act)
    return True


def last_step(round: Round) -> RoundStep | None:
    """The step that would be taken back next; None where none is kept."""
    return db.session.scalar(select(RoundStep).where(_of(round)).order_by(RoundStep.number.desc()).limit(1))


def take_back(round: Round, *, number: int) -> RoundStep:
    """Take the last step back: the one with this number, so that a page never takes back another.

    Raises Refused where it is not the last one any more, or the round was opened.
    """
    hold(round)
    require_draft(round)
    step = last_step(round)
    if step is None or step.number != number:
        raise Refused("Another step was made or taken back meanwhile: look at the page anew")
    before = content_of(db.session(), round)
    _write(round, before, content_of_sheets(numbered(step.before)), "round.undo_step")
    db.session.delete(step)
    db.session.flush()
    return step


def forget_steps(round: Round) -> None:
    """A round that opens has no steps back."""
    _forget(round)


def require_draft(round: Round) -> None:
    """Raise Refused for a round that was opened: what it asks is frozen."""
    if round.state is not RoundState.DRAFT:
        raise Refused("The round has been opened: what it asks and its rules stay as they are")


def _forget(round: Round, *which: ColumnElement[bool]) -> None:
    session = db.session()
    gone = delete(RoundStep).where(_of(round), *which)
    session.execute(gone, execution_options={"synchronize_session": False})


def _of(round: Round) -> ColumnElement[bool]:
    return RoundStep.round_id == round.id


def _write(round: Round, before: YearContent, after: YearContent, act: str) -> None:
    """Write the content, count a version of the round, and record what differs."""
    session = db.session()
    round.touch()
    write_content(session, round, after)
    follow(session, round, asked_by(before), asked_by(after))
    found = differences(before, after)
    told_before: dict[str, str] = {}
    told_after: dict[str, str] = {}
    for one in found[:MOST_TOLD]:
        if one.change is Change.ORDER:
            told_after[f"{one.sheet.name}: order"] = "changed"
        for cell in one.cells:
            name = f"{one.sheet.name} {one.key}: {cell.column}"
            told_before[name], told_after[name] = cell.before[:LONGEST_TOLD], cell.after[:LONGEST_TOLD]
    if len(found) > MOST_TOLD:
        told_after["more"] = str(len(found) - MOST_TOLD)
    audit.record(session, act=act, thing="round", row=round.id, before=told_before, after=told_after)
