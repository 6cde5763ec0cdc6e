"""Slips as long work: codes in memory, pages laid out and sealed, and only then the codes are stored.

A file is finished in one short transaction: the codes of its accounts, the record and how far the job is.
Killed before it, its codes never worked, and the next run makes others; killed after it, the file stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.onboarding import SlipOrder
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.jobs.kinds import NO_RIGHT, JobContext, JobFailed, job_kind
from portal.people.slips import choosing, ends, issuing, pages, strongbox
from portal.people.slips.choosing import Choice, Person
from portal.people.slips.issuing import Code
from portal.people.slips.pages import Surroundings
from portal.people.slips.strongbox import Lock
from reports.printing import RenderingFailed, print_papers

KIND = "people.slips"
NOT_PRINTED = "A slip could not be printed: start again, the finished files are kept"


@dataclass(frozen=True)
class Work:
    """What a run of the job works with."""

    order_id: int
    choice: Choice
    lock: Lock
    actor: Actor
    parts: Mapping[str, tuple[Person, ...]]
    ends: Mapping[int, ends.End]
    left_out: Mapping[str, int]
    around: Surroundings


@job_kind(KIND)
def make_slips(context: JobContext) -> None:
    """Make the files of an order that are not finished yet, and the lists that go with them."""
    work = _begin(context)
    done: dict[str, Any] = context.checkpoint.setdefault("parts", {})
    total = sum(len(people) for people in work.parts.values())
    context.progress(_made(done), total)
    try:
        for key in _print_slips(context, work):
            context.progress(_made(done), total, work.parts[key][0].province)
        _print_lists(context, work)
    except RenderingFailed as error:
        raise JobFailed(NOT_PRINTED) from error
    with writing(), privileged("an order of slips is ready") as session:
        session.get_one(SlipOrder, work.order_id).ready_at = clock.now()
        context.finish({"slips": _made(done), "left_out": dict(work.left_out)}, session=session)


def _begin(context: JobContext) -> Work:
    actor = context.actor
    if actor is None or not can(actor, P.CODES_ISSUE):
        raise JobFailed(NO_RIGHT)
    order = db.session.get(SlipOrder, int(context.arguments["order_id"]))
    if order is None or order.gone_at is not None:
        raise JobFailed("The file of this order is gone: order anew")
    choice = Choice.of(order.what)
    chosen = choosing.choose(choice, actor)
    round = ends.running_round()
    return Work(
        order.id, choice, Lock(order.salt, order.public_key), actor, chosen.parts(),
        ends.ends_of(round, [person.agency_id for person in chosen.people]), chosen.left_out,
        pages.surroundings(round.fiscal_year if round else None, actor),
    )  # fmt: skip


def _print_slips(context: JobContext, work: Work) -> Any:
    """Lay out what is not finished, file by file; gives the key of each once it is kept."""
    done = context.checkpoint["parts"]
    thirty_days = ends.otherwise()
    fresh = {
        key: {one.account_id: issuing.make(work.ends.get(one.agency_id, thirty_days)) for one in people}
        for key, people in work.parts.items()
        if key not in done
    }
    papers = {key: pages.sheet_of(work.parts[key], made, work.around) for key, made in fresh.items()}
    db.session.rollback()  # nothing is held while pages are laid out
    for key, content in print_papers(papers):
        _keep(context, work, key, fresh[key], strongbox.put(work.order_id, key, content, work.lock))
        yield key


def _keep(context: JobContext, work: Work, key: str, made: Mapping[int, Code], file: str) -> None:
    """The moment from which the codes of a file work, and those before no more."""
    done = context.checkpoint["parts"]
    with writing(), privileged("codes of slips") as session:
        context.held(session)
        issued = issuing.replace(session, made, by=work.actor, activated=work.choice.activated)
        done[key] = {"file": file, "accounts": [one.account_id for one in work.parts[key]]}
        context.save(session)
        audit.record(
            session,
            act="slips.issue",
            thing="slip_order",
            row=work.order_id,
            after={"part": key, "accounts": sorted(issued)},
        )


def _print_lists(context: JobContext, work: Work) -> None:
    """The hand-over lists of the finished files; they hold no secret, and lie in the same box."""
    lists: dict[str, str] = context.checkpoint.setdefault("lists", {})
    waiting = {
        key: pages.list_of(dict(enumerate(people, start=1)), work.around)
        for key, people in work.parts.items()
        if key not in lists
    }
    for key, content in print_papers(waiting):
        lists[key] = strongbox.put(work.order_id, f"list-{key}", content, work.lock)
        context.save()


def _made(done: Mapping[str, Any]) -> int:
    return sum(len(part["accounts"]) for part in done.values())
