"""Carrying a planned distribution out: at once, or by a job in portions; each move recorded by province.

What was shown is what is done: where rules, bodies, conflicts or an agency of the plan changed since, nothing
is. A job looks at each portion anew, and leaves whoever changed meanwhile as it is. Killed anywhere it goes
on after the last portion. Work that has begun stays with its author in the record; the new body goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import delete, select, update

from models.assessor import Assignment
from models.distribution import Distribution, DistributionState
from models.job import Job, Lane
from models.participation import Participation
from portal.assessors import assignments
from portal.assessors.holdings import Conflicts, begun_sql
from portal.assessors.planning import Move, plan, seen_now
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db, writing
from portal.core.errors import NotFound, Refused
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.jobs.queue import enqueue
from portal.core.lookup import hold
from portal.core.texts import _

KIND = "assessors.distribute"
#: so many agencies move at once; more are moved by a job, in portions of as many
AT_ONCE = 500
CHANGED = "Something changed since this was planned: look at it again"


def wanted(planned: Distribution, *, with_begun: bool) -> list[Move]:
    """The moves that are carried out: those whose work has begun only where that was said."""
    return [move for move in planned.moves if with_begun or not move[3]]


def carry_out(planned: Distribution, *, with_begun: bool, actor: Actor, url: str) -> Job | None:
    """Do what was planned, or order the job that does it (which is given).

    Raises NotFound for who may not, Refused where nothing would move, where it was done or ordered already,
    or where results stand. What changed since is no refusal: ask ``still_stands`` first.
    """
    if not can(actor, P.ASSESSORS_WRITE):
        raise NotFound
    hold(planned)
    if planned.state is not DistributionState.PLANNED:
        raise Refused("This was carried out already")
    assignments.require_unfinished(planned.round)
    moves = wanted(planned, with_begun=with_begun)
    if not moves:
        raise Refused("None of these agencies would move")
    planned.with_begun = with_begun
    if len(moves) > AT_ONCE:
        planned.state = DistributionState.ORDERED
        db.session.flush()
        title = _("Give agencies to assessor bodies")
        arguments = {"distribution_id": planned.id, "url": url}
        return enqueue(KIND, title=title, arguments=arguments, actor=actor)
    _give(planned, moves)
    _finish(planned)
    return None


def still_stands(planned: Distribution) -> bool:
    """True where nothing changed since it was planned that the plan rests on."""
    if planned.seen != seen_now(planned.round, planned.source):
        return False
    conflicts = Conflicts()
    return all(len(_unchanged(some, conflicts)) == len(some) for some in _portions(planned.moves))


def plan_again(planned: Distribution, *, actor: Actor) -> Distribution:
    """The same plan as things are now. Raises as ``plan``."""
    return plan(planned.round, planned.source, planned.asked, reason=planned.reason, actor=actor)


@job_kind(KIND, permission=P.ASSESSORS_WRITE, lane=Lane.SHORT)
def run(context: JobContext) -> None:
    """Move portion after portion.

    Raises JobFailed where something changed before the first one, and what ``JobContext.progress`` raises.
    """
    planned = db.session.get_one(Distribution, context.arguments["distribution_id"])
    moves, words = wanted(planned, with_begun=planned.with_begun), _("The agencies get their bodies")
    context.checkpoint = {"done": 0, **context.checkpoint}
    if not context.checkpoint["done"] and not still_stands(planned):
        _plan_anew(planned)
        raise JobFailed(CHANGED)
    db.session.rollback()
    context.progress(context.checkpoint["done"], len(moves), words)
    while some := moves[context.checkpoint["done"] :][:AT_ONCE]:
        with writing():
            planned = db.session.get_one(Distribution, context.arguments["distribution_id"])
            hold(planned)
            _give(planned, some)
            context.checkpoint = {"done": context.checkpoint["done"] + len(some)}
            if context.checkpoint["done"] == len(moves):
                _finish(planned)
            context.save(db.session())
            db.session.commit()
        context.progress(context.checkpoint["done"], len(moves), words)
    done = db.session.get_one(Distribution, context.arguments["distribution_id"]).done_count
    context.finish({"words": words_of(done, len(moves)), "url": context.arguments["url"]})


def words_of(done: int, asked: int) -> str:
    """What was done, and how many were left as they had become meanwhile."""
    said = [_("%(count)s agencies moved", count=f"{done:,}")]
    if asked > done:
        said.append(_("%(count)s changed meanwhile and stay as they are", count=f"{asked - done:,}"))
    return " · ".join(said)


def _plan_anew(planned: Distribution) -> None:
    """A job that found something changed gives the plan back, so that it can be looked at again."""
    key = planned.id
    db.session.rollback()
    with writing():
        held = db.session.get_one(Distribution, key)
        held.state = DistributionState.PLANNED
        db.session.commit()


def _finish(planned: Distribution) -> None:
    planned.state, planned.done_at = DistributionState.DONE, clock.now()
    db.session.flush()


def _give(planned: Distribution, moves: Sequence[Move]) -> None:
    """Carry a portion out, as far as it is still as it was planned, with its events."""
    keys = sorted(move[0] for move in moves)
    query = select(Participation).where(Participation.id.in_(keys)).order_by(Participation.id)
    rows = {one.id: one for one in db.session.scalars(query.with_for_update(key_share=True))}
    done = _unchanged([move for move in moves if move[0] in rows], Conflicts())
    with audit.unrecorded(db.session()):
        _write(done, rows)
        planned.done = [*planned.done, *done]
        planned.done_count = len(planned.done)
        db.session.flush()
    entries: dict[int, list[Move]] = {}
    for move in done:
        entries.setdefault(rows[move[0]].province_id, []).append(move)
    audit.write(
        db.session(),
        [
            audit.Entry(
                chain=f"province:{province_id}",
                act=f"assignment.{planned.source.value}",
                thing="distribution",
                row=str(planned.id),
                before={"bodies": {str(key): was for key, was, _to, _begun in some}},
                after={
                    "bodies": {str(key): to for key, _was, to, _begun in some},
                    "count": len(some),
                    "reason": planned.reason,
                },
            )
            for province_id, some in sorted(entries.items())
        ],
    )


def _write(moves: Sequence[Move], rows: dict[int, Participation]) -> None:
    session, targets = db.session(), Counter(move[2] for move in moves if move[1] is not None)
    for to in sorted(targets, key=lambda one: one or 0):
        keys = [key for key, was, after, _begun in moves if was is not None and after == to]
        mine = Assignment.participation_id.in_(keys)
        if to is None:
            session.execute(delete(Assignment).where(mine).execution_options(synchronize_session=False))
        else:
            act = update(Assignment).where(mine).values(body_id=to)
            session.execute(act.execution_options(synchronize_session=False))
    session.add_all(
        Assignment(body_id=to, participation=rows[key])
        for key, was, to, _begun in moves
        if was is None and to is not None
    )
    session.flush()
    for one in [one for one in session if isinstance(one, Assignment)]:
        session.expire(one)


def _unchanged(moves: Sequence[Move], conflicts: Conflicts) -> list[Move]:
    """Those whose agency has the body and the work that it had, and that no conflict keeps from theirs."""
    query = (
        select(
            Participation.id,
            Participation.province_id,
            Participation.agency_id,
            Assignment.body_id,
            begun_sql(Participation.id).label("begun"),
        )
        .outerjoin(Assignment, Assignment.participation_id == Participation.id)
        .where(Participation.id.in_([move[0] for move in moves]))
    )
    now = {row.id: row for row in db.session.execute(query)}
    return [
        [key, was, to, begun]
        for key, was, to, begun in moves
        if key in now
        and (now[key].body_id, bool(now[key].begun)) == (was, begun)
        and not conflicts.keep(to, now[key])
    ]


def _portions(moves: Sequence[Move]) -> Iterator[Sequence[Move]]:
    for start in range(0, len(moves), AT_ONCE):
        yield moves[start : start + AT_ONCE]
