"""Who has a second factor, and of whom one is demanded."""

from __future__ import annotations

import pytest

from models.account import Role
from portal.core import factors
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.onboarding import (
    PasskeyFactory,
    PeopleSettingFactory,
    RecoveryCodeFactory,
    TotpSecretFactory,
)
from tests.factories.people import AccountFactory
from tests.support.world import NOW

pytestmark = pytest.mark.postgres


def test_an_app_counts_once_confirmed_a_passkey_at_once_and_codes_alone_never(
    app: Portal, make: Make
) -> None:
    begun, app_owner, key_owner, codes_only = (make(AccountFactory).id for _number in range(4))
    make(TotpSecretFactory, account_id=begun)
    make(TotpSecretFactory, account_id=app_owner, confirmed_at=NOW)
    make(PasskeyFactory, account_id=key_owner)
    make(RecoveryCodeFactory, account_id=codes_only)
    with app.app_context(), privileged("a test looks") as session:
        found = [factors.held(session, one) for one in (begun, app_owner, key_owner, codes_only)]
        assert found == [False, True, True, False]


def test_a_factor_is_demanded_of_the_roles_of_the_setting_and_missed_where_there_is_none(
    app: Portal, make: Make
) -> None:
    without, with_key = make(AccountFactory), make(AccountFactory)
    make(PasskeyFactory, account_id=with_key.id)
    with app.app_context(), privileged("before the setting") as session:
        assert not factors.missing(session, without, Role.DLA)
    make(PeopleSettingFactory, factor_roles=["dla", "assessor"])
    with app.app_context(), privileged("a test looks") as session:
        demanded = {role for role in Role if factors.demanded(session, role)}
        assert demanded == {Role.DLA, Role.ASSESSOR}
        assert factors.missing(session, without, Role.DLA)
        assert not factors.missing(session, with_key, Role.DLA)
        assert not factors.missing(session, without, Role.EXECUTIVE)
