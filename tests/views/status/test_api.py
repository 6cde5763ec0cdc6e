"""What programmes read of status is what the files of its screens say, within the desk's scope."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import update

from models.kinds import AGENCY_KINDS
from models.survey import AnswerCount
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.api import reader
from tests.support.client import PortalClient
from tests.support.country import mixed_country
from tests.support.counts import a_quarter_begins
from tests.support.furniture import furnish
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]


def lines(client: PortalClient, url: str) -> list[list[str]]:
    """The rows of a CSV file below its head."""
    found = list(csv.reader(StringIO(client.get(url).get_data().decode("utf-8-sig"))))
    head = next(place for place, row in enumerate(found) if len(row) > 3)
    return found[head + 1 :]


def told(row: dict[str, Any], tab: str) -> list[float]:
    """The numbers of a row in the order of its file."""
    if tab == "preparation":
        one = row["preparation"]
        share = [one["agencies"], *one["done"].values(), one["incomplete"], one["percent_complete"]]
        return [*share, *one["stuck_at"].values()]
    if tab == "oit":
        return [row["agencies"], *row["oit"].values()]
    return [row["survey"][name] for name in ("agencies", "reached", "answers", "minimum", "above")]


@pytest.mark.parametrize("tab", ["preparation", "iit", "eit", "oit"])
def test_the_provinces_are_those_of_the_file_in_its_order(
    app: Portal, world: World, client_as: ClientAs, tab: str
) -> None:
    mixed_country(app, world, 11)
    client, programme = client_as("dla"), reader(app, world, "dla")
    for narrowed in ("", "kind=sao"):
        rows = programme.read(f"/rounds/{world.round_id}/status/{tab}?{narrowed}")["rows"]
        file = lines(client, f"/rounds/{world.round_id}/status/country.csv?tab={tab}&{narrowed}")
        assert [[row["name"], row["region"], *told(row, tab)] for row in rows] == [
            [*line[:2], *(float(number) for number in line[2:])] for line in file
        ]
        assert len(rows) > 2, "the positive control"


def test_the_list_of_all_stages_is_that_of_the_file_page_by_page(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    mixed_country(app, world, 12)
    programme, here = reader(app, world, "nacc"), f"/rounds/{world.round_id}/status/agencies"
    pages = [programme.read(f"{here}?per_page=10&page={number}") for number in (1, 2)]
    whole = programme.read(f"{here}?per_page=200")
    assert [row for page in pages for row in page["rows"]] == whole["rows"][:20]
    file = lines(client_as("nacc"), f"{here}.csv")
    assert whole["found"] == len(file) and pages[0]["pages"] == -(-len(file) // 10)
    for row, line in zip(whole["rows"], file, strict=True):
        parts = [row["eit_by_link"], row["eit_interviews"], row["eit_drawn"]]
        numbers = [row["steps_done"], row["iit"]["answers"], row["iit"]["minimum"], *parts]
        numbers += [row["eit"]["answers"], row["eit"]["minimum"]]
        numbers += [row["oit"][name] for name in ("total", "answered", "scored")]
        assert [row["full_name"], row["district"], row["province"]] == line[:3]
        assert ["" if one is None else str(one) for one in numbers] == line[3:14]


def test_counts_of_places_add_up_and_end_at_the_desks_own(app: Portal, world: World) -> None:
    mixed_country(app, world, 13)
    here = f"/rounds/{world.round_id}/status/counts"
    nacc, province = reader(app, world, "nacc"), reader(app, world, "province")
    own = world.province["52"]
    one = nacc.read(f"{here}?province={own}")
    assert province.read(here) == one == province.read(f"{here}?province={world.province['81']}")
    kinds = [nacc.read(f"{here}?kind={kind.value}")["preparation"]["agencies"] for kind in AGENCY_KINDS]
    assert sum(kinds) == nacc.read(here)["preparation"]["agencies"] > one["preparation"]["agencies"]
    whole = nacc.read(f"/rounds/{world.round_id}/status/progress?survey=iit&province={own}")["counts"]
    assert whole == one["iit"]
    assert nacc.read(f"{here}?district=เกาะคา")["preparation"]["agencies"] == 2


def test_desks_reach_what_their_screens_reach(app: Portal, world: World) -> None:
    here = f"/rounds/{world.round_id}/status"
    province, agency = reader(app, world, "province"), reader(app, world, "agency_admin")
    assert province.get(f"{here}/preparation").status_code == 404
    assert {row["province"] for row in province.read(f"{here}/agencies")["rows"]} == {"ลำปาง"}
    for path in ("preparation", "counts", "agencies", "progress"):
        assert agency.get(f"{here}/{path}").status_code == 404
    foreign = f"{here}/agencies/{world.participation['b1']}"
    assert province.get(foreign).status_code == agency.get(foreign).status_code == 404
    assert len(reader(app, world, "assessor").read(f"{here}/agencies")["rows"]) == 2


def test_an_agencys_own_desk_reads_its_answers_as_of_the_last_quarter(app: Portal, world: World) -> None:
    furnish(app, world)
    here = f"/rounds/{world.round_id}/status/agencies/{world.participation['a1']}"
    own, office = reader(app, world, "executive"), reader(app, world, "province")
    a_quarter_begins(app)
    then = own.read(here)
    with app.app_context(), writing(), privileged("answers come") as session:
        session.execute(update(AnswerCount).values(count=AnswerCount.count + 7))
    assert own.read(here) == then and then["counted_at"] is not None
    now = office.read(here)
    assert now["counted_at"] is None and now["iit"]["answers"] > then["iit"]["answers"]


def test_an_answer_that_has_not_changed_is_not_sent_again(app: Portal, world: World) -> None:
    programme, here = reader(app, world, "nacc"), f"/rounds/{world.round_id}/status/counts"
    first = programme.get(here)
    assert first.headers["Cache-Control"] == "private, no-cache" and "Authorization" in first.headers["Vary"]
    again = programme.get(here, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_words_that_are_not_known_or_do_not_fit_are_named(app: Portal, world: World) -> None:
    programme, here = reader(app, world, "nacc"), f"/rounds/{world.round_id}/status/agencies"
    answer = programme.get(f"{here}?kind=x&page=0&q=a&q=b&colour=red&q2={'x' * 200}&per_page=201")
    assert answer.status_code == 422
    assert {one["name"] for one in answer.json["errors"]} == {"kind", "page", "q", "colour", "q2", "per_page"}
    assert programme.get(f"{here}?q={'x' * 101}").status_code == 422
