"""Results over the years on screen and in files: what is compared, what is not and why, and for whom."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from io import StringIO

import pytest

from models.round import RoundState
from portal.core.web import Portal
from tests.factories.base import Make
from tests.portal.results.test_lists import opened, prepared
from tests.portal.results.test_trends import SCORES, merged_since
from tests.support.client import PortalClient
from tests.support.trends import earlier_round, laid_beside
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]


@pytest.fixture
def earlier(app: Portal, world: World) -> int:
    with app.app_context():
        prepared(world)
        totals = {"a1": Decimal(66), "b1": Decimal(70)}
        round_id = earlier_round(world, {"a1": SCORES, "b1": SCORES}, totals=totals)
        opened(world)
        laid_beside(world.round_id, round_id, changed=frozenset({"I1"}))
    return round_id


@pytest.fixture
def here(world: World, earlier: int) -> str:
    assert earlier
    return f"/rounds/{world.round_id}/results"


def text(client: PortalClient, url: str) -> str:
    answer = client.get(url, follow_redirects=True)
    assert answer.status_code == 200
    plain = re.sub(r"<[^>]+>", " ", answer.text.split("<main")[1])
    return re.sub(r"\s+", " ", plain)


def test_an_agency_reads_its_earlier_scores_or_why_there_are_none(
    world: World, client_as: ClientAs, here: str
) -> None:
    page = text(client_as("executive"), f"{here}/agencies/{world.participation['a1']}")
    assert "ปี 2560 66.00 เกรด B โปรดเทียบอย่างระมัดระวัง เพราะสิ่งที่ถามไม่เหมือนปี 2560 ทั้งหมด" in page
    assert "ปรับแก้จากปี 2560" in page
    assert "เทียบกับปี 2560 ไม่ได้ เพราะข้อเดิม 5 ปรับแก้ 1 ใหม่ 0 ตัดออก 0" in page
    assert "60.00 เพิ่มขึ้น 40.00" in page
    assert "ไม่มีคะแนนที่แสดงได้" in page


def test_an_agency_without_an_earlier_result_says_so(world: World, client_as: ClientAs, here: str) -> None:
    page = text(client_as("province"), f"{here}/agencies/{world.participation['a2']}")
    assert "ปี 2560 ไม่มีผลของหน่วยงานนี้" in page


@pytest.mark.parametrize(("person", "agencies"), [("nacc", 2), ("dla", 2), ("province", 1)])
def test_a_desk_reads_means_with_the_number_of_agencies(
    client_as: ClientAs, here: str, person: str, agencies: int
) -> None:
    page = text(client_as(person), f"{here}/trends")
    assert "ปี 2561 เทียบปี 2560" in page
    assert f"2 การใช้งบประมาณ 60.00 100.00 เพิ่มขึ้น 40.00 {agencies} " in page
    assert "โปรดเทียบอย่างระมัดระวัง" in page


def test_each_pair_of_means_is_drawn_with_its_figures_in_words(client_as: ClientAs, here: str) -> None:
    page = client_as("nacc").get(f"{here}/trends").text
    drawn = re.findall(r'<svg class="ita-dots"[^>]*role="img" aria-label="([^"]+)"', page)
    assert "ปี 2560 ได้ 60.00 ปี 2561 ได้ 100.00 จาก 100" in drawn
    assert "ปี 2560 ได้ 66.00 ปี 2561 ได้ 100.00 จาก 100" in drawn, "the total, with a caution"
    row = re.search(r"การใช้งบประมาณ</th>.*?</tr>", page, re.DOTALL)
    assert row
    assert re.findall(r'cx="([\d.]+)"', row[0]) == ["118.8", "194.0"]
    assert "s-move" in row[0]


def test_where_nothing_is_compared_the_line_has_a_gap_and_the_reason(client_as: ClientAs, here: str) -> None:
    page = client_as("nacc").get(f"{here}/trends").text
    row = re.search(r"การปฏิบัติหน้าที่</th>.*?</tr>", page, re.DOTALL)
    assert row
    assert "s-gap" in row[0]
    assert "<circle" not in row[0]
    assert "ข้อเดิม 5 ปรับแก้ 1" in row[0]
    total = re.search(r"คะแนนรวม</th>.*?</tr>", page, re.DOTALL)
    assert total
    assert "<circle" in total[0]
    assert "s-move" not in total[0], "no change is drawn between totals that are not comparable"


def test_years_of_which_nothing_may_be_compared_say_so_without_a_chart(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        prepared(world)
        round_id = earlier_round(world, {"a1": SCORES})
        opened(world)
        everything = frozenset(f"{sign}{number}" for sign in "IEO" for number in range(1, 60))
        laid_beside(world.round_id, round_id, changed=everything)
    page = client_as("nacc").get(f"/rounds/{world.round_id}/results/trends").text
    assert "ไม่มีส่วนใดเทียบกับปี 2560 ได้ ดูเหตุผลในตาราง" in page
    assert "ita-dots" not in page


def test_a_province_reads_its_own_alone(client_as: ClientAs, here: str, world: World) -> None:
    page = text(client_as("province_other"), f"{here}/trends")
    assert "จังหวัดกระบี่" in page
    assert "2 การใช้งบประมาณ 60.00 100.00 เพิ่มขึ้น 40.00 1 " in page
    assert "6 คุณภาพการดำเนินงาน – – ไม่มีหน่วยงานที่มีคะแนนทั้งสองปี" in page
    foreign = text(client_as("province_other"), f"{here}/trends?province={world.province['52']}")
    assert "60.00" not in foreign


def test_an_agency_is_led_to_its_own_result(client_as: ClientAs, here: str) -> None:
    answer = client_as("executive").get(f"{here}/trends", follow_redirects=True)
    assert "/agencies/" in answer.request.path
    assert client_as("executive").get(f"{here}/trends.csv").status_code == 404


def test_a_kind_without_agencies_says_what_to_do(client_as: ClientAs, here: str) -> None:
    assert "โปรดเลือกจังหวัดหรือประเภทอื่น" in text(client_as("nacc"), f"{here}/trends?kind=pao")


def test_without_an_earlier_year_the_page_says_so(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        prepared(world)
        opened(world)
    assert "ยังไม่มีปีก่อนให้เทียบ" in text(client_as("nacc"), f"/rounds/{world.round_id}/results/trends")


def test_before_the_opening_no_page_and_no_file_has_a_figure(
    app: Portal, client_as: ClientAs, here: str, world: World
) -> None:
    with app.app_context():
        opened(world, RoundState.CLOSED)
    client = client_as("nacc")
    for url in (f"{here}/trends", f"{here}/agencies/{world.participation['a1']}"):
        assert "66.00" not in text(client, url)
    assert client.get(f"{here}/trends.xlsx").status_code == 404


@pytest.mark.parametrize("query", ["", "?kind=sao"])
def test_the_file_holds_what_the_page_shows(client_as: ClientAs, here: str, query: str) -> None:
    client = client_as("dla")
    page = text(client, f"{here}/trends{query}")
    content = client.get(f"{here}/trends.csv{query}").get_data().decode("utf-8-sig")
    header, *rows = csv.reader(StringIO(content))
    assert header[3:6] == ["คะแนนเฉลี่ยปีก่อน", "คะแนนเฉลี่ยปี 2561", "การเปลี่ยนแปลง"]
    for row in rows:
        assert row[2] in page
        assert re.sub(r"\s+", " ", row[7]) in page
    two = next(row for row in rows if row[1] == "2")
    assert [float(cell) for cell in two[3:7]] == [60, 100, 40, 1 if query else 2]
    assert client.get(f"{here}/trends.xlsx{query}").status_code == 200


def test_the_list_s_file_has_the_totals_of_earlier_years(client_as: ClientAs, here: str) -> None:
    content = client_as("dla").get(f"{here}.csv?by=name").get_data().decode("utf-8-sig")
    header, *rows = csv.reader(StringIO(content))
    assert header[12:] == ["คะแนนรวมปี 2560", "เปลี่ยนแปลงจากปี 2560"]
    mine = next(row for row in rows if row[1] == "เทศบาลตำบลเกาะคา")
    assert float(mine[12]) == 66
    assert "โปรดเทียบอย่างระมัดระวัง" in mine[13]
    none = next(row for row in rows if row[1] == "องค์การบริหารส่วนตำบลท่าผา")
    assert none[12:] == ["", ""]


def test_a_merged_agency_names_those_that_it_came_from_with_their_results(
    app: Portal, world: World, client_as: ClientAs, make: Make
) -> None:
    merged_since(app, world, make)
    at = f"/rounds/{world.round_id}/results"
    own = f"{at}/agencies/{world.participation['a1']}"
    page = client_as("nacc").get(own).text
    assert page.count("80.00") == 1 and "รวมเมื่อ" in page
    assert '<th scope="col" class="ita-end">2560</th>' not in page, "no column of scores to compare"
    assert "80.00" not in client_as("executive").get(own).text
    assert "รวมหรือแยกหลังจากนั้น 1 หน่วยงาน" in text(client_as("dla"), f"{at}/trends")
    content = client_as("dla").get(f"{at}.csv?by=name").get_data().decode("utf-8-sig")
    mine = next(row for row in csv.reader(StringIO(content)) if row[1] == "เทศบาลตำบลเกาะคา")
    assert mine[12] == "" and mine[13].startswith("รวมเมื่อ")
