"""All stages of an agency in one row: found by name, with a slow recount's figures, and the forecast."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from models.participation import Participation, PreparationState
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.factories.base import rows_in
from tests.factories.outlook import OutlookFactory
from tests.support.client import PortalClient
from tests.support.country import EIT, IIT, mixed_country
from tests.support.tables import table_in
from tests.support.world import World
from views.status import screens

ClientAs = Callable[[str], PortalClient]


def here(world: World, rest: str = "") -> str:
    return f"/rounds/{world.round_id}/status/agencies{rest}"


def names(page: str) -> list[str]:
    return [row[0].split()[0] for row in table_in(page)]


@pytest.mark.parametrize(
    ("person", "query", "found"),
    [
        ("dla", "", {"ทต.เกาะคา", "อบต.ท่าผา", "อบต.ไสไทย"}),
        ("nacc", "?q=อบต.", {"อบต.ท่าผา", "อบต.ไสไทย"}),
        ("dla", "?q=ทต. เกาะคา", {"ทต.เกาะคา"}),
        ("dla", "?q=เทศบาลเกาะคา", {"ทต.เกาะคา"}),
        ("dla", "?q=อบต.ท่าผา จ.ลำปาง", {"อบต.ท่าผา"}),
        ("dla", "?province={81}", {"อบต.ไสไทย"}),
        ("dla", "?kind=sao", {"อบต.ท่าผา", "อบต.ไสไทย"}),
        ("dla", "?region=ภาคเหนือ", set()),
        ("dla", "?province=nonsense&kind=nonsense&miss=nonsense", {"ทต.เกาะคา", "อบต.ท่าผา", "อบต.ไสไทย"}),
        ("province", "", {"ทต.เกาะคา", "อบต.ท่าผา"}),
        ("province", "?province={81}", {"ทต.เกาะคา", "อบต.ท่าผา"}),
        ("assessor", "?miss=any", {"ทต.เกาะคา", "อบต.ท่าผา"}),
        ("dla", "?q=ไม่มีชื่อนี้", set()),
    ],
)
def test_agencies_are_found_by_name_short_form_and_place(
    world: World, client_as: ClientAs, person: str, query: str, found: set[str]
) -> None:
    page = client_as(person).get(here(world, query.replace("{81}", str(world.province["81"])))).text
    assert set(names(page)) & {"ทต.เกาะคา", "อบต.ท่าผา", "อบต.ไสไทย"} == found
    assert ("ไม่พบหน่วยงาน" in page) == (not found)


@pytest.mark.parametrize("person", ["agency_admin", "executive"])
def test_an_agencys_people_have_no_such_list(world: World, client_as: ClientAs, person: str) -> None:
    assert client_as(person).get(here(world)).status_code == 404
    assert client_as(person).get(here(world, ".xlsx")).status_code == 404


@pytest.mark.postgres
def test_a_row_says_what_a_slow_recount_says(app: Portal, world: World, client_as: ClientAs) -> None:
    seen = {(one.name, one.province_id): one for one in mixed_country(app, world, 2)}
    by_name = {name: one for (name, _place), one in seen.items()}
    client = client_as("dla")
    rows: list[Any] = list(load_workbook(BytesIO(client.get(here(world, ".xlsx")).data)).worksheets[0].values)
    start = next(place for place, row in enumerate(rows) if row[1] is not None)
    listed = rows[start + 1 :]
    assert {row[0] for row in listed} == set(by_name)
    for row in listed:
        one = by_name[str(row[0])]
        assert row[3] == sum(one.steps)
        assert (row[4], row[5] or 0) == (one.answers[IIT], one.minimum(IIT))
        assert row[6] + row[7] == row[9] == one.answers[EIT]
        assert (row[10] or 0) == one.minimum(EIT)
    assert len(table_in(client.get(here(world)).text)) == len(listed)
    north = table_in(client.get(here(world, "?region=ภาคเหนือ")).text)
    assert 0 < len(north) < len(listed)


@pytest.mark.postgres
def test_who_is_likely_to_miss_is_said_to_offices_with_its_reason(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context(), writing(), privileged("a forecast") as session, rows_in(session):
        session.info["unrecorded"] = True
        a1 = session.get_one(Participation, world.participation["a1"])
        a1.headcount, a1.roster_count, a1.state = 40, 40, PreparationState.CONFIRMED
        OutlookFactory(participation=a1)
    for person in ("dla", "province"):
        page = client_as(person).get(here(world, "?miss=iit")).text
        assert names(page) == ["ทต.เกาะคา"]
        assert "คาดว่าได้ 9 จาก 30" in page
        assert names(client_as(person).get(here(world, "?miss=eit")).text) == []
        file = client_as(person).get(here(world, ".csv?miss=any")).data.decode("utf-8-sig")
        assert "คาดว่าได้ 9 จาก 30" in file and "ท่าผา" not in file
    assert "คาดว่า" not in client_as("assessor").get(here(world)).text
    country = client_as("dla").get(f"/rounds/{world.round_id}/status?tab=iit").text
    assert "คาดว่าไม่ถึงขั้นต่ำ" in country


def test_the_list_has_pages(world: World, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens, "PAGE", 1)
    client = client_as("province")
    pages = [names(client.get(here(world, f"?page={page}")).text) for page in (1, 2)]
    assert sorted(pages) == [["ทต.เกาะคา"], ["อบต.ท่าผา"]]
