"""The figures that letters enclose: agencies by province and district, each step with its day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete

from models.agency import Agency
from models.participation import Participation
from models.round import Round, Window
from portal.content import local
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from portal.letters.figures import country_status, facts_of, province_statuses
from tests.factories.base import Make
from tests.factories.onboarding import AgencyContactFactory
from tests.support.respondents import confirm
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres


def the_round(world: World) -> Round:
    return db.session.get_one(Round, world.round_id)


def test_only_the_provinces_that_were_asked_for_are_told(app: Portal, world: World) -> None:
    lampang, krabi = world.province["52"], world.province["81"]
    with app.app_context(), acting_as(world.actor("dla")):
        round = the_round(world)
        assert set(province_statuses(round)) == {lampang, krabi}
        assert set(province_statuses(round, [krabi])) == {krabi}
        assert set(province_statuses(round, [lampang, krabi, 99])) == {lampang, krabi}
        assert province_statuses(round, []) == {}


def test_a_province_tells_its_own_agencies_by_district(app: Portal, world: World) -> None:
    with app.app_context():
        with writing(), privileged("one of its kind") as session:
            special = session.get_one(Participation, world.participation["b2"])
            special.kind, special.name = local.SPECIAL, "เมืองพัทยา"
        with acting_as(world.actor("province_other")):
            statuses = province_statuses(the_round(world))
    (status,) = statuses.values()
    assert (status.province, status.fiscal_year, status.as_of) == ("กระบี่", 2561, NOW.date())
    names = {district.name: [agency.name for agency in district.agencies] for district in status.districts}
    assert names == {"เขาพนม": [local.SPECIAL.short], "เมืองกระบี่": ["อบต.ไสไทย"]}


def test_the_agency_of_the_province_stands_before_its_districts(app: Portal, world: World) -> None:
    """Its office lies in some district, among whose agencies nobody looks for it."""
    with app.app_context():
        with writing(), privileged("one of the province") as session:
            session.get_one(Participation, world.participation["b1"]).kind = local.PAO
        with acting_as(world.actor("province_other")):
            (status,) = province_statuses(the_round(world)).values()
    assert [(group.name, len(group.agencies)) for group in status.districts] == [("", 1), ("เขาพนม", 1)]
    assert status.districts[0].agencies[0].name.startswith(local.PAO.short)
    assert status.total == 2


@pytest.mark.parametrize(
    ("stored", "printed"),
    [
        ("025550100 ต่อ 12, 0855550100", "0 2555 0100"),
        ("0-2555-0100-9", ""),
        ("ห้องปลัด", ""),
        ("", ""),
    ],
)
def test_an_agency_s_first_sure_number_is_told_to_whoever_reads_the_letter(
    app: Portal, make: Make, world: World, stored: str, printed: str
) -> None:
    with app.app_context():
        agency = row(Agency, world.agency["b1"])
    make(AgencyContactFactory, agency=agency, phone=stored)
    with app.app_context(), acting_as(world.actor("province_other")):
        (status,) = province_statuses(the_round(world)).values()
    phones = {agency.name: agency.phone for district in status.districts for agency in district.agencies}
    assert phones == {"ทต.เขาพนม": "", "อบต.ไสไทย": printed}


def test_a_step_that_is_done_has_the_day_of_this_country(app: Portal, world: World) -> None:
    """At half past midnight here it is still yesterday in London."""
    confirm(app, world, "a1")
    with app.app_context():
        with writing(), privileged("at night") as session:
            row = session.get_one(Participation, world.participation["a1"])
            row.activated_at = datetime(2018, 11, 3, 0, 30, tzinfo=NOW.tzinfo)
        with acting_as(world.actor("dla")):
            round = the_round(world)
            status = province_statuses(round)[world.province["52"]]
            country = country_status(round)
    steps = {a.name: a.steps for district in status.districts for a in district.agencies}
    assert [step.done for step in steps["ทต.เกาะคา"]] == [True, False, False, True]
    assert steps["ทต.เกาะคา"][0].on == date(2018, 11, 3)
    assert steps["ทต.เกาะคา"][3].on == (NOW - timedelta(days=1)).date()
    assert {step.on for step in steps["อบต.ท่าผา"]} == {None}
    assert [(row.province, row.total, row.steps_done, row.complete) for row in country.rows] == [
        ("กระบี่", 2, (0, 0, 0, 0), 0),
        ("ลำปาง", 2, (1, 0, 0, 1), 1),
    ]
    assert (country.total, country.complete, country.steps_done) == (4, 1, (1, 0, 0, 1))


def test_a_round_without_dates_has_nothing_to_tell(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("no dates") as session:
        session.execute(delete(Window))
        with pytest.raises(LookupError):
            facts_of(session.get_one(Round, world.round_id))
