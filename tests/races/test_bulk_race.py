"""Accounts in bulk, ordered by several at once: each role of each agency gets one account."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from models.account import Account, Grant
from models.onboarding import AccountBatch
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs import queue, worker
from portal.core.web import Portal
from portal.people import accounts
from portal.people.bulk import batches, making
from portal.people.bulk.standing import Which
from tests.support.races import AT_ONCE, at_once
from tests.support.world import PASSWORD, World, acting_as

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


@pytest.mark.parametrize("turn", range(4))
def test_who_activates_while_the_batch_is_taken_back_has_an_account_or_is_refused(
    app: Portal, world: World, turn: int
) -> None:
    with app.app_context():
        with acting_as(world.actor("dla")) as actor:
            batches.order(Which(agency_ids=(world.agency["a2"],)), actor=actor, url="/there")
        _work()
        with writing(), privileged("a code goes out, the batch is to be taken back") as session:
            batch = session.scalars(select(AccountBatch)).one()
            person = batch.changes["accounts"][0]
            code = accounts.issue_code(session, session.get_one(Account, person))
            session.expunge_all()
        with acting_as(world.actor("dla")) as actor:
            batches.order_back(batch, actor=actor, url="/there")

    def activate() -> bool:
        with app.app_context():
            try:
                return bool(accounts.activate(code, PASSWORD))
            except Refused:
                return False

    def take_back() -> bool:
        with app.app_context():
            _work()
        return True

    one, other = at_once([activate, take_back] if turn % 2 else [take_back, activate])
    activated = one if turn % 2 else other
    with app.app_context(), privileged("a test looks") as session:
        account = session.get(Account, person)
        assert (account is not None and account.activated_at is not None) is activated


def _work() -> None:
    claim = queue.claim()
    assert claim is not None
    worker.run(claim)
    db.session.remove()
