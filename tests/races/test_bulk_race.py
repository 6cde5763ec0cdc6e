"""Accounts in bulk, ordered by several at once: each role of each agency gets one account."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from models.account import Account, Grant
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.people import making
from portal.people.standing import Which
from tests.support.races import AT_ONCE, at_once
from tests.support.world import World

pytestmark = pytest.mark.postgres


def rights_made(app: Portal) -> list[int]:
    """How many rights each agency and role has whose accounts have no person."""
    with app.app_context(), privileged("a test counts") as session:
        query = select(func.count(Grant.id)).join(Account).where(Account.name == "")
        return list(session.scalars(query.group_by(Grant.agency_id, Grant.role)))


@pytest.mark.usefixtures("world")
def test_portions_of_the_same_agencies_make_each_account_once(app: Portal) -> None:
    def make() -> int:
        with app.app_context(), writing(), privileged("a test makes") as session:
            places = making.portion(session, Which(), after=0, size=100)
            return len(making.make(session, making.lacks(session, places, None)))

    assert sorted(at_once([make] * AT_ONCE)) == [0] * (AT_ONCE - 1) + [4]
    assert rights_made(app) == [1] * 4


def test_what_was_looked_up_before_and_without_a_lock_makes_no_second_account(
    app: Portal, world: World
) -> None:
    """The rule of the database alone: whoever inserts a user name second gets nothing."""
    with app.app_context(), privileged("a test plans") as session:
        lacking = making.plan(session, Which(province_id=world.province["52"])).new

    def insert() -> int:
        with app.app_context(), writing(), privileged("a test makes") as session:
            return len(making.make(session, lacking))

    acts: list[Callable[[], int]] = [insert] * AT_ONCE
    assert sorted(at_once(acts)) == [0] * (AT_ONCE - 1) + [2]
    assert rights_made(app) == [1] * 2
