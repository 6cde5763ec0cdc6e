"""The first steps of a fresh installation: in order, with ticks, gone once a round has opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from models.account import Account, Role
from models.agency import Agency
from models.place import Province
from models.round import Round, RoundState
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.onboarding import PeopleSettingFactory, ProvinceContactFactory
from tests.factories.people import GrantFactory
from tests.factories.rounds import RoundFactory
from tests.support.client import PortalClient
from tests.support.first_days import forget_rounds
from tests.support.statements import asked
from tests.support.world import World, acting_as, row
from views.frame.navigation import all_rounds
from views.homes.first_facts import facts
from views.homes.first_steps import first_steps

ClientAs = Callable[[str], PortalClient]
TITLE = "ขั้นตอนเริ่มต้นใช้งานระบบ"


@pytest.fixture
def fresh(app: Portal, world: World) -> World:
    """The world before its first round."""
    with app.app_context(), writing(), privileged("no round at all") as session:
        session.info["unrecorded"] = True
        forget_rounds(session)
    return world


def done(app: Portal, world: World, person: str = "dla") -> dict[str, bool]:
    """Each step by its English title, and whether it has its tick."""
    with app.test_request_context(), acting_as(world.actor(person)):
        return {step.endpoint + step.icon: step.done for step in first_steps(all_rounds())}


@pytest.mark.usefixtures("thawed")
def test_the_country_s_offices_read_in_order_what_to_do_and_who_does_it(
    fresh: World, client_as: ClientAs
) -> None:
    dla, nacc = client_as("dla").get("/").text, client_as("nacc").get("/").text
    for page in (dla, nacc):
        assert TITLE in page
        titles = [
            "1. นำเข้าทะเบียน",
            "3. กำหนดช่องทางติดต่อ",
            "9. เพิ่มบัญชีเจ้าหน้าที่จังหวัด",
            "11. สร้างรอบ",
            "15. เปิดรอบ",
        ]
        places = [page.index(title) for title in titles]
        assert places == sorted(places)
    assert 'href="/admin/people/settings"' in dla and 'href="/rounds/new"' not in dla
    assert 'href="/rounds/new"' in nacc and 'href="/admin/people/settings"' not in nacc


@pytest.mark.usefixtures("thawed")
def test_others_are_not_told(fresh: World, client_as: ClientAs) -> None:
    for person in ("province", "agency_admin", "assessor"):
        assert TITLE not in client_as(person).get("/").text


@pytest.mark.usefixtures("thawed")
def test_ticks_follow_from_what_is_there(app: Portal, fresh: World, make: Make) -> None:
    before = done(app, fresh)
    assert before["registry_import.formupload"] and before["provinces.index_viewmap-pin"]
    assert before["assessor_bodies.index_viewusers"]
    assert not any(
        before[step]
        for step in (
            "people_settings.editphone",
            "contacts.officesbuilding",
            "accounts.index_viewuser-shield",
        )
    )
    assert before["accounts.create_viewuser"], "both provinces have staff"
    make(PeopleSettingFactory, help_phone="025550100")
    with app.app_context():
        places = [row(Province, key) for key in fresh.province.values()]
    for place in places:
        make(ProvinceContactFactory, province=place)
    make(GrantFactory, role=Role.DLA)
    after = done(app, fresh)
    assert all(
        after[step]
        for step in (
            "people_settings.editphone",
            "contacts.officesbuilding",
            "accounts.index_viewuser-shield",
        )
    )


@pytest.mark.usefixtures("thawed")
@pytest.mark.postgres
def test_the_counts_are_those_of_people_and_places_that_are_there(app: Portal, fresh: World) -> None:
    with app.app_context():
        with acting_as(fresh.actor("dla")), asked(app) as statements:
            now = facts()
        assert (now.agencies, now.provinces, now.staffed, now.equipped, now.dla, now.nacc) == (
            4,
            2,
            2,
            2,
            1,
            1,
        )
        assert sum("FROM agency" in one for one in statements) == 1
        with writing(), privileged("one province without staff, one agency out of use") as session:
            session.execute(
                update(Account).where(Account.id == fresh.account["province"]).values(active=False)
            )
            session.execute(update(Agency).where(Agency.id == fresh.agency["a1"]).values(active=False))
        with acting_as(fresh.actor("nacc")):
            now = facts()
        assert (now.agencies, now.provinces, now.staffed, now.equipped) == (3, 2, 1, 1)


@pytest.mark.usefixtures("thawed")
def test_a_draft_shows_what_its_round_still_needs(
    app: Portal, fresh: World, make: Make, client_as: ClientAs
) -> None:
    make(RoundFactory, state=RoundState.DRAFT)
    steps = done(app, fresh)
    assert steps["rounds.newcalendar-due"] and not steps["rounds.windowscalendar"]
    page = client_as("nacc").get(client_as("nacc").get("/").location).text
    assert TITLE in page and "/windows" in page


def test_once_a_round_has_opened_nothing_is_asked_or_shown(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.test_request_context(), acting_as(world.actor("dla")):
        rounds = list(db.session.scalars(select(Round)))
        with asked(app) as statements:
            assert first_steps(rounds) == []
        assert not statements
    assert TITLE not in client_as("dla").get(f"/rounds/{world.round_id}/home").text
