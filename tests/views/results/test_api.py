"""What programmes read of results: nothing before the opening, then what screens and files show, no more."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest

from portal.core.web import Portal
from tests.portal.results.test_lists import opened, prepared
from tests.support.api import reader
from tests.support.client import PortalClient
from tests.support.world import World

pytestmark = pytest.mark.postgres


def test_before_the_opening_there_is_no_figure(app: Portal, world: World) -> None:
    with app.app_context():
        prepared(world)
    here = f"/rounds/{world.round_id}/results"
    for person in ("nacc", "province", "agency_admin"):
        programme = reader(app, world, person)
        for path in (here, f"{here}/agencies/{world.participation['a1']}"):
            answer = programme.get(path)
            assert answer.status_code == 409 and "100" not in answer.json["detail_th"]


def test_rows_are_those_of_the_file(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    with app.app_context():
        prepared(world)
        opened(world)
    here = f"/rounds/{world.round_id}/results"
    for person, number in (("nacc", 4), ("province", 2), ("agency_admin", 1)):
        found = reader(app, world, person).read(here)
        rows = found["rows"]
        assert len(rows) == found["found"] == found["spread"]["agencies"] == number
    text = client_as("nacc").get(f"{here}.csv").get_data().decode("utf-8-sig")
    file = {row[1]: row for row in csv.reader(StringIO(text)) if len(row) > 8}
    for row in reader_rows(app, world, here):
        line = file[row["full_name"]]
        told = [*row["scores"].values(), row["total"]]
        assert [None if not cell else float(cell) for cell in line[5:9]] == told
        assert line[9] == (row["grade"] or "")


def reader_rows(app: Portal, world: World, here: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = reader(app, world, "dla").read(here)["rows"]
    return rows


def test_what_is_withheld_on_screen_is_withheld_here(app: Portal, world: World) -> None:
    with app.app_context():
        prepared(world)
        opened(world)
    here = f"/rounds/{world.round_id}/results"
    programme = reader(app, world, "nacc")
    held = programme.read(f"{here}?grade=withheld")["rows"]
    assert [row["id"] for row in held] == [world.participation["b1"]]
    assert (held[0]["total"], held[0]["scores"]["eit"]) == (None, None)
    one = programme.read(f"{here}/agencies/{world.participation['b1']}")
    (eit,) = [part["line"] for part in one["parts"] if part["kind"] == "eit"]

    def scores(line: dict[str, object]) -> list[object]:
        below = line["lines"]
        assert isinstance(below, list)
        return [line["score"], *(score for each in below for score in scores(each))]

    assert set(scores(eit)) == {None} and eit["few"] > 0
    assert one["total"] is None and one["reason"] == "withheld"


def test_whole_results_and_means_are_for_who_sees_them_on_screen(app: Portal, world: World) -> None:
    with app.app_context():
        prepared(world)
        opened(world)
    here = f"/rounds/{world.round_id}/results"
    agency = reader(app, world, "agency_admin")
    mine = agency.read(f"{here}/agencies/{world.participation['a1']}")
    assert (mine["total"], mine["passes"], mine["earlier"]) == (100.0, True, [])
    assert agency.get(f"{here}/agencies/{world.participation['a2']}").status_code == 404
    assert agency.get(f"{here}/trends").status_code == 404
    assert reader(app, world, "province").read(f"{here}/trends") == {"years": []}
