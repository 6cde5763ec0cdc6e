"""A slip's code used in two ways at once gives one; lost passwords asked for at once are one request."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.account import Account, Grant, Role
from models.onboarding import LostPassword, LostState, MailPurpose
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.sign_in import HASHER
from portal.core.web import Portal
from portal.people import accounts
from portal.people.accounts import Person
from portal.people.entry import activation, lost, mailing, own_password
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory
from tests.support.mail import code_in, do_jobs, mails
from tests.support.races import at_once, pressed, statuses, visitors
from tests.support.slips import PERSON
from tests.support.world import NOW, PASSWORD, World

NEW = "an entirely new sentence"


@pytest.fixture
def placeholder(app: Portal, world: World, make: Make) -> int:
    account = make(AccountFactory, username="06520402-a", name="")
    make(GrantFactory, account=account, role=Role.AGENCY_ADMIN, agency_id=world.agency["a2"])
    return int(account.id)


def code_of(app: Portal, account_id: int) -> str:
    with app.app_context(), writing(), privileged("a test's code") as session:
        return accounts.issue_code(session, session.get_one(Account, account_id))


def holders(app: Portal, agency_id: int) -> list[int]:
    """Whose rights at an agency hold."""
    with app.app_context(), privileged("a test looks") as session:
        grants = session.scalars(select(Grant).where(Grant.agency_id == agency_id))
        return [grant.account_id for grant in grants if grant.valid_at(NOW)]


def test_a_code_used_for_a_new_account_and_for_joining_at_once_gives_one(
    app: Portal, world: World, placeholder: int
) -> None:
    code, person = code_of(app, placeholder), world.account["agency_admin_other"]

    def tried(join: bool) -> bool:
        with app.app_context():
            try:
                if join:
                    activation.join(code, person)
                else:
                    accounts.activate(code, PASSWORD, Person(**PERSON))
            except Refused:
                return False
            return True

    done = at_once([lambda join=join: tried(join) for join in (True, False, True, False)])  # type: ignore[misc]
    assert sum(done) == 1
    joined = done[0] or done[2]
    assert holders(app, world.agency["a2"]) == [person if joined else placeholder]
    with app.app_context(), privileged("a test looks") as session:
        account = session.get_one(Account, placeholder)
        assert (account.active, account.password_hash is None) == (not joined, joined)


def test_of_two_people_who_join_with_one_code_one_gets_the_agency(
    app: Portal, world: World, placeholder: int
) -> None:
    code = code_of(app, placeholder)
    people = visitors(app, world, "agency_admin_other", "agency_admin")
    answers = pressed(people, "/activate/join", {"code": code})
    assert statuses(answers) == [302, 409]
    (holder,) = holders(app, world.agency["a2"])
    assert holder in {world.account["agency_admin_other"], world.account["agency_admin"]}


def test_joining_sent_twice_at_once_is_one(app: Portal, world: World, placeholder: int) -> None:
    (client,) = visitors(app, world, "agency_admin_other")
    form = {"code": code_of(app, placeholder), **client.page()}
    answers = at_once([lambda: client.post("/activate/join", data=form)] * 2)
    assert statuses(answers)[0] == 302
    assert holders(app, world.agency["a2"]) == [world.account["agency_admin_other"]]


def test_a_right_given_while_a_code_is_joined_leaves_nobody_in_both_roles(
    app: Portal, world: World, placeholder: int
) -> None:
    code, person = code_of(app, placeholder), world.account["agency_admin_other"]

    def make_executive() -> bool:
        with app.app_context():
            try:
                with writing(), privileged("the back office gives a right") as session:
                    account = session.get_one(Account, person)
                    accounts.give_grant(session, account, Role.EXECUTIVE, agency_id=world.agency["a2"])
            except Refused:
                return False
            return True

    def join() -> bool:
        with app.app_context():
            try:
                activation.join(code, person)
            except Refused:
                return False
            return True

    assert sum(at_once([join, make_executive])) == 1


def test_of_several_who_ask_for_one_account_at_once_one_request_waits(app: Portal, world: World) -> None:
    def ask() -> None:
        with app.app_context():
            assert not lost.ask("executive", phone="0 2555 0100", network="192.0.2.1")

    at_once([ask] * (lost.NAME.burst - 1))  # the last of a burst may come microseconds too early
    with app.app_context(), privileged("a test looks") as session:
        states = session.scalars(select(LostPassword.state)).all()
    assert states == [LostState.WAITING]


def test_a_mail_s_code_used_at_once_is_used_once(app: Portal, world: World) -> None:
    with app.app_context():
        with writing(), privileged("a test's address") as session:
            account = session.get_one(Account, world.account["executive"])
            account.email = "somebody@example.go.th"
            account.email_proved_at = NOW
            account.password_hash = HASHER.hash(PASSWORD)
            session.flush()
            mailing.ask(session, account, MailPurpose.RESET)
        do_jobs()
    code = code_in(mails(app)[0])

    def reset() -> bool:
        with app.app_context():
            try:
                return bool(own_password.reset(code, NEW))
            except Refused:
                return False

    assert sum(at_once([reset] * 4)) == 1
