"""What programmes read of who lacks what: the rows of the file, without contacts and notes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.core.web import Portal
from tests.support.api import reader
from tests.support.client import PortalClient
from tests.support.furniture import furnish
from tests.support.world import World
from tests.views.status.test_api import lines

pytestmark = pytest.mark.postgres


def test_rows_are_those_of_the_file_without_how_people_are_reached(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    furnish(app, world)
    here = f"/rounds/{world.round_id}/chasing"
    for person, number in (("nacc", 4), ("province", 2)):
        found = reader(app, world, person).read(here)
        file = lines(client_as(person), f"{here}.csv")
        assert [row["full_name"] for row in found["rows"]] == [line[0] for line in file]
        assert found["found"] == sum(one["agencies"] for one in found["counts"]) == len(file) <= number
        for row in found["rows"]:
            assert not {"phone", "email", "contact", "line"} & row.keys()


def test_it_is_narrowed_as_the_screen_and_not_there_for_agencies(app: Portal, world: World) -> None:
    here = f"/rounds/{world.round_id}/chasing"
    programme = reader(app, world, "nacc")
    assert programme.read(f"{here}?at=password&kind=sao&per_page=1")["found"] == 2
    assert programme.read(f"{here}?q=ไม่มีชื่อนี้")["rows"] == []
    assert reader(app, world, "executive").get(here).status_code == 404
