"""Who restores an officer of the country: two with a second factor each, for the NACC one of its own."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from models.account import Account, ActivationCode, Role
from models.granting import Asked
from portal.core.access import Actor
from portal.core.database.session import db, privileged
from portal.core.errors import Refused
from portal.core.sign_in import actor_for_grant
from portal.core.web import Portal
from portal.people import granting, restoring
from tests.factories.base import Make
from tests.factories.onboarding import PasskeyFactory, TotpSecretFactory
from tests.factories.people import AccountFactory, GrantFactory, GrantRequestFactory
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres


class Officers:
    """Officers of both offices, by short names; ``keyed`` have a second factor."""

    def __init__(self, app: Portal, make: Make, *, keyed: tuple[str, ...]) -> None:
        self.app = app
        self.grant: dict[str, int] = {}
        self.account: dict[str, int] = {}
        for name, role in (("ann", Role.DLA), ("ben", Role.DLA), ("nok", Role.NACC), ("nid", Role.NACC)):
            account = make(AccountFactory, name=name)
            self.account[name] = account.id
            self.grant[name] = make(GrantFactory, account=account, role=role).id
            if name in keyed:
                make(TotpSecretFactory, account=account, confirmed_at=NOW)

    def sit(self, name: str) -> Actor:
        with privileged("a test's actor") as session:
            return actor_for_grant(session, self.grant[name])

    def restore(self, asker: str, second: str, person: str) -> str:
        """One asks for another's code, a second confirms; gives the code."""
        actor = self.sit(asker)
        with acting_as(actor):
            asked = granting.ask_code(db.session.get_one(Account, self.account[person]), actor=actor).id
        actor = self.sit(second)
        with acting_as(actor):
            _account, code = granting.confirm(asked, actor=actor)
        assert code is not None
        return code


@pytest.mark.parametrize(
    ("asker", "second", "person"), [("ann", "nok", "ben"), ("ann", "nok", "nid"), ("ben", "nid", "nok")]
)
def test_two_with_a_second_factor_restore(
    app: Portal, make: Make, asker: str, second: str, person: str
) -> None:
    with app.app_context():
        officers = Officers(app, make, keyed=(asker, second))
        assert officers.restore(asker, second, person)
        with privileged("a test looks") as session:
            codes = session.scalars(select(ActivationCode.account_id)).all()
        assert codes == [officers.account[person]]


def test_two_of_the_back_office_restore_a_third(app: Portal, make: Make) -> None:
    with app.app_context():
        officers = Officers(app, make, keyed=("ann", "ben"))
        third = make(AccountFactory)
        make(GrantFactory, account=third)
        officers.account["third"] = third.id
        assert officers.restore("ann", "ben", "third")


@pytest.mark.parametrize(
    ("keyed", "why"),
    [(("nok",), "set up yours first"), (("ann",), "set up yours first"), ((), "set up yours")],
)
def test_without_a_second_factor_of_both_nothing_is_restored(
    app: Portal, make: Make, keyed: tuple[str, ...], why: str
) -> None:
    with app.app_context():
        officers = Officers(app, make, keyed=keyed)
        with pytest.raises(Refused, match=why):
            officers.restore("ann", "nok", "ben")
        with privileged("a test looks") as session:
            assert session.scalars(select(ActivationCode)).all() == []


def test_of_the_nacc_two_of_dla_restore_nobody(app: Portal, make: Make) -> None:
    with app.app_context():
        officers = Officers(app, make, keyed=("ann", "ben"))
        with pytest.raises(Refused, match="DLA and the NACC together"):
            officers.restore("ann", "ben", "nok")


def test_the_nacc_asks_for_nobody(app: Portal, make: Make) -> None:
    """Its desk keeps no accounts; it does not even find the page."""
    with app.app_context():
        officers = Officers(app, make, keyed=("nok", "ann"))
        asked = make(GrantRequestFactory, what=Asked.RIGHT)
        actor = officers.sit("nok")
        with acting_as(actor):
            assert granting.shown_to(actor) == []
            for step in (granting.confirm, granting.refuse):
                with pytest.raises(Refused, match="back office decides"):
                    step(asked.id, actor=actor)
            with pytest.raises(Refused, match="Only the officer who asked"):
                granting.withdraw(asked.id, actor=actor)


def test_saying_no_needs_no_second_factor(app: Portal, make: Make) -> None:
    with app.app_context():
        officers = Officers(app, make, keyed=("ann",))
        actor = officers.sit("ann")
        with acting_as(actor):
            asked = granting.ask_code(db.session.get_one(Account, officers.account["ben"]), actor=actor).id
        actor = officers.sit("nok")
        with acting_as(actor):
            assert [request.id for request in granting.shown_to(actor)] == [asked]
            assert granting.waits_for(actor) == []
            granting.refuse(asked, actor=actor)


@pytest.mark.parametrize(("confirmed", "counts"), [(None, False), (NOW, True)])
def test_an_app_counts_once_it_is_confirmed(
    app: Portal, make: Make, confirmed: datetime | None, counts: bool
) -> None:
    account = make(AccountFactory)
    make(TotpSecretFactory, account=account, confirmed_at=confirmed)
    with app.app_context():
        assert restoring.has_factor(account.id) is counts


def test_a_passkey_counts_and_nobody_has_none(app: Portal, make: Make) -> None:
    account = make(AccountFactory)
    make(PasskeyFactory, account=account)
    with app.app_context():
        assert restoring.has_factor(account.id)
        assert not restoring.has_factor(None)


def test_who_is_no_officer_of_the_country_needs_no_second_factor(app: Portal, world: World) -> None:
    """A code of an assessor is asked for and confirmed as before."""
    with app.app_context():
        assessor = row(Account, world.account["assessor"])
        with privileged("a test looks") as session:
            found = session.get_one(Account, assessor.id)
            assert restoring.seconds_of(found) is None
            restoring.require_factor_to_ask(found, world.actor("dla"))
