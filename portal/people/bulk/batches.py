"""Accounts that were made in one act: ordered, made by a job a portion at a time, and taken back.

One row and one event say what a batch did; its accounts are thousands. Killed anywhere, the job goes on after
the last portion that it finished: a portion, its row and its checkpoint are one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.account import Account, Grant
from models.job import Job, Lane
from models.onboarding import AccountBatch, BatchKind
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.jobs.kinds import NO_RIGHT, JobContext, JobFailed, job_kind
from portal.core.jobs.queue import enqueue
from portal.core.texts import _
from portal.people import settings
from portal.people.bulk import filling, making
from portal.people.bulk.standing import Which

KIND = "people.accounts"
TAKE_BACK = "people.take_back"
#: agencies of one transaction: others who write wait no longer than for one of these
PORTION = 500


def order(which: Which, *, actor: Actor, url: str) -> Job:
    """Order the accounts that these agencies lack. ``url``: where the job's page leads. Raises Refused."""
    settings.require_making(actor)
    return enqueue(
        KIND,
        title=_("Accounts for agencies that lack them"),
        arguments={"which": which.within(actor).plain(), "url": url},
        actor=actor,
    )


def order_back(batch: AccountBatch, *, actor: Actor, url: str) -> Job:
    """Order that a batch is taken back. Raises Refused where it was already."""
    if batch.undone_at is not None:
        raise Refused("These accounts were taken back already")
    return enqueue(
        TAKE_BACK,
        title=_("Take accounts back"),
        arguments={"batch": batch.id, "url": url},
        actor=actor,
    )


def left_of(session: Session, batch: AccountBatch) -> int:
    """How many accounts of a batch could be taken back now."""
    ids = batch.changes.get("accounts", [])
    return sum(len(_takeable(session, some)) for some in _portions(ids))


@job_kind(KIND, permission=P.ACCOUNTS_MAKE, lane=Lane.SHORT)
def make_accounts(context: JobContext) -> None:
    """Make what the agencies lack, portion after portion."""
    actor = context.asker
    if not settings.makes_accounts(actor):
        raise JobFailed(NO_RIGHT)
    which = Which.of(context.arguments["which"]).within(actor)
    with privileged("how many agencies get accounts") as session:
        total = making.size_of(session, which)
    if "batch" not in context.checkpoint:
        _begin(context, actor)
    context.progress(context.checkpoint["agencies"], total)
    while _make_some(context, which):
        context.progress(min(context.checkpoint["agencies"], total), total)
    with writing(), privileged("accounts for agencies are made") as session:
        batch = session.get_one(AccountBatch, context.checkpoint["batch"])
        told = {**batch.counts, "which": context.arguments["which"]}
        _note(session, batch, "account.make_many", told)
        words = _("%(number)s accounts were made", number=f"{batch.counts['new']:,}")
        context.finish({"words": words, "url": context.arguments["url"]}, session=session)


def _begin(context: JobContext, actor: Actor) -> None:
    with writing(), privileged("a batch of accounts begins") as session:
        with audit.unrecorded(session):
            batch = AccountBatch(
                kind=BatchKind.LACKING,
                province_id=actor.province_id,
                made_at=clock.now(),
                account_id=actor.account_id,
                counts={"new": 0, "had": 0},
                changes={"accounts": []},
            )
            session.add(batch)
        context.checkpoint |= {"batch": batch.id, "after": 0, "agencies": 0}
        context.save(session)


def _make_some(context: JobContext, which: Which) -> bool:
    """Make one portion; False where there is none left."""
    with writing(), privileged("accounts for agencies") as session, audit.unrecorded(session):
        places = making.portion(session, which, after=context.checkpoint["after"], size=PORTION)
        if not places:
            return False
        lacking = list(making.lacks(session, places, which.role))
        made = making.make(session, lacking)
        batch = session.get_one(AccountBatch, context.checkpoint["batch"], with_for_update=True)
        had = len(places) * making.roles_of(which) - len(made)
        batch.counts = {"new": batch.counts["new"] + len(made), "had": batch.counts["had"] + had}
        batch.changes = {"accounts": [*batch.changes["accounts"], *made]}
        session.flush()
        context.checkpoint["after"] = places[-1].id
        context.checkpoint["agencies"] += len(places)
        context.save(session)
        return True


@job_kind(TAKE_BACK, permission=P.ACCOUNTS_MAKE, lane=Lane.SHORT)
def take_back(context: JobContext) -> None:
    """Take back the accounts of a batch that nobody has activated and that have no other right."""
    actor = context.asker
    with privileged("a batch that is taken back") as session:
        batch = session.get(AccountBatch, context.arguments["batch"])
        if batch is None or not _keeps(actor, batch):
            raise JobFailed(NO_RIGHT)
        ids = batch.changes.get("accounts", [])
    done = context.checkpoint.setdefault("done", 0)
    removed = context.checkpoint.setdefault("removed", 0)
    context.progress(done, len(ids))
    for some in _portions(ids[done:]):
        with writing(), privileged("accounts are taken back") as session:
            removed += _remove(session, some)
            done += len(some)
            context.checkpoint |= {"done": done, "removed": removed}
            context.save(session)
        context.progress(done, len(ids))
    with writing(), privileged("a batch was taken back") as session:
        _end(session, context, actor, removed=removed, left=len(ids) - removed)


def _end(session: Session, context: JobContext, actor: Actor, *, removed: int, left: int) -> None:
    batch = session.get_one(AccountBatch, context.arguments["batch"], with_for_update=True)
    done = {"removed": removed, "left": left}
    with audit.unrecorded(session):
        if filled := batch.changes.get("filled"):
            done["restored"] = filling.restore(session, filled)
        batch.undone_at, batch.undone_by_id = clock.now(), actor.account_id
        batch.counts = {**batch.counts, **done}
    _note(session, batch, "account.take_back_many", done)
    words = _(
        "%(removed)s accounts were taken back; %(left)s stay: somebody has them, or they have another right",
        removed=f"{removed:,}",
        left=f"{left:,}",
    )
    context.finish({"words": words, "url": context.arguments["url"]}, session=session)


def _keeps(actor: Actor, batch: AccountBatch) -> bool:
    """A province takes back its own batches only, the back office any."""
    return settings.makes_accounts(actor) and actor.province_id in (None, batch.province_id)


def _remove(session: Session, ids: Sequence[int]) -> int:
    """Delete those of these accounts that may go, locked before they are looked at; gives how many."""
    session.execute(select(Account.id).where(Account.id.in_(ids)).order_by(Account.id).with_for_update())
    going = _takeable(session, ids)
    if going:
        # with their right and code, by the database
        session.connection().execute(delete(Account).where(Account.id.in_(going)))
    return len(going)


def _takeable(session: Session, ids: Sequence[int]) -> list[int]:
    one_right = select(func.count(Grant.id)).where(Grant.account_id == Account.id).scalar_subquery() == 1
    query = select(Account.id).where(Account.id.in_(ids), Account.activated_at.is_(None), one_right)
    return list(session.scalars(query))


def _note(session: Session, batch: AccountBatch, act: str, after: dict[str, Any]) -> None:
    chain = f"province:{batch.province_id}" if batch.province_id else "system"
    audit.record(session, act=act, thing="account_batch", row=batch.id, chain=chain, after=after)


def _portions(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + PORTION] for start in range(0, len(ids), PORTION)]
