"""Mails about letters that came in: to whom, what they say, once for each letter and address, and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from models.account import Account
from models.contact import AgencyContact, ProvinceContact
from models.delivery import LetterNotice
from models.job import Job, JobState
from portal.core import mail
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.letters.inbox import noticing, receivers
from portal.letters.inbox.receivers import Sent
from tests.support.inbox import passed_on, sent
from tests.support.mail import Server, do_jobs, mails, read, smtp
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
OFFICE = "saraban@lampang.example"


def addresses(world: World, **people: str) -> None:
    """The office of Lampang has an address; each person one, proved unless it ends in ?."""
    with writing(), privileged("addresses of a test") as session:
        session.info["unrecorded"] = True
        session.add(ProvinceContact(province_id=world.province["52"], email=OFFICE))
        for person, address in people.items():
            account = session.get_one(Account, world.account[person])
            account.email = address.rstrip("?")
            account.email_proved_at = None if address.endswith("?") else NOW


def noticed() -> list[tuple[str, bool, str]]:
    with privileged("a test looks") as session:
        query = select(LetterNotice).order_by(LetterNotice.address)
        return [(one.address, one.sent_at is not None, one.fault) for one in session.scalars(query)]


def job() -> Job:
    with privileged("a test looks") as session:
        query = select(Job).where(Job.kind == noticing.KIND).order_by(Job.id.desc()).limit(1)
        found = session.scalars(query).one()
        session.expunge(found)
        return found


@pytest.fixture
def server(app: Portal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A mail server on this machine, which the portal is told of."""
    with smtp() as found:
        monkeypatch.setattr(app, "settings", replace(app.settings, mail_url=found.url))
        yield found


def test_the_desk_is_told_at_the_office_s_address_and_at_those_its_people_proved(
    app: Portal, world: World
) -> None:
    with app.app_context():
        addresses(world, province="a@example.go.th", province_other="b@example.go.th?", dla="c@example.go.th")
        sent(world)
        do_jobs()
        assert noticed() == [("a@example.go.th", True, ""), (OFFICE, True, "")]
        for message in mails(app):
            text = message.get_content()
            assert "หนังสือ มท 0817.2/ว 1" in message["Subject"]
            assert "ทดลอง name" in text and "ขอความร่วมมือ" in text and "/inbox/" in text
        assert job().result == {"mails": 2, "failed": 0}


def test_an_agency_is_told_of_what_its_province_passes_on(app: Portal, world: World) -> None:
    with app.app_context():
        addresses(world, agency_admin="a@example.go.th", executive="a@example.go.th")
        with writing(), privileged("addresses of a test") as session:
            contact = {"agency_id": world.agency["a2"], "province_id": world.province["52"]}
            session.info["unrecorded"] = True
            session.add(AgencyContact(email="obt@example.go.th", **contact))
        sent(world)
        do_jobs()
        passed_on(world)
        do_jobs()
        told = [address for address, done, _fault in noticed() if done]
        assert told == ["a@example.go.th", "obt@example.go.th", OFFICE], "one for each letter and address"
        assert "จังหวัดลำปาง" in mails(app)[-1].get_content()


def test_a_mail_that_did_not_leave_is_seen_and_sent_again(app: Portal, world: World, server: Server) -> None:
    with app.app_context():
        addresses(world, province="a@example.go.th")
        server.refuses = True
        key = sent(world)
        do_jobs()
        assert [(done, fault) for _address, done, fault in noticed()] == [(False, "SMTPDataError")] * 2
        with acting_as(world.actor("dla")) as actor:
            whose = Sent(dispatch_id=key)
            assert receivers.unsent_mails(whose) == 2
            told = receivers.mails_of(receivers.all_receivers_of(whose, search="ลำปาง"))
            assert [(one.sent, one.failed) for one in told.values()] == [(0, 2)]
            assert noticing.order("ว 1", whose.whose(), actor=actor) is not None
        server.refuses = False
        do_jobs()
        assert [done for _address, done, _fault in noticed()] == [True, True]
        assert len(server.received) == 2
        with acting_as(world.actor("dla")) as actor:
            noticing.order("ว 1", whose.whose(), actor=actor)
        do_jobs()
        assert len(server.received) == 2, "whoever was told is not told again"
        assert OFFICE in {read(raw)["To"] for raw in server.received}


def test_a_server_that_is_not_there_ends_the_work_which_begins_again_where_it_stopped(
    app: Portal, world: World, server: Server
) -> None:
    with app.app_context():
        addresses(world, province="a@example.go.th")
        with writing(), privileged("addresses of a test") as session:
            session.info["unrecorded"] = True
            session.add(ProvinceContact(province_id=world.province["81"], email="saraban@krabi.example"))
        server.refuses = True
        sent(world)
        do_jobs()
        assert job().state is JobState.FAILED and "SMTPDataError" in job().message
        assert len(noticed()) == 3


def test_where_no_mail_is_sent_nothing_waits(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "offered", lambda: False)
    with app.app_context():
        sent(world)
        with privileged("a test looks") as session:
            assert session.scalars(select(Job).where(Job.kind == noticing.KIND)).all() == []
