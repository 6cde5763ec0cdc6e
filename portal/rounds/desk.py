"""A round's life at NACC's desk: begun as a draft, given agencies and keys, opened, closed."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError

from models.job import Job
from models.participation import Participation
from models.round import CombineRule, Round, RoundState
from portal.ballot import closing, keys
from portal.ballot.compact import compact
from portal.content.year import YearContent
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs import queue
from portal.core.jobs.kinds import JobContext, job_kind
from portal.core.lookup import hold
from portal.core.sent.versions import require_version
from portal.core.texts import _
from portal.core.workflow import fire
from portal.rounds import setup
from portal.rounds.building import steps
from portal.rounds.building.edits import rules
from portal.rounds.content.start import content_from
from portal.rounds.content.writing import clear_content
from portal.rounds.workflow import ROUND

log = logging.getLogger(__name__)
EMPTY_MARKS = "round.empty_marks"


@dataclass(frozen=True)
class Settings:
    """What can be set on a round. ``rules`` of it hold only while the round is a draft."""

    name: str
    fiscal_year: int
    scheme: str
    grace_seconds: int
    office_grace_seconds: int
    first_digits: str
    eit_combine: CombineRule
    detail_threshold: int
    total_threshold: int
    demo_wording: bool


#: settings that may change while answers come in; all others are promised to respondents or decide results
ALWAYS = ("name", "grace_seconds", "office_grace_seconds")


def make_draft(
    *, start: str, fiscal_year: int, name: str, scheme: str | None = None, sector_id: int | None = None
) -> Round:
    """A new draft with everything that its start gives (``portal.rounds.content.start``).

    ``scheme``: another one than that of its start; ``sector_id``: another one than the first. Raises Refused
    where name or year is taken, NotFound for a start that there is not.
    """
    refuse_taken_name(name)
    content = content_from(db.session(), start, fiscal_year=fiscal_year)
    content = replace(content, scheme=scheme or content.scheme)
    refuse_taken_year(fiscal_year, content.scheme)
    return setup.make_round(db.session(), content, name=name, sector_id=sector_id)


def delete_draft(round: Round) -> None:
    """Delete a draft with all that was made for it, and its keys. Raises Refused once it has been opened."""
    hold(round)
    _require_draft(round)
    round_id, told = round.id, {"name": round.name, "fiscal_year": round.fiscal_year, "scheme": round.scheme}
    session = db.session()
    with audit.unrecorded(session):
        session.execute(delete(Participation).where(Participation.round_id == round_id))
        clear_content(session, round)
        keys.forget_public_key(session, round_id)
        session.delete(round)
        session.flush()
    audit.record(session, act="round.delete", thing="round", row=round_id, before=told)
    # a key without a round opens nothing: should the deletion fail now, keys are made anew
    keys.key_folder().destroy_mark_key(round_id)
    keys.key_folder().destroy_urn_key(round_id)


def refuse_taken_name(name: str, *, besides: Round | None = None) -> None:
    """Two rounds with one name could not be told apart. Raises Refused."""
    taken = db.session.scalar(select(Round).where(Round.name == name))
    if taken is not None and taken is not besides:
        raise Refused("Another round has this name", field="name")


def refuse_taken_year(fiscal_year: int, scheme: str, *, besides: Round | None = None) -> None:
    """A fiscal year has one round of a scheme. Raises Refused."""
    query = select(Round).where(Round.fiscal_year == fiscal_year, Round.scheme == scheme)
    taken = db.session.scalar(query)
    if taken is not None and taken is not besides:
        raise Refused("This fiscal year has a round already", field="fiscal_year")


def change_settings(round: Round, settings: Settings, *, actor: Actor, seen_version: int) -> None:
    """Save the settings, those of a draft as a step; what only a draft may change stays as it is afterwards.

    Raises Stale where the round was saved since the form was made, Refused for a taken name or a closed one.
    """
    hold(round)
    require_version(round, seen_version)
    if round.state not in (RoundState.DRAFT, RoundState.OPEN):
        raise Refused("The round is closed: its settings stay as they are")
    refuse_taken_name(settings.name, besides=round)
    if round.state is RoundState.DRAFT:
        refuse_taken_year(settings.fiscal_year, settings.scheme, besides=round)
        _change_draft(round, settings, actor, seen_version)
    with audit.act("round.settings"):
        for field in ALWAYS:
            setattr(round, field, getattr(settings, field))
        db.session.flush()


def _change_draft(round: Round, settings: Settings, actor: Actor, seen_version: int) -> None:
    """All but the name is content of the draft, and one step. Raises Refused, Stale."""
    says = {name: value for name, value in vars(settings).items() if name != "name"}
    says["eit_combine"] = settings.eit_combine.value

    def edit(it: YearContent) -> YearContent:
        return rules.change_settings(it, **says)

    steps.change(round, edit, act="round.settings", actor=actor, seen_version=seen_version)


def take_up_agencies(round: Round) -> int:
    """Give every active agency its participation in the round; gives how many were new. Raises Refused."""
    hold(round)
    if round.state not in (RoundState.DRAFT, RoundState.OPEN):
        raise Refused("The round is closed: no agency can be added")
    return setup.snapshot_agencies(db.session(), round)


def prepare_keys(round: Round) -> None:
    """Make the keys of the boxes and drill them. A round's keys are made once. Raises Refused."""
    hold(round)
    _require_draft(round)
    with audit.act("round.keys"):
        keys.prepare(db.session(), round)


def drill_key(round: Round) -> None:
    """Drill the private urn key of the key folder. Raises Refused where it is not there or does not open."""
    if not keys.key_folder().has_urn_key(round.id):
        raise Refused("The private key is not here: its holder runs the drill by command")
    with audit.act("round.drill"):
        keys.drill_urn_key(round, keys.key_folder().urn_key(round.id))


def open_round(
    round: Round, *, actor: Actor, wording_confirmed: bool, seen_version: int | None = None
) -> None:
    """Open the round: what it asks is frozen, and its steps are forgotten.

    Raises Refused: something must be mended, or demonstration wording is not confirmed; Stale where the round
    was changed since the page was made.
    """
    hold(round)
    require_version(round, seen_version)
    if round.demo_wording and not wording_confirmed:
        raise Refused("The wording is the demonstration's own: tick the box if the round shall open with it")
    fire(ROUND, round, "open", actor=actor, opened_at=clock.now())
    steps.forget_steps(round)


def close_round(round: Round, *, actor: Actor) -> Job:
    """Close the round for good and queue the job that deletes the marks and destroys their key.

    Raises Closed while a survey window or its grace time still runs.
    """
    hold(round)
    fire(ROUND, round, "close", actor=actor, closed_at=clock.now())
    title = _("Delete the marks of %(round)s", round=round.name)
    return queue.enqueue(EMPTY_MARKS, title=title, arguments={"round_id": round.id}, actor=actor)


@job_kind(EMPTY_MARKS, permission=P.BOXES_CLOSE)
def empty_marks(context: JobContext) -> None:
    """The job after closing. May be killed and run again: it goes on with what is left, and counts all."""
    round_id = int(context.arguments["round_id"])
    if "marks" not in context.checkpoint:
        context.checkpoint["marks"] = closing.marks_left(round_id)
        context.save()
    marks = context.checkpoint["marks"]
    closing.empty_marks(round_id, progress=context.progress)
    words = _("%(count)s marks were deleted, and their key is destroyed", count=f"{marks:,}")
    if not _clear_what_is_left(round_id):
        words += ". " + _("What they left in the database's files is cleared in the night")
    with writing(), privileged("recording that the marks are gone") as session:
        after = {"marks": marks, "key_destroyed": True}
        audit.record(session, act="round.empty_marks", thing="round", row=round_id, after=after)
        context.finish({"words": words, "url": f"/rounds/{round_id}"}, session=session)


def _clear_what_is_left(round_id: int) -> bool:
    """Deleted marks stay readable in the database's files until they are cleared: at night, if not now."""
    try:
        return compact()
    except (sqlite3.OperationalError, OperationalError) as error:  # somebody held the file or the table
        log.error("the files were not cleared after the marks of round %s", round_id, exc_info=error)
        return False


def _require_draft(round: Round) -> None:
    if round.state is not RoundState.DRAFT:
        raise Refused("This can be changed only while the round is a draft")
