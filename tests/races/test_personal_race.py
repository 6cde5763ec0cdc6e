"""Several hands on personal data: rosters are erased once, a request is registered once and answered once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.personal import DataRequest, RequestKind, RosterErasure
from portal.core.database.session import privileged
from portal.core.web import Portal
from portal.personal import erasing
from tests.support.personal import LATER, asked, boxes_opened, entries
from tests.support.races import AT_ONCE, at_once, pressed, statuses, visitors
from tests.support.rosters import fill_roster
from tests.support.world import World

pytestmark = pytest.mark.postgres


def test_erased_by_several_it_is_written_down_once(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    fill_roster(app, world, people=3)
    with app.app_context():
        boxes_opened(world)
    clock(LATER)

    def one() -> int:
        with app.app_context():
            return erasing.erase(world.round_id).id

    assert len(set(at_once([one] * 4))) == 1
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalar(select(func.count()).select_from(RosterErasure)) == 1
        for act in ("rosters.erase_begin", "roster.erase", "rosters.erased"):
            count = select(func.count()).where(AuditEvent.act == act)
            assert session.scalar(count) == 1, act
        assert None not in {one.erased_at for one in entries(world)}


def test_the_same_request_registered_by_several_stands_once(app: Portal, world: World) -> None:
    fill_roster(app, world, people=1)
    with app.app_context():
        entry = entries(world)[0].id
    people = visitors(app, world, *["agency_admin"] * AT_ONCE)
    forms = [
        {"kind": "see", "way": "called", "received_on": f"{day} พ.ย. 2561"} for day in range(1, AT_ONCE + 1)
    ]
    at = f"/rounds/{world.round_id}/personal/requests/of/{entry}/new"
    assert statuses(pressed(people, at, *forms)) == [302] + [422] * (AT_ONCE - 1)
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalar(select(func.count()).select_from(DataRequest)) == 1


def test_a_request_answered_by_several_has_one_answer(app: Portal, world: World) -> None:
    fill_roster(app, world, people=2)
    with app.app_context():
        key = asked(world, RequestKind.REMOVE)
    people = visitors(app, world, *["agency_admin"] * AT_ONCE)
    at = f"/rounds/{world.round_id}/personal/requests/{key}/refuse"
    grounds = ("not_proven", "others_harmed", "law_forbids", "nothing_wrong", "erased", "withdrawn")
    answers = pressed(people, at, *({"version": "1", "ground": ground} for ground in grounds))
    assert statuses(answers)[0] == 302 and set(statuses(answers)[1:]) <= {409, 422}
    with app.app_context(), privileged("a test looks") as session:
        count = select(func.count()).where(AuditEvent.act == "requests.refused")
        assert session.scalar(count) == 1
        assert len(entries(world)) == 2
