"""Roles that never meet in one person at one agency: not now, and not on a day to come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.account import Account, Grant, Role
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.people.accounts import give_grant
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("begins, ends, refused", [(1, None, True), (-2, 1, True), (-2, -1, False)])
def test_admin_and_executive_of_one_agency_never_meet(
    app: Portal, world: World, begins: int, ends: int | None, refused: bool
) -> None:
    """Days from now: a right that begins tomorrow counts, one that ended yesterday does not."""
    with app.app_context(), writing(), privileged("a test") as session:
        admin = session.get_one(Grant, world.grant["agency_admin"])
        account = session.get_one(Account, admin.account_id)
        admin.valid_from = NOW + timedelta(days=begins)
        admin.valid_until = None if ends is None else NOW + timedelta(days=ends)
        session.flush()
        if refused:
            with pytest.raises(Refused):
                give_grant(session, account, Role.EXECUTIVE, agency_id=admin.agency_id)
        else:
            assert give_grant(session, account, Role.EXECUTIVE, agency_id=admin.agency_id).id
