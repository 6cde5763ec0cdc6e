"""``erase-rosters``: what the worker does at night, by hand; it asks that it is meant."""

from __future__ import annotations

from collections.abc import Callable

from portal.core.web import Portal
from tests.support.command_line import Command
from tests.support.personal import LATER, boxes_opened, entries
from tests.support.rosters import fill_roster
from tests.support.world import World


def test_it_erases_where_it_is_meant_and_the_day_is_over(
    app: Portal, world: World, command: Command, clock: Callable[[object], None]
) -> None:
    fill_roster(app, world, people=3)
    with app.app_context():
        boxes_opened(world)
    unsure = command("erase-rosters", "--round", world.round_id)
    assert unsure.code == 2 and "--yes" in unsure.err
    early = command("erase-rosters", "--round", world.round_id, "--yes")
    assert early.code == 1 and "เก็บไว้ถึงวันที่" in early.err
    clock(LATER)
    done = command("erase-rosters", "--round", world.round_id, "--yes")
    assert done.code == 0 and "Rows erased: 3; agencies: 1" in done.out
    with app.app_context():
        assert None not in {one.erased_at for one in entries(world)}
    assert command("erase-rosters", "--round", world.round_id, "--yes").code == 0
    assert command("erase-rosters", "--round", 99, "--yes").code == 1
