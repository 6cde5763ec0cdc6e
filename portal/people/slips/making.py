"""Slips as long work: codes in memory, pages laid out and sealed, and only then the codes are stored.

A file is finished in one short transaction: the codes of its accounts, the record and how far the job is.
Killed before it, its codes never worked, and the next run makes others; killed after it, the file stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.onboarding import SlipOrder
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.texts import _
from portal.people.slips import choosing, ends, issuing, pages, strongbox
from portal.people.slips.choosing import Choice, Person
from portal.people.slips.issuing import Code
from portal.people.slips.pages import Surroundings
from portal.people.slips.strongbox import Lock
from reports.printing import RenderingFailed, print_papers
from reports.slip_data import HandOver, SlipSheet

KIND = "people.slips"
#: before the key of a file: its hand-over list
LIST = "list-"
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


@job_kind(KIND, permission=P.CODES_ISSUE)
def make_slips(context: JobContext) -> None:
    """Make the files of an order that are not finished yet, and the lists that go with them."""
    work = _begin(context)
    done: dict[str, Any] = context.checkpoint.setdefault("parts", {})
    total = sum(len(people) for people in work.parts.values())
    context.progress(_made(done), total)
    try:
        for province in _print(context, work):
            context.progress(_made(done), total, province)
    except RenderingFailed as error:
        raise JobFailed(NOT_PRINTED) from error
    with writing(), privileged("an order of slips is ready") as session:
        session.get_one(SlipOrder, work.order_id).ready_at = clock.now()
        context.finish(_result(context, work), session=session)


def _begin(context: JobContext) -> Work:
    actor = context.asker
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


def _print(context: JobContext, work: Work) -> Iterator[str]:
    """Lay out what is not finished, slips first, then lists; gives the province of each as it is kept."""
    done, lists = context.checkpoint["parts"], _lists_of(context)
    thirty_days = ends.otherwise()
    fresh = {
        key: {one.account_id: issuing.make(work.ends.get(one.agency_id, thirty_days)) for one in people}
        for key, people in work.parts.items()
        if key not in done
    }
    papers: dict[str, SlipSheet | HandOver] = {
        key: pages.sheet_of(work.parts[key], made, work.around) for key, made in fresh.items()
    }
    papers |= {LIST + key: pages.list_of(people, work.around) for key, people in _to_list(context, work)}
    db.session.rollback()  # nothing is held while pages are laid out
    for name, content in print_papers(papers):
        file, key = strongbox.put(work.order_id, name, content, work.lock), name.removeprefix(LIST)
        if name in fresh:
            _keep(context, work, key, fresh[key], file)
        else:  # without a secret, and in the same box
            lists[key] = file
            context.save()
        yield papers[name].province


def _lists_of(context: JobContext) -> dict[str, str]:
    """The lists that are made; one of a file that a killed run did not finish is made anew with it."""
    done, lists = context.checkpoint["parts"], context.checkpoint.get("lists", {})
    context.checkpoint["lists"] = kept = {key: file for key, file in lists.items() if key in done}
    return kept


def _to_list(context: JobContext, work: Work) -> Iterator[tuple[str, Mapping[int, Person]]]:
    """The files whose list is not made, with their people by the numbers of the envelopes."""
    done, lists = context.checkpoint["parts"], context.checkpoint["lists"]
    for key, people in work.parts.items():
        if key not in done:
            yield key, dict(enumerate(people, start=1))
    for key in done.keys() - lists.keys():
        if people_then := choosing.numbered(key, done[key]["accounts"], work.actor):
            yield key, people_then


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


def _result(context: JobContext, work: Work) -> dict[str, Any]:
    made = _made(context.checkpoint["parts"])
    words = _("%(count)s slips are made: download them with the passphrase", count=f"{made:,}")
    url = context.arguments.get("url")
    return {"slips": made, "left_out": dict(work.left_out), "words": words, **({"url": url} if url else {})}


def _made(done: Mapping[str, Any]) -> int:
    return sum(len(part["accounts"]) for part in done.values())
