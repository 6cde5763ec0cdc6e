"""Agencies that are written to: addresses, a mail server, what stands in the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.contact import AgencyContact
from models.reminder import ChaseMail, MailState
from models.round import Round
from portal.chasing import mailing
from portal.chasing.listing import Narrowed
from portal.core import clock
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from tests.support.mail import Server, smtp
from tests.support.world import World, acting_as


def addressed(world: World, *keys: str) -> None:
    """These agencies have an address, the first part of which is their key."""
    with writing(), privileged("addresses of a test") as session:
        session.info["unrecorded"] = True
        for key in keys:
            place = world.province["52" if key.startswith("a") else "81"]
            session.add(
                AgencyContact(agency_id=world.agency[key], province_id=place, email=f"{key}@example.go.th")
            )


def ordered(world: World, person: str = "dla", among: list[int] | None = None) -> int:
    """The e-mails to the whole list of a person's desk, or to some of it; the job's id."""
    with acting_as(world.actor(person)) as actor:
        round = db.session.get_one(Round, world.round_id)
        return mailing.order(round, Narrowed(), among, actor=actor, url="/there").id


def stand() -> dict[str, MailState]:
    """Where each mail of the outbox stands, by its address."""
    return {one.address or "": one.state for one in all_mails()}


def all_mails() -> list[ChaseMail]:
    """The whole outbox, oldest first."""
    with privileged("a test looks") as session:
        rows = list(session.scalars(select(ChaseMail).order_by(ChaseMail.id)))
        session.expunge_all()
    return rows


def time_to_try_again() -> None:
    """The pause of every mail that waits is over."""
    with writing(), privileged("a test waits") as session:
        session.execute(update(ChaseMail).values(next_at=clock.machine() - timedelta(seconds=1)))


@contextmanager
def told_of(app: Portal, url: str) -> Iterator[None]:
    """The portal sends by this server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "settings", replace(app.settings, mail_url=url))
        yield


@contextmanager
def served(app: Portal) -> Iterator[Server]:
    """A mail server on this machine, which the portal is told of."""
    with smtp() as server, told_of(app, server.url):
        yield server
