"""The furnished test world with rooms that open at other times: a draft year, a roster being entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from models.account import Account, Capacity, Grant, Role
from models.participation import Participation, PreparationState
from models.round import Round
from portal.content.year import load_year
from portal.core.database.session import privileged, writing
from portal.people import accounts
from portal.rounds import setup
from portal.tools.demo.windows import shifted_windows
from tests.support.furniture import Furniture, furnish
from tests.support.world import NOW, World

#: the second round's name
DRAFT = "รอบที่ยังร่าง"
#: beyond every day of the tests
LATER = NOW + timedelta(days=4000)


def furnish_rooms(app: Flask, world: World) -> Furniture:
    """Furnish, and add a draft round; b1's data are still being entered."""
    furniture = furnish(app, world)
    with app.app_context(), writing(), privileged("a draft of the test world") as session:
        session.info["unrecorded"] = True
        add_draft(session)
        row = session.get_one(Participation, world.participation["b1"])
        row.state, row.submitted_at, row.confirmed_at = PreparationState.ENTERING, None, None
        _seats(session, world)
    return furniture


def _seats(session: Session, world: World) -> None:
    """Somebody acts for an executive, and a provincial desk is to be handed over."""
    acting, next_one = (
        Account(username="acting", name="นางรักษา ทดลอง"),
        Account(username="next", name="นายรับ ทดลอง"),
    )
    held = session.get_one(Grant, world.grant["province"])
    held.valid_until = LATER
    session.add_all([acting, next_one])
    session.flush()
    accounts.give_grant(
        session,
        acting,
        Role.EXECUTIVE,
        agency_id=world.agency["a1"],
        capacity=Capacity.ACTING,
        order_number="123/2561",
        valid_until=LATER,
    )
    here = {"province_id": held.province_id, "follows_id": held.id}
    accounts.give_grant(session, next_one, Role.PROVINCE, valid_from=LATER, **here)


def add_draft(session: Session) -> Round:
    """A draft of the year after the world's, with the agencies taken up."""
    content = replace(load_year(2561), fiscal_year=2562)
    draft = setup.make_round(session, content, name=DRAFT, windows=shifted_windows(NOW))
    setup.snapshot_agencies(session, draft)
    return draft
