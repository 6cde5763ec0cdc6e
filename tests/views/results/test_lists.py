"""The results room: who sees what and when, files, and that no figure is on a page before the opening."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from models.instrument import InstrumentKind
from models.round import RoundState
from portal.ballot.keys import key_folder
from portal.core.web import Portal
from tests.portal.results.test_lists import opened, peopled, prepared
from tests.support.client import PortalClient
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]


def page(client: PortalClient, url: str) -> str:
    answer = client.get(url, follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def here(world: World, rest: str = "") -> str:
    return f"/rounds/{world.round_id}/results{rest}"


def one(world: World, agency: str) -> str:
    return here(world, f"/agencies/{world.participation[agency]}")


@pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.CLOSED])
def test_before_the_opening_no_page_and_no_file_has_a_figure(
    app: Portal, world: World, client_as: ClientAs, state: RoundState
) -> None:
    with app.app_context():
        prepared(world)
        opened(world, state)
    for person in ("nacc", "dla", "province", "agency_admin", "assessor"):
        client = client_as(person)
        for url in (here(world), one(world, "a1")):
            text = page(client, url)
            assert "100.00" not in text
            assert "AA" not in text.split("<main")[1]
        for ext in ("xlsx", "csv"):
            assert client.get(here(world, f".{ext}")).status_code == 404


def test_a_closed_round_says_how_it_is_opened_to_nacc_alone(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        opened(world, RoundState.CLOSED)
    command = f"run.py open-boxes --round {world.round_id} --key FILE"
    shown = page(client_as("nacc"), here(world))
    assert "ในโหมดสาธิต กล่องคำตอบเปิดเองภายในหนึ่งนาที" in shown and command not in shown
    with app.app_context():
        key_folder().destroy_urn_key(world.round_id)  # as in production, where its holder takes it away
    assert command in page(client_as("nacc"), here(world))
    assert command not in page(client_as("province"), here(world))


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RoundState.DRAFT, "กำลังเตรียมรอบการประเมิน"),
        (RoundState.OPEN, "ก่อนนั้นระบบนับเฉพาะจำนวนผู้ตอบ"),
        (RoundState.CLOSED, "กล่องคำตอบพร้อมเปิด"),
    ],
)
def test_the_page_says_what_comes_next(
    app: Portal, world: World, client_as: ClientAs, state: RoundState, words: str
) -> None:
    with app.app_context():
        opened(world, state)
    assert words in page(client_as("agency_admin"), here(world))


def test_after_the_surveys_nacc_is_led_to_closing(
    world: World, client_as: ClientAs, clock: Callable[[object], None]
) -> None:
    clock("2030-01-01T10:00:00+07:00")
    assert f"/rounds/{world.round_id}/close" in page(client_as("nacc"), here(world))
    assert f"/rounds/{world.round_id}/close" not in page(client_as("dla"), here(world))


@pytest.fixture
def _opened(app: Portal, world: World) -> None:
    with app.app_context():
        prepared(world)
        opened(world)


@pytest.mark.usefixtures("_opened")
def test_offices_see_the_list_and_agencies_their_own_result(world: World, client_as: ClientAs) -> None:
    country = page(client_as("nacc"), here(world))
    assert "เกาะคา" in country
    assert "ไสไทย" in country
    assert "100.00" in country
    province = page(client_as("province"), here(world)).split("<main")[1]
    assert "เกาะคา" in province
    assert "ไสไทย" not in province
    own = page(client_as("executive"), here(world))
    assert "เทศบาลตำบลเกาะคา" in own
    assert "เกรด AA" in own


@pytest.mark.usefixtures("_opened")
def test_a_foreign_agency_is_not_found(world: World, client_as: ClientAs) -> None:
    for person in ("agency_admin", "executive", "province", "assessor"):
        assert client_as(person).get(one(world, "b1")).status_code == 404
        assert client_as(person).get(one(world, "a1")).status_code == 200
    assert client_as("").get(one(world, "a1")).status_code == 302


@pytest.mark.usefixtures("_opened")
def test_withheld_and_missing_totals_say_why(world: World, client_as: ClientAs) -> None:
    client = client_as("dla")
    few = page(client, one(world, "b1"))
    assert "ไม่แสดงเพราะมีผู้ตอบน้อยกว่า 3 คน" in few
    assert "ไม่แสดงคะแนนรวม" in few
    assert "ประเมินไม่ได้" in page(client, one(world, "b2"))


@pytest.mark.usefixtures("_opened")
def test_the_list_is_narrowed_by_its_address(world: World, client_as: ClientAs) -> None:
    client = client_as("nacc")
    found = page(client, here(world, f"?province={world.province['81']}&q=ไส&grade=withheld&by=name"))
    rows = found.split("<tbody>")[-1]
    assert "ไสไทย" in rows
    assert "เขาพนม" not in rows
    assert "ไม่พบหน่วยงาน" in page(client, here(world, "?q=ไม่มีที่นี่"))
    assert "เกาะคา" in page(client, here(world, "?grade=nonsense&kind=nonsense&page=99&province=x"))
    assert client.get(here(world, "?province=99999")).status_code == 404


@pytest.mark.usefixtures("_opened")
def test_files_hold_what_the_person_may_see(world: World, client_as: ClientAs) -> None:
    answer = client_as("dla").get(here(world, ".xlsx"))
    everything = list(load_workbook(BytesIO(answer.data)).worksheets[0].values)
    rows = everything[next(place for place, row in enumerate(everything) if row[1]) :]
    assert [row[1] for row in rows[1:3]] == ["เทศบาลตำบลเกาะคา", "องค์การบริหารส่วนตำบลท่าผา"]
    assert rows[1][5:11] == (100, 100, 100, 100, "AA", "ผ่าน")
    withheld = next(row for row in rows if row[11] == "ไม่แสดงคะแนนรวม")
    assert withheld[6] is None
    assert withheld[8] is None
    text = client_as("province_other").get(here(world, ".csv?by=name")).get_data(as_text=True)
    assert "ไสไทย" in text
    assert "เกาะคา" not in text


def test_a_grade_of_too_few_answers_says_so_wherever_it_stands(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    """20 people are asked for 20 answers each: a1 has 12 to IIT, a2 all; list, page and file agree."""
    with app.app_context():
        for agency, iit in (("a1", 12), ("a2", 20)):
            peopled(world, agency, people=20, answers={InstrumentKind.IIT: iit, InstrumentKind.EIT: 20})
        prepared(world)
        opened(world)
    client = client_as("province")
    words = "ผู้ตอบต่ำกว่าขั้นต่ำ: IIT"
    assert page(client, here(world)).count(words) == 1
    assert words in page(client, one(world, "a1"))
    assert "ผู้ตอบต่ำกว่าขั้นต่ำ" not in page(client, one(world, "a2"))
    narrowed = page(client, here(world, "?grade=below"))
    assert "ทต.เกาะคา" in narrowed
    assert "อบต.ท่าผา" not in narrowed
    assert page(client, here(world, ".csv")).count(words) == 1


@pytest.mark.usefixtures("_opened")
@pytest.mark.parametrize("query", ["", "?by=name", "?grade=withheld", "?kind=sao&by=name"])
def test_the_file_follows_the_page(world: World, client_as: ClientAs, query: str) -> None:
    client = client_as("dla")
    shown = re.findall(r'ita-title"><a[^>]*>([^<]+)</a>', page(client, here(world, query)))
    text = client.get(here(world, f".csv{query}")).get_data().decode("utf-8-sig")
    names = [row[1] for row in csv.reader(StringIO(text))][1:]
    assert len(names) == len(shown)
    assert all(full.endswith(short.rpartition(".")[2]) for full, short in zip(names, shown, strict=True))
