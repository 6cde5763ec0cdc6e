"""So many tokens work at once and no more, also where several are made at the same moment."""

from __future__ import annotations

from itertools import count

from portal.core.errors import Refused
from portal.core.web import Portal
from portal.people import tokens
from tests.races.test_queue_race import at_once
from tests.support.world import World


def test_the_last_place_is_taken_once(app: Portal, world: World) -> None:
    me, desk, names = world.account["dla"], world.grant["dla"], count()
    with app.app_context():
        for _number in range(tokens.MOST - 1):
            tokens.make(me, desk, name=f"กระดาน {next(names)}", days=30)

    def make() -> bool:
        try:
            return bool(tokens.make(me, desk, name=f"กระดาน {next(names)}", days=30))
        except Refused:
            return False

    assert sum(at_once(app, make)) == 1
    with app.app_context():
        assert len(tokens.own(me)) == tokens.MOST


def test_one_name_at_the_same_moment_is_one_token(app: Portal, world: World) -> None:
    me, desk = world.account["dla"], world.grant["dla"]

    def make() -> bool:
        try:
            return bool(tokens.make(me, desk, name="กระดาน", days=30))
        except Refused:
            return False

    assert sum(at_once(app, make)) == 1
