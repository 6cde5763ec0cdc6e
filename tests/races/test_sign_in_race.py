"""Wrong sign-ins at the same moment are all counted, and none ends in a fault; a code is used once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.account import Account, SignInDelay, SignInSession
from portal.core import clock, sign_in
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.people import accounts
from tests.races.test_queue_race import AT_ONCE, at_once
from tests.support.world import PASSWORD, World


def test_wrong_sign_ins_at_once_are_all_counted(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = clock.machine()
    monkeypatch.setattr(clock, "machine", lambda: moment)  # hashing takes its time, and waits would shrink
    begun = moment.timestamp()
    attempts = at_once(app, lambda: sign_in.sign_in("nacc", "wrong", network="a"))
    assert not any(attempt.token for attempt in attempts)
    assert (
        sum(attempt.wait > timedelta(seconds=1) for attempt in attempts) == AT_ONCE - sign_in.PAIR.burst + 1
    )
    with app.app_context(), privileged("a test looks") as session:
        reach = session.scalar(select(func.max(SignInDelay.busy_until)).where(SignInDelay.subject != "noted"))
    assert reach is not None
    assert reach >= begun + sign_in.PAIR.burst * sign_in.PAIR.every


def test_a_code_used_at_once_is_used_once(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("a code") as session:
        code = accounts.issue_code(session, session.get_one(Account, world.account["executive"]))

    def use() -> bool:
        try:
            return bool(accounts.activate(code, PASSWORD))
        except Refused:
            return False

    assert sum(at_once(app, use)) == 1
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalar(select(func.count()).select_from(SignInSession)) == 1
