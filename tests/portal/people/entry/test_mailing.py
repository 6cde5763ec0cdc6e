"""Mails with a code: addresses proved, passwords set anew; no code in a job, a log or a record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models.account import Account, Grant, Role
from models.audit import AuditEvent
from models.job import Job, JobState
from models.onboarding import MailCode, MailPurpose
from portal.core import mail
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.sign_in import HASHER, actor_of
from portal.core.web import Portal
from portal.people.entry import mailing, own_email, own_password
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory
from tests.support import world as worlds
from tests.support.mail import code_in, do_jobs, mails
from tests.support.world import NOW, PASSWORD, World

pytestmark = pytest.mark.postgres
ADDRESS = "somebody@example.go.th"
NEW = "an entirely new sentence"


def with_address(account_id: int, *, proved: datetime | None = NOW) -> None:
    with writing(), privileged("a test's address") as session:
        account = session.get_one(Account, account_id)
        account.email = ADDRESS
        account.email_proved_at = proved
        account.password_hash = HASHER.hash(PASSWORD)


def mailed(app: Portal, account_id: int, purpose: MailPurpose) -> str:
    """Ask for a mail and have it sent; gives its code."""
    with writing(), privileged("a test asks for a mail") as session:
        mailing.ask(session, session.get_one(Account, account_id), purpose)
    do_jobs()
    return code_in(mails(app)[-1])


def test_an_address_is_proved_by_the_code_of_its_mail(app: Portal, world: World) -> None:
    person = world.account["executive"]
    with app.app_context():
        own_email.ask(person, ADDRESS)
        do_jobs()
        (sent,) = mails(app)
        assert sent["To"] == ADDRESS and "http://127.0.0.1:8000/prove#" in sent.get_content()
        state = own_email.state(person)
        assert (state.address, state.proved_at, state.waits_until) == (ADDRESS, None, NOW + mailing.LIFE)
        own_password.prove(code_in(sent).lower().replace("-", " "))
        assert own_email.state(person).proved_at == NOW
        with pytest.raises(Refused, match="used already"):
            own_password.prove(code_in(sent))
        with pytest.raises(Refused, match="proved already"):
            own_email.ask(person, ADDRESS)


def test_a_changed_address_is_not_proved_and_the_code_of_the_old_one_opens_nothing(
    app: Portal, world: World
) -> None:
    person = world.account["executive"]
    with app.app_context():
        own_email.ask(person, ADDRESS)
        do_jobs()
        own_email.ask(person, "other@example.go.th")
        with pytest.raises(Refused, match="newer mail"):
            own_password.prove(code_in(mails(app)[0]))
        assert own_email.state(person).proved_at is None


def test_nobody_floods_a_mailbox(app: Portal, world: World) -> None:
    with app.app_context():
        for number in range(own_email.MAILS.burst):
            own_email.ask(world.account["executive"], f"{number}@example.go.th")
        with pytest.raises(Refused, match="Several mails"):
            own_email.ask(world.account["executive"], ADDRESS)


def test_a_forgotten_password_is_set_anew_by_who_reads_the_mail(app: Portal, world: World) -> None:
    person = world.account["executive"]
    with app.app_context():
        with_address(person)
        code = mailed(app, person, MailPurpose.RESET)
        with pytest.raises(Refused) as refused:
            own_password.reset(code, "executive 12345")
        assert refused.value.field == "password"
        token = own_password.reset(code, NEW)
        actor = actor_of(token)
        assert actor is not None and actor.account_id == person
        assert HASHER.verify(worlds.row(Account, person).password_hash, NEW)
        with pytest.raises(Refused, match="used already"):
            own_password.reset(code, NEW)


@pytest.mark.parametrize("why", ["ended", "newer", "other purpose", "shut", "power"])
def test_a_mail_s_code_that_does_not_hold_is_refused_in_the_same_words(
    app: Portal, world: World, make: Make, clock: Callable[[object], None], why: str
) -> None:
    person = make(AccountFactory)
    make(GrantFactory, account=person, role=Role.EXECUTIVE, agency_id=world.agency["a2"])
    with app.app_context():
        with_address(person.id)
        code = mailed(app, person.id, MailPurpose.PROVE if why == "other purpose" else MailPurpose.RESET)
        if why == "ended":
            clock(NOW + mailing.LIFE)
        elif why == "newer":
            mailed(app, person.id, MailPurpose.RESET)
        elif why == "shut":
            with writing(), privileged("a test shuts an account") as session:
                session.get_one(Account, person.id).active = False
        elif why == "power":
            with writing(), privileged("a right that two officers give, meanwhile") as session:
                account = session.get_one(Account, person.id)
                account.grants[0].valid_until = NOW
                session.flush()
                session.add(Grant(account_id=person.id, role=Role.DLA, valid_from=NOW))
        with pytest.raises(Refused, match="a newer mail was sent"):
            own_password.reset(code, NEW)


@pytest.mark.parametrize(
    ("person", "may"),
    [("executive", True), ("agency_admin", True), ("province", True), ("assessor", False), ("dla", False),
     ("nacc", False)],
)  # fmt: skip
def test_a_right_that_two_officers_give_is_not_reached_through_a_mailbox(
    app: Portal, world: World, person: str, may: bool
) -> None:
    with app.app_context():
        with_address(world.account[person])
        with privileged("a test looks") as session:
            assert mailing.may_reset(session.get_one(Account, world.account[person])) is may
        with writing(), privileged("asked all the same") as session:
            account = session.get_one(Account, world.account[person])
            mailing.ask(session, account, MailPurpose.RESET)
        do_jobs()
        assert len(mails(app)) == int(may)
        assert own_email.state(world.account[person]).resets is may, "and the own page says so"


def test_an_address_that_is_not_proved_sets_no_password(app: Portal, world: World) -> None:
    with app.app_context():
        with_address(world.account["executive"], proved=None)
        with privileged("a test looks") as session:
            assert not mailing.may_reset(session.get_one(Account, world.account["executive"]))


def test_the_code_stands_in_the_mail_alone(
    app: Portal, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    person = world.account["executive"]
    with app.app_context():
        with_address(person)
        code = mailed(app, person, MailPurpose.RESET)
        with privileged("a test looks") as session:
            (job,) = session.scalars(select(Job))
            assert job.state is JobState.DONE and job.account_id is None
            said = f"{job.title}{job.arguments}{job.result}{job.checkpoint}{job.message}"
            events = session.scalars(select(AuditEvent))
            said += "".join(f"{event.before}{event.after}" for event in events) + caplog.text
            stored = session.scalars(select(MailCode.code_hash)).one()
    assert code not in said and code.replace("-", "") not in said
    assert code.encode() not in stored


def test_a_mail_that_is_not_taken_fails_its_job_and_says_so(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_mail: str) -> None:
        raise mail.NotSent("SMTPRecipientsRefused")

    monkeypatch.setattr(mail, "send", refuse)
    with app.app_context():
        own_email.ask(world.account["executive"], ADDRESS)
        do_jobs()
        with privileged("a test looks") as session:
            (job,) = session.scalars(select(Job))
            assert job.state is JobState.FAILED and "ส่งอีเมลไม่สำเร็จ" in job.message
            assert ADDRESS not in job.message


def test_who_has_no_address_any_more_gets_no_mail(app: Portal, world: World) -> None:
    person = world.account["executive"]
    with app.app_context():
        own_email.ask(person, ADDRESS)
        with writing(), privileged("the address is taken out") as session:
            session.get_one(Account, person).email = ""
        do_jobs()
        assert mails(app) == []
        assert own_email.state(person).waits_until is None


def test_a_code_holds_for_an_hour(app: Portal, world: World, clock: Callable[[object], None]) -> None:
    person = world.account["executive"]
    with app.app_context():
        own_email.ask(person, ADDRESS)
        do_jobs()
        clock(NOW + mailing.LIFE - timedelta(seconds=1))
        own_password.prove(code_in(mails(app)[0]))
