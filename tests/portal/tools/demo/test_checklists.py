"""Checklists written in bulk hold what the services would have made: the items that ask the agency."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.disclosure import DisclosureAnswer, DisclosureState
from models.instrument import OitItem
from models.participation import Participation
from models.round import Round
from portal.content import local
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.tools.demo.checklists import Sheet, write
from tests.support.checklists import ask_only
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres


@pytest.mark.usefixtures("thawed")
def test_an_agency_s_checklist_has_the_items_that_ask_its_kind(app: Portal, world: World) -> None:
    with app.app_context():
        ask_only(world, {"O1", "O2"}, local.SAO)
        with writing(), privileged("a test writes checklists") as session:
            rows = [session.get_one(Participation, world.participation[key]) for key in ("a1", "b1")]
            sheets = [
                Sheet(
                    {"participation_id": row.id, "agency_id": row.agency_id, "province_id": row.province_id},
                    row.kind,
                    DisclosureState.SCORED,
                    points=lambda: Decimal(100),
                )
                for row in rows
            ]
            write(session, session.get_one(Round, world.round_id), sheets, NOW)
        with privileged("a test looks") as session:
            query = select(DisclosureAnswer.participation_id, OitItem.code)
            found = session.execute(query.join(OitItem, OitItem.id == DisclosureAnswer.oit_item_id)).all()
    numbers = Counter(participation for participation, _code in found)
    assert numbers == {world.participation["a1"]: 46, world.participation["b1"]: 48}
    assert not {code for key, code in found if key == world.participation["a1"]} & {"O1", "O2"}
