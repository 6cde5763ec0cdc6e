"""Slips of tests: accounts not activated, an order, its ZIP opened, codes read off the pages."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from flask import current_app
from sqlalchemy import select, update

from models.account import Account, ActivationCode, Role
from models.job import Job
from portal.core.acting import seated
from portal.core.database.session import db, privileged, writing
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.people.slips import making, opening, orders, strongbox
from portal.people.slips.choosing import Choice
from tests.support.world import World, acting_as

CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b")
ADMIN, EXECUTIVE = Role.AGENCY_ADMIN, Role.EXECUTIVE


@dataclass(frozen=True)
class Ordered:
    """An order, the job that makes it, and what opens it."""

    order_id: int
    job_id: int
    passphrase: str


def not_activated(world: World, *people: str) -> None:
    """As if these people had not come in yet."""
    ids = [world.account[person] for person in people]
    with writing(), privileged("a test's accounts") as session:
        session.execute(update(Account).where(Account.id.in_(ids)).values(activated_at=None))


def order(world: World, person: str = "dla", choice: Choice | None = None) -> Ordered:
    """A person orders slips; nothing is made yet."""
    passphrase = strongbox.new_passphrase()
    with acting_as(world.actor(person)) as actor:
        order_id = orders.order(choice or Choice(), passphrase, actor=actor).id
    with privileged("a test looks") as session:
        jobs = session.scalars(select(Job).where(Job.kind == making.KIND)).all()
        job_id = next(job.id for job in jobs if job.arguments["order_id"] == order_id)
    return Ordered(order_id, job_id, passphrase)


def made(app: Portal, world: World, person: str = "dla", choice: Choice | None = None) -> Ordered:
    """A person orders slips, and the worker makes them."""
    ordered = order(world, person, choice)
    worker.work(app, until_idle=True)
    return ordered


def fetched(world: World, ordered: Ordered, role: Role = ADMIN, person: str = "dla") -> dict[str, bytes]:
    """The files of a role as their person gets them, by name."""
    app: Portal = current_app._get_current_object()  # type: ignore[attr-defined]
    with seated(world.actor(person)) as actor:
        seen = orders.own_order(ordered.order_id, actor=actor)
        found = opening.fetch(seen, role, ordered.passphrase, actor=actor)
        db.session.rollback()
    return unpacked(b"".join(found.stream(app)))


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a ZIP."""
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def text_of(pdf: bytes, folder: Path, *options: str) -> str:
    """What ``pdftotext`` reads of a PDF."""
    path = folder / "slips.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", *options, str(path), "-"], capture_output=True, check=True
    ).stdout.decode()


def codes_of(pdf: bytes, folder: Path) -> list[str]:
    """The codes that stand on slips, in the order of their pages."""
    return CODE.findall(text_of(pdf, folder))


def stored(person_id: int) -> ActivationCode | None:
    """The code that is stored of an account, with its hash."""
    with privileged("a test looks") as session:
        row = session.scalar(select(ActivationCode).where(ActivationCode.account_id == person_id))
        if row is not None:
            assert row.code_hash is not None
            session.expunge(row)
        return row
