"""One's own last change is taken back by several windows, and edited, at the same moment: one act wins."""

from __future__ import annotations

import pytest

from portal.core.web import Portal
from tests.support.races import AT_ONCE, at_once, pressed, statuses, visitors
from tests.support.record import events_of
from tests.support.world import World
from tests.views.record.test_histories import agency_of, fields_of, last_event, renamed

pytestmark = pytest.mark.postgres


def test_windows_that_take_back_at_once_do_it_once(app: Portal, world: World) -> None:
    people = visitors(app, world, *["dla"] * AT_ONCE)
    before = agency_of(app, world)
    address = renamed(app, world, people[0])
    answers = pressed(people, f"{address}/undo", {"id": str(last_event(app, address))})
    assert statuses(answers) == [302] + [409] * (AT_ONCE - 1)
    with app.app_context():
        assert len(events_of("history.undo")) == 1
    assert agency_of(app, world).name == before.name


def test_taking_back_beside_another_save_loses_neither(app: Portal, world: World) -> None:
    one, other = visitors(app, world, "dla", "dla")
    address = renamed(app, world, one)
    row = agency_of(app, world)
    undo = {**one.page(), "id": str(last_event(app, address))}
    save = {**other.page(), **fields_of(row, name="ชื่ออื่น")}
    answers = at_once(
        [
            lambda: one.post(f"{address}/undo", data=undo),
            lambda: other.post(f"/admin/agencies/edit/?id={row.id}", data=save),
        ]
    )
    assert statuses(answers) == [302, 409]
