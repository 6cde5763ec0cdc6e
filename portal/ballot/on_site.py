"""Collecting answers of EIT at an agency's own office, after its assessor asked for it.

The ask is the judgement of the roster. The link is made and taken back with it, by whoever holds the
participation; it goes only while nothing was collected by it.
"""

from __future__ import annotations

from sqlalchemy import select

from models.instrument import InstrumentKind
from models.on_site import OnSiteLink
from models.participation import Participation
from models.survey import Channel
from portal.ballot.counting import counts_seen
from portal.ballot.links import new_code
from portal.core import clock
from portal.core.database.session import db
from portal.core.errors import Refused


def on_site_link(participation: Participation) -> OnSiteLink | None:
    """The link of an agency's office, None where nobody asked for collecting there."""
    query = select(OnSiteLink).where(OnSiteLink.participation_id == participation.id)
    return db.session.scalars(query).one_or_none()


def collected_on_site(participation: Participation) -> int:
    """How many answers came through the link of the office, as this desk reads it."""
    seen = counts_seen(db.session())
    query = select(seen.count).where(
        seen.participation_id == participation.id,
        seen.instrument == InstrumentKind.EIT,
        seen.channel == Channel.ON_SITE,
    )
    return db.session.scalar(query) or 0


def make_on_site_link(participation: Participation) -> None:
    """Make the link once its judgement is stored; one that is there stays. Flushes."""
    if on_site_link(participation) is None:
        db.session.add(OnSiteLink(participation_id=participation.id, code=new_code(), made_at=clock.now()))
        db.session.flush()


def take_back_on_site_link(participation: Participation) -> None:
    """Take the link back before its judgement changes. Flushes.

    Who is sending an answer by it has come in before, or finds no link. Raises Refused once one came in.
    """
    query = select(OnSiteLink).where(OnSiteLink.participation_id == participation.id).with_for_update()
    link = db.session.scalars(query).one_or_none()
    if link is None:
        return
    if collected_on_site(participation):
        raise Refused("Answers were collected at the office already: the judgement stands")
    db.session.delete(link)
    db.session.flush()
