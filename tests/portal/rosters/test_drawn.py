"""The draw as its people may check it: at once, after the calls, or never before there is one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.core.web import Portal
from portal.rosters.drawn import checkable_draw
from tests.support.rosters import draw, fill_roster, own
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
AT_ONCE = {"assessor", "interviewer", "nacc"}
LATER = ("agency_admin", "executive", "province", "dla")


def seen_by(world: World) -> set[str]:
    """Who of all concerned gets the draw of a1 now."""
    found = set()
    for person in (*AT_ONCE, *LATER):
        with acting_as(world.actor(person)) as actor:
            if checkable_draw(own(world), actor) is not None:
                found.add(person)
    return found


def test_while_calls_run_only_who_draws_and_the_nacc_know_who_is_called(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    draw(app, world)
    with app.app_context():
        assert seen_by(world) == AT_ONCE
        clock("2030-01-01T10:00:00+07:00")
        assert seen_by(world) == {*AT_ONCE, *LATER}


def test_before_a_draw_nobody_has_one_to_check(app: Portal, world: World) -> None:
    fill_roster(app, world)
    with app.app_context():
        assert seen_by(world) == set()
