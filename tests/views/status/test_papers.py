"""Status on paper: the figures of the screens with their sums, and one agency on one page."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from models.participation import Participation
from portal.core.database.session import privileged, writing
from portal.core.list_files import MAKERS, ListFile
from portal.core.list_papers import Plan, Row
from portal.core.web import Portal
from reports.table_data import Bar
from tests.support.client import PortalClient
from tests.support.world import World, acting_as
from views.status.papers import country_plan, province_plan
from views.status.queries import CountryQuery

ClientAs = Callable[[str], PortalClient]


def file_of(world: World, person: str, name: str, **arguments: Any) -> tuple[ListFile, Plan, list[Any]]:
    with acting_as(world.actor(person)):
        file = MAKERS[name].make({"round_id": world.round_id, **arguments})
        assert file.plan is not None
        return file, file.plan, [list(row) for row in file.rows()]


@pytest.mark.parametrize("tab", ["preparation", "iit", "eit", "oit"])
def test_every_column_of_the_country_but_the_grouping_one_is_printed(
    app: Portal, world: World, tab: str
) -> None:
    with app.app_context():
        file, plan, rows = file_of(world, "dla", "status.country", args={"tab": tab})
        assert [place for place, _width in plan.columns] == [n for n in range(len(file.header)) if n != 1]
        assert plan.sums is not None and plan.bars is not None and plan.group == 1
        summed = plan.sums(rows)
        assert len(summed) == len(file.header)
        for place in plan.numbers:
            if not isinstance(rows[0][place], Decimal):
                assert summed[place] == sum(row[place] for row in rows), file.header[place]
        assert [bar.whole for bar in plan.bars(rows)] == [summed[2]] * len(plan.bars(rows))


def test_the_share_of_a_region_is_that_of_its_agencies_not_of_its_provinces(app: Portal) -> None:
    with app.test_request_context():
        plan = country_plan(CountryQuery(), [str(number) for number in range(13)])
        rows: list[Row] = [
            ["ก", "ภาค", 1, 1, 1, 1, 1, 0, Decimal("100.00"), 0, 0, 0, 0],
            ["ข", "ภาค", 3, 2, 1, 0, 0, 3, Decimal("0.00"), 1, 1, 1, 0],
        ]
        assert plan.sums is not None and plan.bars is not None
        assert plan.sums(rows) == ["รวม", None, 4, 3, 2, 1, 1, 3, "25.00", 1, 1, 1, 0]
        assert plan.bars(rows) == [Bar("3", 3, 4), Bar("4", 2, 4), Bar("5", 1, 4), Bar("6", 1, 4)]
        assert plan.sums([])[8] == "0.00", "of nothing"


def test_a_district_is_summed_by_what_is_done(app: Portal, world: World) -> None:
    with app.app_context():
        file, plan, rows = file_of(
            world, "province", "status.province", province_id=world.province["52"], args={}
        )
        assert plan.sums is not None and plan.bars is not None
        summed, bars = plan.sums(rows), plan.bars(rows)
        done = [sum(row[place] != "ยัง" for row in rows) for place in (2, 3, 4, 5)]
        assert len(summed) == len(file.header) and [bar.whole for bar in bars[:4]] == [len(rows)] * 4
        assert [bar.some for bar in bars[:4]] == summed[2:6] == done
    with app.test_request_context():
        plan = province_plan([""] * 16)
        some: Row = ["ก", "ข", "แล้ว", "แล้ว", "แล้ว", "แล้ว", 5, 5, 0, 4, 5, 0, "", None, None, None]
        none: Row = ["ข", "ข", "แล้ว", "แล้ว", "แล้ว", "แล้ว", 9, None, 0, 9, None, 0, "", None, None, None]
        assert plan.bars is not None and [(b.some, b.whole) for b in plan.bars([some, none])[4:]] == [
            (1, 1),
            (0, 1),
        ], "an agency without a minimum has not reached it"
        assert (plan.entitled("เกาะคา"), plan.entitled("")) == ("อำเภอเกาะคา", "ระดับจังหวัด")


def test_one_agency_is_told_as_its_page_tells_it(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context(), writing(), privileged("a test enters people") as session:
        session.get_one(Participation, world.participation["a1"]).headcount = 40
    client, at = client_as("province"), f"/rounds/{world.round_id}/status/agencies/"
    page = client.get(f"{at}{world.participation['a1']}").text
    content = client.get(f"{at}{world.participation['a1']}.csv").data.decode("utf-8-sig")
    _header, *rows = list(csv.reader(StringIO(content)))
    words = re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", page)).replace("\u00a0", " ")
    steps = [row[1] for row in rows if row[0] == "ขั้นเตรียมการ"]
    assert len(steps) == 4 and all(step in words for step in steps)
    assert ["แบบ IIT", "จำนวนคนที่ทราบ", "40"] in rows
    assert client.get(f"{at}{world.participation['b1']}.csv").status_code == 404, "of another province"
    with app.app_context():
        _file, plan, lines = file_of(
            world, "province", "status.agency", participation_id=world.participation["a1"]
        )
        assert plan.bars is not None and plan.group == 0
        bars = plan.bars(lines)
        (minimum,) = (row[2] for row in rows if row[:2] == ["แบบ IIT", "ขั้นต่ำ"])
        (answers,) = (bar for bar in bars if "IIT" in bar.label)
        assert (bars[0].whole, str(answers.whole)) == (4, minimum) and 0 < answers.whole <= 40
