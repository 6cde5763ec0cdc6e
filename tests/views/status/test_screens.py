"""Status tracking at the door: each desk its own picture, how lists are narrowed, what is said of time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from models.participation import Participation
from models.round import Round, Stage, Window
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.status.figures import Counts
from tests.factories.base import Make
from tests.factories.rounds import ParticipationFactory
from tests.support.client import PortalClient
from tests.support.tables import table_in
from tests.support.world import NOW, World, row
from views.status import screens
from views.status.queries import CountryQuery, StatusQuery
from views.status.screens import _shade

ClientAs = Callable[[str], PortalClient]


def here(world: World, rest: str = "") -> str:
    return f"/rounds/{world.round_id}/status{rest}"


def names(page: str) -> list[str]:
    return [row[0] for row in table_in(page)]


@pytest.mark.parametrize(
    ("person", "agencies"),
    [
        ("province", ["ทต.เกาะคา", "อบต.ท่าผา"]),
        ("assessor", ["ทต.เกาะคา", "อบต.ท่าผา"]),
        ("assessor_other", ["อบต.ไสไทย"]),
    ],
)
def test_a_desk_of_several_agencies_lands_on_their_list(
    world: World, client_as: ClientAs, person: str, agencies: list[str]
) -> None:
    page = client_as(person).get(here(world), follow_redirects=True).text
    assert names(page) == agencies


@pytest.mark.parametrize("person", ["agency_admin", "executive"])
def test_an_agencys_people_land_on_their_own_agency(world: World, client_as: ClientAs, person: str) -> None:
    answer = client_as(person).get(here(world))
    assert answer.location == here(world, f"/agencies/{world.participation['a1']}")
    assert "เทศบาลตำบลเกาะคา" in client_as(person).get(answer.location).text


@pytest.mark.parametrize(
    ("person", "rest", "status"),
    [
        ("dla", "/provinces/{52}", 200),
        ("province", "/provinces/{52}", 200),
        ("province", "/provinces/{81}", 404),
        ("province", "/provinces/{81}.xlsx", 404),
        ("agency_admin", "/provinces/{52}", 404),
        ("assessor", "/provinces/{52}", 404),
        ("dla", "/provinces/999", 404),
        ("nacc", "/country.csv", 200),
        ("province", "/country.csv", 404),
        ("dla", "/country.doc", 404),
        ("dla", "?tab=nonsense", 404),
        ("dla", "?kind=nonsense", 200),
        ("province", "/agencies/{b1}", 404),
    ],
)
def test_what_is_not_there_for_a_desk_is_not_found(
    world: World, client_as: ClientAs, person: str, rest: str, status: int
) -> None:
    for code, key in world.province.items():
        rest = rest.replace(f"{{{code}}}", str(key))
    rest = rest.replace("{b1}", str(world.participation["b1"]))
    assert client_as(person).get(here(world, rest)).status_code == status


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["ทต.เกาะคา", "อบต.ท่าผา"]),
        ("?q=ท่า", ["อบต.ท่าผา"]),
        ("?district=เกาะคา&behind=1", ["ทต.เกาะคา"]),
        ("?district=เมืองลำปาง", []),
        ("?behind=2", ["อบต.ท่าผา"]),
        ("?behind=0", []),
        ("?behind=nonsense", ["ทต.เกาะคา", "อบต.ท่าผา"]),
    ],
)
def test_a_list_is_narrowed_by_name_district_and_step(
    app: Portal, world: World, client_as: ClientAs, query: str, found: list[str]
) -> None:
    with app.app_context(), writing(), privileged("a2 has activated its password") as session:
        session.get_one(Participation, world.participation["a2"]).activated_at = NOW
    page = client_as("province").get(here(world, f"/provinces/{world.province['52']}{query}")).text
    assert names(page) == found
    assert ("ไม่พบหน่วยงาน" in page) == (not found)


def test_a_narrowed_file_says_how_it_is_narrowed(world: World, client_as: ClientAs) -> None:
    url = here(world, f"/provinces/{world.province['52']}.xlsx?behind=1&q=เกาะ")
    cells = [row[0] for row in load_workbook(BytesIO(client_as("dla").get(url).data)).worksheets[0].values]
    assert any("ค้นหา: เกาะ" in str(cell) and "เปิดใช้งานรหัสผ่าน" in str(cell) for cell in cells), cells


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "ขั้นเตรียมการเปิดถึง"),
        (NOW + timedelta(days=90), "หน่วยงานเหล่านี้ประเมินในรอบนี้ไม่ได้"),
    ],
)
def test_a_list_says_what_the_calendar_means_for_who_is_behind(
    world: World, client_as: ClientAs, clock: Callable[[object], None], moment: object, words: str
) -> None:
    clock(moment)
    assert words in client_as("province").get(here(world), follow_redirects=True).text


def test_before_its_first_window_nobody_is_hurried(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context(), writing(), privileged("preparation has no dates") as session:
        for window in session.query(Window).where(Window.stage == Stage.PREPARATION):
            session.delete(window)
    page = client_as("province").get(here(world), follow_redirects=True).text
    assert "ยังไม่ครบ 2" not in page
    assert "ประเมินไม่ได้" not in page


def test_a_list_is_cut_into_pages_and_shown_whole_on_demand(
    world: World, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "PAGE", 1)
    client, place = client_as("province"), here(world, f"/provinces/{world.province['52']}")
    pages = [names(client.get(f"{place}?page={page}").text) for page in (1, 2)]
    assert pages == [["ทต.เกาะคา"], ["อบต.ท่าผา"]]
    assert names(client.get(f"{place}?all=1").text) == ["ทต.เกาะคา", "อบต.ท่าผา"]
    monkeypatch.setattr(screens, "MOST_ON_PAPER", 1)
    page = client.get(f"{place}?all=1").text
    assert names(page) == ["ทต.เกาะคา"], "too long even to be printed"
    assert "all=1" not in page


@pytest.mark.parametrize(
    ("person", "moment", "words"),
    [
        ("dla", NOW, "หากผู้บริหารไม่ยืนยันภายในกำหนด จะประเมินหน่วยงานไม่ได้"),
        ("nacc", NOW + timedelta(days=90), "หน่วยงานนี้ประเมินในรอบนี้ไม่ได้"),
    ],
)
def test_one_agency_s_page_says_what_the_calendar_means_for_it(
    world: World,
    client_as: ClientAs,
    clock: Callable[[object], None],
    person: str,
    moment: object,
    words: str,
) -> None:
    clock(moment)
    assert words in client_as(person).get(here(world, f"/agencies/{world.participation['a1']}")).text


def test_the_map_shows_only_provinces_it_has_a_tile_for(
    app: Portal, make: Make, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        round = row(Round, world.round_id)
    made = make(ParticipationFactory, round=round)
    page = client_as("nacc").get(here(world)).text
    assert made.province_name in page.split('class="ita-map"')[0]
    assert made.province_name not in page.split('class="ita-map"')[1]
    assert "ลำปาง" in page.split('class="ita-map"')[1]


@pytest.mark.parametrize(
    ("complete", "shade"), [(100, 0), (95, 1), (90, 2), (81, 2), (80, 3), (70, 4), (61, 4), (60, 5), (0, 5)]
)
def test_a_tile_is_darker_the_fewer_are_complete(complete: int, shade: int) -> None:
    assert _shade(Counts(100, (100, 100, 100, complete), (0, 0, 0, 100 - complete))) == shade


@pytest.mark.parametrize("query", [CountryQuery(), CountryQuery("iit", "ภาคเหนือ")])
def test_the_address_of_a_country_reads_back(query: CountryQuery) -> None:
    assert CountryQuery.of(query.args()) == query


@pytest.mark.parametrize("query", [StatusQuery(), StatusQuery("เกาะ", "เกาะคา", 0), StatusQuery(behind=3)])
def test_the_address_of_a_list_reads_back(query: StatusQuery) -> None:
    assert StatusQuery.of(query.args()) == query


def test_a_bar_has_the_colour_of_its_step_also_beside_one_as_long(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context(), writing(), privileged("one agency is stuck at step 2, one at step 3") as session:
        for agency, headcount in (("a1", None), ("a2", 52)):
            one = session.get_one(Participation, world.participation[agency])
            one.activated_at, one.headcount = NOW, headcount
    page = client_as("dla").get(here(world)).text
    bars = re.findall(r'<svg class="ita-bars".*?</svg>', page, re.DOTALL)
    assert [re.findall(r'class="r(\d)"', bar) for bar in bars] == [["5"], ["4", "3"]]
