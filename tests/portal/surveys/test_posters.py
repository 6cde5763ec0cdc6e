"""The poster of a survey: what stands on it, and what its job says where it cannot be made."""

from __future__ import annotations

from datetime import date

import pytest

from models.instrument import InstrumentKind
from models.job import Job, JobState
from models.participation import Participation
from portal.ballot.links import make_links, rotate_link
from portal.core.database.session import db, privileged
from portal.core.jobs import queue, worker
from portal.core.web import Portal
from portal.surveys import posters
from reports.letter_data import Audience
from tests.support.presses import printers_end_at_once
from tests.support.world import World, acting_as

IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT


def ordered(world: World) -> int:
    """The job of the poster of IIT, asked for by the agency's admin."""
    with acting_as(world.actor("agency_admin")) as actor:
        own = db.session.get_one(Participation, world.participation["a1"])
        arguments = {"link": make_links(own)[IIT].id}
        return queue.enqueue(posters.KIND, title="โปสเตอร์", arguments=arguments, actor=actor).id


def worked(app: Portal, job_id: int) -> tuple[JobState, str]:
    """How the job ended, and what its page says."""
    worker.work(app, until_idle=True)
    with privileged("a test looks") as session:
        job = session.get_one(Job, job_id)
        assert job.state is JobState.DONE or job.file_id is None
        return job.state, job.message


@pytest.mark.parametrize(("kind", "audience"), [(IIT, Audience.INTERNAL), (EIT, Audience.EXTERNAL)])
def test_a_poster_speaks_to_its_survey_s_people_until_its_last_day(
    app: Portal, world: World, kind: InstrumentKind, audience: Audience
) -> None:
    with app.app_context(), acting_as(world.actor("agency_admin")):
        own = db.session.get_one(Participation, world.participation["a1"])
        poster = posters.poster_of(own, kind, url="http://127.0.0.1:8000/s/x")
    assert (poster.agency, poster.instrument) == ("เทศบาลตำบลเกาะคา", kind.name)
    assert (poster.audience, poster.year, poster.demo) == (audience, "2561", app.settings.demo)
    assert poster.closes_on == date(2018, 12, 23)


def test_no_poster_of_a_link_that_was_replaced_meanwhile(app: Portal, world: World) -> None:
    with app.app_context():
        job_id = ordered(world)
        with acting_as(world.actor("agency_admin")):
            rotate_link(db.session.get_one(Participation, world.participation["a1"]), IIT)
        state, message = worked(app, job_id)
    assert state is JobState.FAILED
    assert "ลิงก์นี้ถูกเปลี่ยนแล้ว" in message


def test_a_printer_that_ends_is_told_with_what_to_do(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        job_id = ordered(world)
        printers_end_at_once(monkeypatch)
        state, message = worked(app, job_id)
    assert state is JobState.FAILED
    assert "ทำแผ่นโปสเตอร์ไม่สำเร็จ กดเริ่มใหม่ได้" in message
