"""Personal data of tests: a round whose rosters are to be erased, and requests about them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from models.participation import Participation
from models.personal import DataRequest, RequestKind, RequestWay
from models.roster import RosterEntry
from models.round import Round, RoundState
from portal.core.acting import acting
from portal.core.database.session import db, privileged, writing
from portal.personal import requests
from tests.support.world import NOW, World

TODAY = NOW.date()
#: a day on which the data of the world's round are kept no longer by rule
LATER = "2020-06-01T09:00:00+07:00"


def boxes_opened(world: World, until: date | None = None) -> None:
    """The boxes were opened; rosters are kept until this day, or as long as the rule says."""
    with writing(), privileged("a test opens the boxes") as session:
        session.info["unrecorded"] = True
        round = session.get_one(Round, world.round_id)
        round.state, round.rosters_until = RoundState.OPENED, until


def entries(world: World, agency: str = "a1") -> list[RosterEntry]:
    """The rows of an agency's roster as they lie in the database."""
    with privileged("a test looks") as session:
        key = world.participation[agency]
        query = select(RosterEntry).where(RosterEntry.participation_id == key).order_by(RosterEntry.number)
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def asked(world: World, kind: RequestKind, number: int = 1, *, received_on: date = TODAY) -> int:
    """The admin of a1 registers a request about a row; gives its id."""
    entry = next(one for one in entries(world) if one.number == number)
    actor = world.actor("agency_admin")
    with acting(actor):
        own = db.session.get_one(Participation, world.participation["a1"])
        made = requests.register(
            own, entry.id, kind=kind, way=RequestWay.CALLED, received_on=received_on, actor=actor
        )
        db.session.flush()
        return made.id


def request_of(key: int) -> DataRequest:
    """A request as it lies in the database."""
    with privileged("a test looks") as session:
        found = session.get_one(DataRequest, key)
        session.expunge(found)
        return found
