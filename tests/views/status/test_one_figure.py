"""One figure everywhere: page, XLSX and CSV of the country and of a province say what a slow recount says."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook

from models.disclosure import DisclosureState
from models.place import Province
from portal.content import local
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.country import EIT, IIT, Recount, Seen, mixed_country, recounted
from tests.support.tables import table_in
from tests.support.world import World

pytestmark = pytest.mark.postgres
#: what the files say before and after "so many agencies" of each tab, as the recount has it
TABS: dict[str, Callable[[Recount], list[Any]]] = {
    "preparation": lambda slow: [
        slow.agencies,
        *slow.done,
        slow.agencies - slow.done[3],
        percent(slow),
        *slow.behind,
    ],
    "iit": lambda slow: list(slow.surveys[IIT]),
    "eit": lambda slow: list(slow.surveys[EIT]),
    "oit": lambda slow: [slow.agencies, *(slow.oit.get(state, 0) for state in DisclosureState)],
}
#: which of them the page's table shows (its last column of preparation is a picture with words)
ON_PAGE: dict[str, Callable[[Recount], list[str]]] = {
    "preparation": lambda slow: [
        f"{slow.agencies - slow.done[3]} จาก {slow.agencies}",
        f"{percent(slow):.2f}",
        "ค้างขั้นที่ 1 {} แห่ง ขั้นที่ 2 {} แห่ง ขั้นที่ 3 {} แห่ง ขั้นที่ 4 {} แห่ง".format(*slow.behind),
    ],
}
DONE, NOT_YET = "แล้ว", "ยัง"
Rows = list[list[Any]]


def percent(slow: Recount) -> float:
    return round(100 * slow.done[3] / slow.agencies, 2)


def sheet(client: PortalClient, url: str) -> Rows:
    """The rows of an XLSX file, from its heads on."""
    rows = list(load_workbook(BytesIO(client.get(url).data)).worksheets[0].values)
    heads = next(place for place, row in enumerate(rows) if row[1] is not None)
    return [list(row) for row in rows[heads:]]


def lines(client: PortalClient, url: str) -> Rows:
    """The rows of a CSV file."""
    return list(csv.reader(StringIO(client.get(url).data.decode("utf-8-sig"))))


def shown(number: object) -> str:
    return f"{number:,}" if isinstance(number, int) else str(number)


@pytest.fixture
def seen(app: Portal, world: World) -> list[Seen]:
    return mixed_country(app, world, 4)


def by_name(app: Portal, seen: list[Seen]) -> dict[str, Recount]:
    with app.app_context(), privileged("a test reads the provinces") as session:
        return {
            session.get_one(Province, key).name: recounted(one for one in seen if one.province_id == key)
            for key in {one.province_id for one in seen}
        }


@pytest.mark.parametrize("tab", TABS)
def test_the_country_is_the_same_on_page_and_file(
    app: Portal, world: World, client_as: Callable[[str], PortalClient], seen: list[Seen], tab: str
) -> None:
    client, slow = client_as("dla"), by_name(app, seen)
    here = f"/rounds/{world.round_id}/status"
    xlsx = sheet(client, f"{here}/country.xlsx?tab={tab}")[1:]
    assert {row[0]: row[2:] for row in xlsx} == {name: TABS[tab](found) for name, found in slow.items()}
    text = lines(client, f"{here}/country.csv?tab={tab}")[1:]
    assert [row[0] for row in text] == [row[0] for row in xlsx]
    assert [[float(cell) for cell in row[2:]] for row in text] == [row[2:] for row in xlsx]
    page = table_in(client.get(f"{here}?tab={tab}").text)
    told = ON_PAGE.get(tab, lambda found: [shown(number) for number in TABS[tab](found)])
    assert page == [[name, *told(slow[name])] for name in (row[0] for row in xlsx)]


def test_a_narrowed_country_is_the_same_on_page_and_file(
    app: Portal, world: World, client_as: Callable[[str], PortalClient], seen: list[Seen]
) -> None:
    client, where = client_as("nacc"), f"/rounds/{world.round_id}/status"
    narrowed = "tab=iit&kind=sao&region=ภาคเหนือ"
    (row,) = sheet(client, f"{where}/country.xlsx?{narrowed}")[1:]
    slow = by_name(app, [one for one in seen if one.kind == local.SAO])[row[0]]
    assert (row[1], row[2:]) == ("ภาคเหนือ", list(slow.surveys[IIT]))
    assert table_in(client.get(f"{where}?{narrowed}").text) == [
        [row[0], *(shown(number) for number in slow.surveys[IIT])]
    ]


def test_a_province_is_the_same_on_page_and_file(
    world: World, client_as: Callable[[str], PortalClient], seen: list[Seen]
) -> None:
    client, place = client_as("dla"), seen[-1].province_id
    here = f"/rounds/{world.round_id}/status/provinces/{place}"
    slow = {one.name: one for one in seen if one.province_id == place}
    xlsx = sheet(client, f"{here}.xlsx")[1:]
    assert {row[0] for row in xlsx} == set(slow)
    for row in xlsx:
        one = slow[row[0]]
        assert tuple(cell != NOT_YET for cell in row[2:6]) == one.steps
        for answers, least, above, survey in ((*row[6:9], IIT), (*row[9:12], EIT)):
            people = one.people[survey]
            assert (answers, least or 0) == (one.answers[survey], one.minimum(survey))
            assert above == (max(0, one.answers[survey] - people) if people else 0)
    page = table_in(client.get(here).text)
    for row, told in zip(xlsx, page, strict=True):
        assert told[1:6] == [row[1], *(DONE if done else NOT_YET for done in slow[row[0]].steps)]
        assert told[6].startswith(f"{row[6]:,} / {row[7]:,}" if row[7] else f"{row[6]:,} / –")
        assert told[8] == row[12]
    assert [row[:1] for row in lines(client, f"{here}.csv")[1:]] == [row[:1] for row in xlsx]
