"""What programmes read of the register: the rows of its screen's file, without contacts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.core.web import Portal
from tests.support.api import reader
from tests.support.client import PortalClient
from tests.support.world import World
from tests.views.status.test_api import lines

pytestmark = pytest.mark.postgres


def test_the_agencies_are_those_of_the_screen(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    found = reader(app, world, "dla").read("/agencies")
    file = lines(client_as("dla"), "/admin/agencies/export/csv/")
    told = [[row["code"], row["full_name"]] for row in found["rows"]]
    assert told == [line[:2] for line in file] and len(told) == 4


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("q=เกาะคา", {"a1", "a2"}),
        ("q=06810101", {"b1"}),
        ("kind=sao", {"a2", "b1"}),
        ("active=0", set()),
        ("active=1&per_page=200", {"a1", "a2", "b1", "b2"}),
    ],
)
def test_it_is_narrowed(app: Portal, world: World, asked: str, keys: set[str]) -> None:
    rows = reader(app, world, "nacc").read(f"/agencies?{asked}")["rows"]
    assert {row["id"] for row in rows} == {world.agency[key] for key in keys}


def test_a_province_reads_its_own_and_an_agency_none(app: Portal, world: World) -> None:
    rows = reader(app, world, "province").read("/agencies")["rows"]
    assert {row["id"] for row in rows} == {world.agency["a1"], world.agency["a2"]}
    assert reader(app, world, "agency_admin").get("/agencies").status_code == 404
    other = reader(app, world, "dla").read(f"/agencies?province={world.province['81']}")["rows"]
    assert {row["id"] for row in other} == {world.agency["b1"], world.agency["b2"]}
