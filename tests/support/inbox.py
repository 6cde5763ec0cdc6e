"""Incoming letters of tests: a letter that was sent, and the copy at a person's desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO

from pikepdf import Pdf

from models.delivery import Delivery
from models.dispatch import Dispatch
from models.job import Job, JobState
from models.letter import Letter
from portal.core.access import Actor
from portal.core.database.session import db, privileged, writing
from portal.letters import dispatches, papers
from portal.letters.inbox import desk, passing, receiving
from portal.letters.inbox.desk import InboxQuery
from portal.letters.made_from import unpacked
from portal.letters.printing import keep_letter
from tests.support.letters import ORDER, Order, ordered, set_up
from tests.support.world import NOW, World, acting_as


def _paper() -> bytes:
    """An empty page: printing one takes seconds."""
    with Pdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        written = BytesIO()
        pdf.save(written, deterministic_id=True)
    return written.getvalue()


#: what stands in the file of every copy
PAPER = _paper()


def sent(world: World, person: str = "dla", order: Order = ORDER) -> int:
    """The person's office writes, issues and sends a letter; gives its id (needs an application context).

    Its copies are kept as the job keeps them, but not printed: that takes seconds.
    """
    set_up(world, person)
    job_id = ordered(world, person, order)
    key = copies_made(job_id)
    with acting_as(world.actor(person)) as actor:
        dispatches.mark_sent(db.session.get_one(Dispatch, key), actor=actor)
    return key


def copies_made(job_id: int) -> int:
    """The job of an issued letter is done, with a copy for each addressee; gives the letter's id."""
    with writing(), privileged("copies of a test's letter") as session:
        job = session.get_one(Job, job_id)
        dispatch = session.get_one(Dispatch, job.arguments["dispatch_id"])
        assert dispatch.data_file is not None and dispatch.dated is not None
        made_from = unpacked(dispatch.data_file.content)
        for key in papers.addressees(made_from):
            letter = Letter(
                round_id=dispatch.round_id,
                province_id=None if key == papers.ONE else int(key),
                kind=dispatch.kind,
                number=dispatch.number,
                dated=dispatch.dated,
                subject=dispatch.subject,
                data={},
                dispatch_id=dispatch.id,
                public_id=dispatches.public_id(),
            )
            keep_letter(session, letter, PAPER, papers.file_name(made_from, key))
        job.state, job.open_key, job.finished_at = JobState.DONE, None, NOW
        return dispatch.id


@contextmanager
def at_desk(world: World, person: str) -> Iterator[tuple[Delivery, Actor]]:
    """The newest letter at a person's desk, in their hands."""
    with acting_as(world.actor(person)) as actor:
        yield desk.letters_at(actor, InboxQuery()).rows[0], actor


def opened(world: World, person: str) -> int:
    """The person opens the newest letter at their desk; gives its id there."""
    with at_desk(world, person) as (delivery, actor):
        desk.open_letter(delivery, actor=actor)
        return delivery.id


def passed_on(world: World, *agencies: str, note: str = "") -> int:
    """The province opens its newest letter and passes it on to these agencies, or all; its id there."""
    opened(world, "province")
    with at_desk(world, "province") as (delivery, actor):
        keys = [world.agency[key] for key in agencies] or None
        passing.pass_on(delivery, keys, note, actor=actor)
        return delivery.id


def received(world: World, person: str, *, number: int | None = None, moment: datetime | None = None) -> int:
    """The person opens the newest letter at their desk and gives it its receipt number; that number."""
    opened(world, person)
    with at_desk(world, person) as (delivery, actor):
        return receiving.receive(delivery, number=number, moment=moment, actor=actor)
