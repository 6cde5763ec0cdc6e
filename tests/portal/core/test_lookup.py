"""Rows asked for by an address: those of the person's scope; and holding one for an act."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from models.agency import Agency
from models.participation import Participation
from models.place import Province
from models.round import Round
from portal.core import lookup
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.places import ProvinceFactory
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    ("person", "found"), [("dla", True), ("agency_admin", True), ("agency_admin_other", False)]
)
def test_a_foreign_row_is_not_found_like_one_that_is_not_there(
    app: Portal, world: World, person: str, found: bool
) -> None:
    with app.app_context(), acting_as(world.actor(person)):
        for key in (world.participation["a1"], 99_999):
            if found and key != 99_999:
                assert lookup.get_or_404(Participation, key).agency_id == world.agency["a1"]
                assert lookup.participation_or_404(world.round_id, key).id == key
            else:
                with pytest.raises(NotFound):
                    lookup.get_or_404(Participation, key)


def test_a_participation_is_looked_for_in_its_round(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("dla")), pytest.raises(NotFound):
        lookup.participation_or_404(world.round_id + 1, world.participation["a1"])


def test_an_agencys_own_participation_is_the_one_of_its_desk(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("executive")):
        assert lookup.own_participation(world.round_id).id == world.participation["a1"]
        assert lookup.round_or_404(world.round_id).id == world.round_id
        with pytest.raises(NotFound):
            lookup.own_participation(world.round_id + 1)


def test_a_held_row_is_read_as_it_is_now(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("dla")):
        agency = db.session.get_one(Agency, world.agency["a1"])
        db.session.connection().execute(text(f"UPDATE agency SET name = 'ใหม่' WHERE id = {agency.id}"))
        lookup.hold(agency)
        assert agency.name == "ใหม่"


def test_a_row_that_has_gone_cannot_be_held(app: Portal, make: Make) -> None:
    province = make(ProvinceFactory)
    with app.app_context(), writing(), privileged("a test") as session:
        there = session.get_one(Province, province.id)
        session.connection().execute(text(f"DELETE FROM province WHERE id = {there.id}"))
        with pytest.raises(NotFound):
            lookup.hold(there)


def test_a_row_of_no_session_cannot_be_held(app: Portal) -> None:
    with app.app_context(), pytest.raises(NotFound):
        lookup.hold(Round(name="ของใคร"))
