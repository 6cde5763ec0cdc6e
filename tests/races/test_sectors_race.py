"""Rights of one person in two sectors given at once: the first says of which one the person is."""

from __future__ import annotations

from sqlalchemy import select

from models.account import Account, Grant, Role
from models.place import Province
from models.sector import Sector
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.people import accounts
from portal.register import sectors
from tests.factories.base import Make
from tests.factories.people import AccountFactory
from tests.factories.places import ProvinceFactory, SectorFactory
from tests.support.races import at_once
from tests.support.world import World, acting_as


def test_of_two_first_rights_in_two_sectors_one_holds(app: Portal, world: World, make: Make) -> None:
    other = make(SectorFactory)
    places = (world.province["52"], make(ProvinceFactory, sector_id=other.id).id)
    person = make(AccountFactory).id

    def given(place: int) -> bool:
        with app.app_context():
            try:
                with writing(), privileged("a first right") as session:
                    account = session.get_one(Account, person)
                    accounts.give_grant(session, account, Role.PROVINCE, province_id=place)
            except Refused:
                return False
            return True

    assert sum(at_once([lambda place=place: given(place) for place in places * 2])) == 1  # type: ignore[misc]
    with app.app_context(), privileged("a test looks") as session:
        (right,) = session.scalars(select(Grant).where(Grant.account_id == person))
        sector_id = session.get_one(Province, right.province_id).sector_id
        assert session.get_one(Account, person).sector_id == sector_id


def test_places_taken_up_at_once_are_there_once(app: Portal, world: World, make: Make) -> None:
    sector = make(SectorFactory).id

    def taken() -> int:
        with app.app_context(), acting_as(world.actor("nacc")):
            return sectors.take_places(db.session.get_one(Sector, sector))[0]

    assert sorted(at_once([taken] * 3)) == [0, 0, 2]
