"""An answer at the office while the assessor takes the link back: it counts with its link, or not at all."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from models.roster import RosterVerdict
from models.survey import AnswerCount, Channel
from portal.ballot.box import CastResult, cast
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from tests.support.on_site import judged, office_codes
from tests.support.respondents import EIT, LINES, box, citizen_id, confirm
from tests.support.world import World

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("number", range(3))
def test_no_answer_is_counted_whose_link_was_taken_back(app: Portal, world: World, number: int) -> None:
    confirm(app, world, "a1")
    start, came = threading.Barrier(2), []
    with app.app_context():
        judged(world)
        target = box(world, "a1", EIT)

    def send() -> None:
        with app.app_context():
            start.wait()
            answers = bytes([1]) * LINES[EIT]
            came.append(cast(target, citizen_id(number), answers, channel=Channel.ON_SITE, form=bytes(16)))

    sender = threading.Thread(target=send)
    sender.start()
    with app.app_context(), writing():
        start.wait()
        try:
            judged(world, RosterVerdict.REPRESENTATIVE)
            taken_back = True
        except Refused:
            taken_back = False
        sender.join()
        with privileged("a test counts") as session:
            counted = session.scalar(select(AnswerCount.count)) or 0
        assert (came[0] is CastResult.ACCEPTED) == (counted == 1) == (not taken_back)
        assert len(office_codes()) == counted
