"""The furnished test world with rooms that open at other times: a draft year, a roster being entered."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from sqlalchemy.orm import Session

from models.participation import Participation, PreparationState
from models.round import Round
from portal.content.year import load_year
from portal.core.database.session import privileged, writing
from portal.rounds import setup
from portal.tools.demo.windows import shifted_windows
from tests.support.furniture import Furniture, furnish
from tests.support.world import NOW, World

#: the second round's name
DRAFT = "รอบที่ยังร่าง"


def furnish_rooms(app: Flask, world: World) -> Furniture:
    """Furnish, and add a draft round; b1's data are still being entered."""
    furniture = furnish(app, world)
    with app.app_context(), writing(), privileged("a draft of the test world") as session:
        session.info["unrecorded"] = True
        add_draft(session)
        row = session.get_one(Participation, world.participation["b1"])
        row.state, row.submitted_at, row.confirmed_at = PreparationState.ENTERING, None, None
    return furniture


def add_draft(session: Session) -> Round:
    """A draft of the year after the world's, with the agencies taken up."""
    content = replace(load_year(2561), fiscal_year=2562)
    draft = setup.make_round(session, content, name=DRAFT, windows=shifted_windows(NOW))
    setup.snapshot_agencies(session, draft)
    return draft
