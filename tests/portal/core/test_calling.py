"""Whom a person calls who needs help: the nearest office that has said how it is reached."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.place import Province
from portal.core.calling import Call, whom_to_call
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.onboarding import PeopleSettingFactory, ProvinceContactFactory
from tests.support.world import World, acting_as, row

pytestmark = pytest.mark.postgres

CENTRAL = Call("กรมส่งเสริมการปกครองท้องถิ่น", "กลุ่มงานทดลอง", "025550100")
OFFICE = "สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดลำปาง"


@pytest.fixture
def answered(app: Portal, world: World, make: Make) -> Callable[[str], Call | None]:
    """Whom a person calls, by the key of the person; "" for nobody signed in."""

    def ask(person: str) -> Call | None:
        with app.test_request_context():
            if not person:
                return whom_to_call(None)
            with acting_as(world.actor(person)):
                return whom_to_call(world.actor(person))

    return ask


def test_an_agency_calls_its_province(
    app: Portal, make: Make, world: World, answered: Callable[[str], Call | None]
) -> None:
    make(PeopleSettingFactory, help_name=CENTRAL.person, help_phone=CENTRAL.phone)
    with app.app_context():
        lampang = row(Province, world.province["52"])
    make(ProvinceContactFactory, province=lampang, phone="025550199")
    assert answered("agency_admin") == Call(OFFICE, phone="025550199")
    assert answered("agency_admin_other") == CENTRAL, "its province has not said how it is reached"
    assert answered("province") == answered("assessor") == CENTRAL
    assert answered("dla") is None and answered("nacc") is None


def test_without_a_number_of_dla_the_province_is_named_at_least(
    answered: Callable[[str], Call | None],
) -> None:
    assert answered("executive") == Call(OFFICE)
    assert answered("province") is None


def test_an_office_is_said_in_one_line(app: Portal) -> None:
    whole = Call("สำนักงานทดลอง", "คุณทดลอง", "025550100 ต่อ 9", "a@b.th", "@demo")
    with app.test_request_context():
        assert whole.words == "สำนักงานทดลอง (คุณทดลอง) โทร. 0 2555 0100 ต่อ 9 · a@b.th · LINE @demo"
    assert Call("สำนักงานทดลอง").words == "สำนักงานทดลอง"
