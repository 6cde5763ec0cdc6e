"""Several workers look at the rules, and send, at the same moment: each agency gets one e-mail."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.reminder import ChaseMail, MailState, ReminderRule, ReminderStop
from models.round import Round, Stage
from portal.chasing import posting, reminders
from portal.core import clock
from portal.core.database.session import db, privileged
from portal.core.jobs import queue, worker
from portal.core.stages import stage_state
from portal.core.web import Portal
from tests.support.mail import do_jobs
from tests.support.races import AT_ONCE, at_once, pressed, statuses, visitors
from tests.support.reminders import addressed, all_mails, ordered, served
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres


def ruled_for_today(world: World) -> None:
    with acting_as(world.actor("dla")) as actor:
        round = db.session.get_one(Round, world.round_id)
        last_day = stage_state(round, Stage.PREPARATION, NOW).last_day
        assert last_day is not None
        days = (last_day - clock.now().date()).days
        reminders.add(round, stage=Stage.PREPARATION, days=days, actor=actor)


def test_two_workers_write_and_send_one_mail_for_each(app: Portal, world: World) -> None:
    with served(app) as server:
        with app.app_context():
            addressed(world, "a1", "a2", "b1", "b2")
            ruled_for_today(world)

        def write() -> int:
            with app.app_context():
                return reminders.write_due()

        def send() -> None:
            with app.app_context():
                posting.look_after()
                while (claim := queue.claim()) is not None:
                    worker.run(claim)

        assert sum(at_once([write] * 2)) == 4
        at_once([send] * 2)
        assert len(server.received) == 4
    with app.app_context():
        assert {one.state for one in all_mails()} == {MailState.SENT}
        with privileged("a test counts") as session:
            told = select(func.count()).select_from(AuditEvent).where(AuditEvent.act == "chasing.remind")
            assert session.scalar(told) == 4


def test_one_mail_is_taken_by_one_worker(app: Portal, world: World) -> None:
    with app.app_context():
        addressed(world, "a1")
        ruled_for_today(world)
        reminders.write_due()
        (mail,) = all_mails()

    def take() -> bool:
        with app.app_context():
            return posting._take(mail.id) is not None

    assert sorted(at_once([take] * AT_ONCE)) == [False] * (AT_ONCE - 1) + [True]


def test_a_mail_that_many_send_again_leaves_once_more(app: Portal, world: World) -> None:
    with served(app) as server:
        with app.app_context():
            addressed(world, "a1")
            server.answers = {"a1@example.go.th": "550 no such mailbox"}
            ordered(world)
            do_jobs()
            server.answers = {}
            (mail,) = all_mails()
        people = visitors(app, world, *["dla", "province"] * (AT_ONCE // 2))
        room = f"/rounds/{world.round_id}/chasing/mails/again?pick={mail.id}"
        assert statuses(pressed(people, room, {})) == [302] * AT_ONCE

        def send() -> None:
            with app.app_context():
                do_jobs()

        at_once([send] * 2)
        assert len(server.received) == 1
    with app.app_context():
        assert [(one.state, one.tries) for one in all_mails()] == [(MailState.SENT, 2)]


def test_a_rule_is_made_once(app: Portal, world: World) -> None:
    people = visitors(app, world, *["dla"] * AT_ONCE)
    room = f"/rounds/{world.round_id}/chasing/reminders"
    answers = pressed(people, f"{room}/add", {"stage": "oit", "days": "3"})
    assert statuses(answers)[0] == 302
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(ReminderRule)) == 1


def test_an_agency_is_taken_out_once(app: Portal, world: World) -> None:
    people = visitors(app, world, *["dla", "province"] * (AT_ONCE // 2))
    page = f"/rounds/{world.round_id}/chasing/{world.participation['a1']}/reminders"
    answers = pressed(people, page, {"out": "1"})
    assert statuses(answers) == [302] * AT_ONCE
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(ReminderStop)) == 1
        assert session.scalar(select(func.count()).select_from(ChaseMail)) == 0
