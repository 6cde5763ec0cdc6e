"""Requests of people about their own data (PDPA B.E. 2562), answered by the agency that listed them.

To see a copy (section 30), to have it corrected (35, 36), to have it erased (33). An answer is due thirty
days after the request came: section 30 says so for a copy; agencies are held to the same for the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from models.participation import Participation
from models.personal import DataRequest, RefusalGround, RequestKind, RequestOutcome, RequestWay
from models.roster import RosterEntry, SampleDraw
from models.round import Round
from models.thai import local_day
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.imports.notes import Wrong
from portal.core.lookup import hold
from portal.core.search import matching
from portal.core.sent.versions import require_version
from portal.personal.blanking import blank_row
from portal.rosters.file import Person
from portal.rosters.importing import sealed_fields
from portal.rosters.rows import same_person

DAYS_TO_ANSWER = timedelta(days=30)
#: a request received longer ago than this is a slip of the year
OLDEST = timedelta(days=366)
#: so near to its last day a request is shown as urgent
NEAR = timedelta(days=7)
ANSWERED = "This request was answered already: look at its answer"


def due_on(received_on: date) -> date:
    """The last day on which a request is answered in time."""
    return received_on + DAYS_TO_ANSWER


def register(
    participation: Participation,
    entry_id: int,
    *,
    kind: RequestKind,
    way: RequestWay,
    received_on: date,
    actor: Actor,
) -> DataRequest:
    """Register a request about a row of the agency's own roster.

    Raises NotFound for who may not and for another's row, Refused for a day that cannot be, and where the
    same is asked for already.
    """
    if not can(actor, P.REQUESTS_ANSWER, participation):
        raise NotFound
    entry = _entry(participation, entry_id)
    today = local_day(clock.now())
    if received_on > today:
        raise Refused("This day lies ahead: write the day on which the request came", field="received_on")
    if received_on < today - OLDEST:
        raise Refused("This day is more than a year ago: look at the year", field="received_on")
    request = DataRequest(
        participation=participation,
        roster_entry_id=entry.id,
        number=entry.number,
        kind=kind,
        way=way,
        received_on=received_on,
        due_on=due_on(received_on),
        registered_by=actor.name,
    )
    with audit.act("requests.register"):
        db.session.add(request)
    return request


def refuse(
    request: DataRequest, ground: RefusalGround, *, seen_version: int | None = None, actor: Actor
) -> None:
    """Answer that it is not done, and why. Raises NotFound, Refused where it was answered, Stale."""
    _take(request, seen_version, actor)
    _answer(request, RequestOutcome.REFUSED, actor, ground=ground)


def show(request: DataRequest, *, seen_version: int | None = None, actor: Actor) -> None:
    """Answer that the person was given a copy. Raises as ``refuse``, and Refused where nothing is left."""
    _take(request, seen_version, actor)
    _with_person(request)
    _answer(request, RequestOutcome.DONE, actor)


def correct(
    request: DataRequest, person: Person, *, seen_version: int | None = None, actor: Actor
) -> Wrong | None:
    """Change the row as the person asked; gives what is wrong where another row has the same one.

    Also after the data were confirmed and the sample drawn: number, group and place in the draw stay. Raises
    as ``show``.
    """
    participation = request.participation
    hold(participation)
    _take(request, seen_version, actor)
    entry = _with_person(request)
    sealed = sealed_fields(participation.id, person)
    if same := same_person(participation, sealed["fingerprint"], but=entry.id):
        return same
    del sealed["group_id"]
    with audit.act("requests.correct"):
        for column, value in sealed.items():
            setattr(entry, column, value)
        if participation.state.editable:  # an import from before is not taken back any more
            participation.roster_at = clock.now()
    _answer(request, RequestOutcome.DONE, actor)
    return None


def remove(request: DataRequest, *, seen_version: int | None = None, actor: Actor) -> None:
    """Erase the person. Raises as ``refuse``.

    Before the draw the row goes as well, unless the roster would be empty; afterwards row, place in the draw
    and outcome of the call stay: the draw can be repeated by anybody, and nobody is asked twice.
    """
    participation = request.participation
    hold(participation)
    _take(request, seen_version, actor)
    entry = entry_of(request)
    with audit.act("requests.remove"):
        if entry is not None and row_stays(participation):
            blank_row(entry)
        elif entry is not None:
            db.session.delete(entry)
            participation.roster_count -= 1
            participation.roster_at = clock.now()
    _answer(request, RequestOutcome.DONE, actor)
    db.session.refresh(request)


def row_stays(participation: Participation) -> bool:
    """True where a row is blanked only: the sample was drawn, or it is the last row of the roster."""
    drawn = select(SampleDraw.id).where(SampleDraw.participation_id == participation.id)
    return participation.roster_count <= 1 or db.session.scalar(drawn) is not None


def entry_of(request: DataRequest) -> RosterEntry | None:
    """The row that a request is about, None where it has gone."""
    if request.roster_entry_id is None:
        return None
    return db.session.scalar(select(RosterEntry).where(RosterEntry.id == request.roster_entry_id))


def _take(request: DataRequest, seen_version: int | None, actor: Actor) -> None:
    if not can(actor, P.REQUESTS_ANSWER, request):
        raise NotFound
    hold(request)
    if not request.is_open:
        raise Refused(ANSWERED)
    require_version(request, seen_version)


def _with_person(request: DataRequest) -> RosterEntry:
    entry = entry_of(request)
    if entry is None or entry.erased_at is not None:
        raise Refused("The data of this person were erased: answer that there is nothing left")
    return entry


def _answer(
    request: DataRequest, outcome: RequestOutcome, actor: Actor, *, ground: RefusalGround | None = None
) -> None:
    with audit.act(f"requests.{outcome.value}"):
        request.outcome, request.ground = outcome, ground
        request.answered_at, request.answered_by = clock.now(), actor.name


def _entry(participation: Participation, entry_id: int) -> RosterEntry:
    query = select(RosterEntry).where(
        RosterEntry.participation_id == participation.id, RosterEntry.id == entry_id
    )
    entry = db.session.scalar(query)
    if entry is None:
        raise NotFound
    return entry


# -- what waits --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """Requests that wait for an answer: how many, and the last day of the one that is due first."""

    number: int
    first_due: date


def waiting_at(participation: Participation) -> Waiting | None:
    """What waits at an agency; None where nothing does."""
    query = select(func.count(), func.min(DataRequest.due_on)).where(
        DataRequest.participation_id == participation.id, DataRequest.answered_at.is_(None)
    )
    number, first_due = db.session.execute(query).one()
    return Waiting(number, first_due) if number else None


def count_late_agencies(round: Round) -> int:
    """How many agencies of a round, in the actor's scope, have a request whose last day is over."""
    late = standing_clauses(local_day(clock.now()))["late"]
    query = select(func.count(DataRequest.participation_id.distinct()))
    query = query.join(Participation, Participation.id == DataRequest.participation_id)
    return db.session.scalar(query.where(Participation.round_id == round.id, late)) or 0


# -- lists -----------------------------------------------------------------------------------------------


def standing_clauses(today: date) -> dict[str, ColumnElement[bool]]:
    """What a list of requests is narrowed to, by name."""
    waits = DataRequest.answered_at.is_(None)
    return {
        "open": waits,
        "late": waits & (DataRequest.due_on < today),
        "answered": ~waits,
    }


def requests_of(
    participation: Participation,
    *,
    standing: str = "",
    kind: RequestKind | None = None,
    entry_ids: Iterable[int] | None = None,
) -> Select[DataRequest]:
    """The requests of an agency, those that are due first at the head, answered ones at the end."""
    query = select(DataRequest).where(DataRequest.participation_id == participation.id)
    clause = standing_clauses(local_day(clock.now())).get(standing)
    if clause is not None:
        query = query.where(clause)
    if kind is not None:
        query = query.where(DataRequest.kind == kind)
    if entry_ids is not None:
        query = query.where(DataRequest.roster_entry_id.in_(list(entry_ids)))
    return query.order_by(DataRequest.answered_at.is_not(None), DataRequest.due_on, DataRequest.id)


def counts_by_agency(round: Round, *, search: str = "", late_only: bool = False) -> Any:
    """The agencies of a round in the actor's scope that have requests, with how many; late ones first.

    A select of ``name``, ``province``, ``waiting``, ``late`` and ``answered``.
    """
    clauses = standing_clauses(local_day(clock.now()))
    waiting, late, answered = (
        func.sum(case((clauses[name], 1), else_=0)) for name in ("open", "late", "answered")
    )
    query = (
        select(
            Participation.full_name.label("name"),
            Participation.province_name.label("province"),
            waiting.label("waiting"),
            late.label("late"),
            answered.label("answered"),
        )
        .join(DataRequest, DataRequest.participation_id == Participation.id)
        .where(Participation.round_id == round.id)
        .group_by(Participation.id)
        .order_by(late.desc(), waiting.desc(), Participation.sort_key, Participation.id)
    )
    if search:
        query = query.where(matching(search, Participation))
    return query.having(late > 0) if late_only else query
