"""States of an account: what the page says of a row, and what SQL finds, are the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.account import Account
from portal.core.database.session import db
from portal.core.web import Portal
from portal.people.states import AccountState, in_state, not_activated, state_of
from tests.factories.base import Make
from tests.factories.people import AccountFactory, ActivationCodeFactory
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres

STATES = {
    "none": AccountState.NO_CODE,
    "out": AccountState.CODE_OUT,
    "ended": AccountState.CODE_ENDED,
    "activated": AccountState.ACTIVATED,
    "again": AccountState.ACTIVATED,
    "shut": AccountState.SHUT,
    "shut-out": AccountState.SHUT,
}


@pytest.fixture
def made(make: Make) -> None:
    """One of each; somebody activated with another code out; somebody shut with a code out."""
    for name, state in STATES.items():
        activated = NOW if state is AccountState.ACTIVATED else None
        account = make(
            AccountFactory, username=name, activated_at=activated, active=state is not AccountState.SHUT
        )
        if name in {"out", "again", "shut-out"}:
            make(ActivationCodeFactory, account=account, expires_at=NOW + timedelta(seconds=1))
        if name == "ended":
            make(ActivationCodeFactory, account=account, expires_at=NOW)


@pytest.mark.usefixtures("made")
def test_each_account_is_in_one_state_on_the_page_and_in_sql(app: Portal, world: World) -> None:
    """As the back office reads them: it may not read what a code is checked by."""
    with app.app_context(), acting_as(world.actor("dla")):
        rows = db.session.scalars(select(Account).where(Account.username.in_(STATES)))
        assert {row.username: state_of(row, NOW) for row in rows} == STATES
        for state in AccountState:
            found = select(Account.username).where(Account.username.in_(STATES), in_state(state, NOW))
            assert set(db.session.scalars(found)) == {key for key, value in STATES.items() if value is state}
        waiting = select(Account.username).where(Account.username.in_(STATES), not_activated())
        assert set(db.session.scalars(waiting)) == {"none", "out", "ended"}
