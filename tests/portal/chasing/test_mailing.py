"""E-mails to late agencies: once each, tried again where a server wants them later, never doubled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.audit import AuditEvent
from models.contact import AgencyContact
from models.job import Job, JobState
from models.reminder import ChaseMail, MailState, ReminderRule
from models.round import Round, RoundState, Stage
from portal.chasing import mailing, outbox, posting
from portal.chasing.listing import Chase, Narrowed
from portal.core import clock, mail
from portal.core.acting import seated
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.jobs import queue, worker
from portal.core.web import Portal
from tests.support.killing import Killed, dying_at
from tests.support.mail import Server, do_jobs, mails, read
from tests.support.reminders import (
    addressed,
    all_mails,
    ordered,
    served,
    stand,
    time_to_try_again,
    told_of,
)
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres
A1, A2, B1 = (f"{key}@example.go.th" for key in ("a1", "a2", "b1"))


@pytest.fixture
def server(app: Portal) -> Iterator[Server]:
    with served(app) as found:
        yield found


def tried_again() -> None:
    time_to_try_again()
    posting.look_after()
    do_jobs()


def received(server: Server) -> list[str]:
    return sorted(str(read(raw)["To"]) for raw in server.received)


def test_each_late_agency_with_an_address_gets_its_own_text_and_it_is_recorded(
    app: Portal, world: World
) -> None:
    with app.app_context():
        addressed(world, "a1", "b1")
        job = ordered(world)
        do_jobs()
        assert stand() == {A1: MailState.SENT, B1: MailState.SENT}
        first = next(one for one in mails(app) if one["To"] == A1)
        assert "เทศบาลตำบลเกาะคา" in first["Subject"] and "เปิดใช้งานรหัสผ่าน" in first.get_content()
        assert "ส่งอีเมลแล้ว 2 ฉบับ" in row(Job, job).result["words"]
        with privileged("a test looks") as session:
            acts = session.scalars(select(AuditEvent).where(AuditEvent.act == "chasing.mail")).all()
            assert len(acts) == 2 and {one.account_id for one in acts} == {world.account["dla"]}
            assert A1 not in str([one.after for one in acts])


def test_sent_twice_is_once_whoever_sends(app: Portal, world: World, server: Server) -> None:
    with app.app_context():
        addressed(world, "a1", "b1")
        ordered(world, "province")
        do_jobs()
        ordered(world, "dla")
        do_jobs()
        assert received(server) == [A1, B1]
        with seated(world.actor("province")):
            chase = Chase.of(db.session.get_one(Round, world.round_id), NOW)
            reach = outbox.reach_of(chase, Narrowed())
            a1, a2 = (world.participation[key] for key in ("a1", "a2"))
            assert (reach.getting, reach.unknown, reach.told) == ((), (a2,), (a1,))
        with pytest.raises(Refused):
            ordered(world, "province")


def test_only_the_ticked_ones_of_ones_own_desk_are_written_to(app: Portal, world: World) -> None:
    with app.app_context():
        addressed(world, "a1", "a2", "b1")
        ordered(world, "province", among=[world.participation["a2"], world.participation["b1"]])
        do_jobs()
        assert stand() == {A2: MailState.SENT}
        for person in ("nacc", "agency_admin"):
            with pytest.raises(NotFound):
                ordered(world, person)


def test_a_refused_receiver_is_not_tried_again_and_one_that_wants_it_later_is(
    app: Portal, world: World, server: Server
) -> None:
    with app.app_context():
        addressed(world, "a1", "a2", "b1")
        server.answers = {A1: "550 no such mailbox", A2: "450 greylisted, come again"}
        ordered(world)
        do_jobs()
        assert stand() == {A1: MailState.REFUSED, A2: MailState.WAITING, B1: MailState.SENT}
        posting.look_after()
        do_jobs()
        assert stand()[A2] is MailState.WAITING, "its pause is not over"
        server.answers = {}
        tried_again()
        assert stand() == {A1: MailState.REFUSED, A2: MailState.SENT, B1: MailState.SENT}
        tried_again()
        assert received(server) == [A2, B1]
        assert server.called == 2, "one line for each sending"
        assert {one.address: one.tries for one in all_mails()} == {A1: 1, A2: 2, B1: 1}


def test_a_server_that_is_away_is_waited_for_and_nothing_is_doubled(app: Portal, world: World) -> None:
    with app.app_context():
        addressed(world, "a1", "a2", "b1", "b2")
        with told_of(app, "smtp://127.0.0.1:9"):
            job = ordered(world)
            do_jobs()
            assert set(stand().values()) == {MailState.WAITING}
            assert "รอส่ง 4 ฉบับ" in row(Job, job).result["words"]
            assert sum(one.tries for one in all_mails()) == 3, "after three in a row there is no server"
        with served(app) as server:
            tried_again()
            tried_again()
            assert set(stand().values()) == {MailState.SENT} and len(server.received) == 4


def test_a_line_that_breaks_while_a_mail_is_handed_over_is_never_tried_again(
    app: Portal, world: World, server: Server
) -> None:
    with app.app_context():
        addressed(world, "a1")
        server.breaks = True
        ordered(world)
        do_jobs()
        assert stand() == {A1: MailState.UNSURE} and len(server.received) == 1
        tried_again()
        assert len(server.received) == 1


def test_a_server_that_parts_after_each_mail_is_called_for_the_next(
    app: Portal, world: World, server: Server
) -> None:
    with app.app_context():
        addressed(world, "a1", "a2", "b1", "b2")
        server.most_on_a_line = 1
        ordered(world)
        do_jobs()
        assert set(stand().values()) == {MailState.SENT} and {one.tries for one in all_mails()} == {1}
        assert (len(server.received), server.called) == (4, 4)


def test_a_server_that_breaks_after_it_took_the_mail_has_it(app: Portal, world: World) -> None:
    with served(app) as server, app.app_context():
        addressed(world, "a1")
        server.forgets_to_part = True
        ordered(world)
        do_jobs()
        assert stand() == {A1: MailState.SENT}


@pytest.mark.parametrize("commit", range(1, 12))
def test_a_worker_that_is_killed_anywhere_doubles_nothing(
    app: Portal, world: World, server: Server, commit: int
) -> None:
    with app.app_context():
        addressed(world, "a1")
        job = ordered(world)
        killed_and_gone_on_with(job, commit)
        assert len(server.received) <= 1
        assert stand()[A1] is (MailState.SENT if server.received and sent_at() else MailState.UNSURE)


def sent_at() -> bool:
    return all_mails()[0].sent_at is not None


def killed_and_gone_on_with(job_id: int, commit: int) -> None:
    """A worker dies at that commit of its job; another one takes the job over, and an hour passes."""
    claim = queue.claim()
    assert claim is not None
    try:
        with dying_at(commit):
            worker.run(claim)
    except Killed:
        db.session.remove()
        assert row(Job, job_id).state is JobState.RUNNING
    half_a_minute_later(job_id)
    do_jobs()
    an_hour_later()


def half_a_minute_later(job_id: int) -> None:
    with writing(), privileged("half a minute later") as session:
        mine = update(Job).where(Job.id == job_id, Job.state == JobState.RUNNING)
        session.execute(mine.values(heartbeat=clock.machine() - timedelta(minutes=1)))


def an_hour_later() -> None:
    with writing(), privileged("an hour later") as session:
        session.execute(update(ChaseMail).values(tried_at=clock.machine() - timedelta(hours=1)))
    posting.look_after()
    do_jobs()


def test_where_no_server_is_set_mails_lie_in_the_outbox(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "settings", replace(app.settings, demo=False, mail_url=""))
    with app.app_context():
        assert not mail.offered()
        addressed(world, "a1")
        job = ordered(world)
        do_jobs()
        assert stand() == {A1: MailState.HELD}
        assert "กล่องขาออก 1 ฉบับ" in row(Job, job).result["words"]


def test_what_is_too_late_stays_and_addresses_go_after_their_term(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        addressed(world, "a1")
        with told_of(app, "smtp://127.0.0.1:9"):
            ordered(world)
            do_jobs()
            monkeypatch.setenv("PORTAL_CLOCK", (NOW + timedelta(days=1, minutes=1)).isoformat())
            tried_again()
        assert stand() == {A1: MailState.STOPPED}
        posting.clear()
        assert stand() == {A1: MailState.STOPPED}
        monkeypatch.setenv("PORTAL_CLOCK", (NOW + outbox.KEPT + timedelta(days=1)).isoformat())
        posting.clear()
        (left,) = all_mails()
        assert (left.address, left.subject, left.text, left.day) == (None, "", "", NOW.date())


def test_a_stopped_job_sends_no_more_until_it_is_started_again(
    app: Portal, world: World, server: Server
) -> None:
    with app.app_context():
        addressed(world, "a1")
        server.answers = {A1: "450 later"}
        job = ordered(world)
        do_jobs()
        with writing(), privileged("a person stopped it") as session:
            session.get_one(Job, job).state = JobState.CANCELLED
        server.answers = {}
        tried_again()
        assert stand() == {A1: MailState.WAITING} and not server.received


# -- sent again ------------------------------------------------------------------------------------------


def sent_again(world: World, *ids: int, person: str = "dla") -> int:
    with acting_as(world.actor(person)) as actor:
        round = db.session.get_one(Round, world.round_id)
        return mailing.order_again(round, ids, actor=actor, url="/there").id


def refused(world: World, server: Server, answer: str = "550 no such mailbox") -> int:
    """The mail to the first agency was not taken; its id."""
    addressed(world, "a1")
    server.answers = {A1: answer}
    ordered(world)
    do_jobs()
    server.answers = {}
    return all_mails()[0].id


def on_the_next_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_CLOCK", (NOW + timedelta(days=1)).isoformat())


def test_a_refused_mail_is_sent_again_once_in_its_own_row(app: Portal, world: World, server: Server) -> None:
    with app.app_context():
        mail_id = refused(world, server)
        assert stand() == {A1: MailState.REFUSED}
        for person in ("dla", "province"):
            sent_again(world, mail_id, person=person)
        do_jobs()
        (left,) = all_mails()
        assert (left.id, left.state, left.tries, left.fault) == (mail_id, MailState.SENT, 2, "")
        assert received(server) == [A1]
        with privileged("a test looks") as session:
            acts = session.scalars(select(AuditEvent.act).where(AuditEvent.act.like("chasing.%"))).all()
        assert sorted(acts) == ["chasing.mail", "chasing.mail_again"]
        with pytest.raises(Refused):
            sent_again(world, mail_id)


def test_it_goes_to_the_address_of_now_and_the_refused_one_stays(
    app: Portal, world: World, server: Server
) -> None:
    with app.app_context():
        mail_id = refused(world, server)
        with writing(), privileged("the right address") as session:
            session.execute(update(AgencyContact).values(email=A2))
        sent_again(world, mail_id)
        do_jobs()
        assert stand() == {A1: MailState.REFUSED, A2: MailState.SENT}
        with pytest.raises(Refused):
            sent_again(world, mail_id)


def test_on_a_later_day_it_is_the_one_mail_of_that_day(
    app: Portal, world: World, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        mail_id = refused(world, server)
        on_the_next_day(monkeypatch)
        sent_again(world, mail_id)
        do_jobs()
        assert [(one.state, one.day) for one in all_mails()] == [
            (MailState.REFUSED, NOW.date()),
            (MailState.SENT, NOW.date() + timedelta(days=1)),
        ]
        with pytest.raises(Refused):
            ordered(world)


def test_who_has_done_it_gets_none_again(app: Portal, world: World, server: Server) -> None:
    with app.app_context():
        mail_id = refused(world, server)
        with writing(), privileged("everything is done") as session:
            session.execute(update(Round).values(state=RoundState.CLOSED))
        with pytest.raises(Refused):
            sent_again(world, mail_id)


def test_only_what_failed_within_ones_own_desk_is_sent_again(
    app: Portal, world: World, server: Server
) -> None:
    with app.app_context():
        mail_id = refused(world, server)
        with pytest.raises(Refused):
            sent_again(world, mail_id, person="province_other")
        with pytest.raises(NotFound):
            sent_again(world, mail_id, person="nacc")
        waiting = refused_later(world, server)
        with pytest.raises(Refused):
            sent_again(world, waiting)


def refused_later(world: World, server: Server) -> int:
    addressed(world, "a2")
    server.answers = {A2: "450 later"}
    ordered(world)
    do_jobs()
    return all_mails()[-1].id


def test_a_mail_by_rule_that_a_person_sent_again_is_not_stopped_with_the_rule(
    app: Portal, world: World, server: Server
) -> None:
    with app.app_context():
        mail_id = refused(world, server)
        with writing(), privileged("it went out by a rule that is off") as session:
            rule = ReminderRule(round_id=world.round_id, stage=Stage.OIT, days=3, active=False)
            session.info["unrecorded"] = True
            session.add(rule)
            session.flush()
            session.execute(update(ChaseMail).values(rule_id=rule.id, job_id=None))
        sent_again(world, mail_id)
        posting.look_after()
        do_jobs()
        assert stand() == {A1: MailState.SENT}


@pytest.mark.parametrize("commit", range(1, 9))
def test_a_worker_that_is_killed_sends_an_unsure_mail_once_again(
    app: Portal, world: World, server: Server, commit: int
) -> None:
    """The line breaks each time: a second attempt would be seen."""
    with app.app_context():
        addressed(world, "a1")
        server.breaks = True
        ordered(world)
        do_jobs()
        job = sent_again(world, all_mails()[0].id)
        killed_and_gone_on_with(job, commit)
        assert len(server.received) <= 2 and stand() == {A1: MailState.UNSURE}
