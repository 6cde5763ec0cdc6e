"""More time for more agencies than one act holds: a job gives it in portions, and nobody gets it twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import select

from models.account import Grant
from models.audit import AuditEvent
from models.job import Job, JobState
from models.participation import Extension, Participation, PreparationState
from models.round import Round, Stage, Window
from models.zone import BANGKOK
from portal.chasing import extending, extending_many
from portal.core import audit
from portal.core.acting import acting
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.jobs import worker
from portal.core.web import Portal
from tests.support.world import NOW, World, row

pytestmark = pytest.mark.postgres
Clock = Callable[[object], None]
DAY, REASON = date(2018, 12, 15), "น้ำท่วมทั้งภาค"


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The world has four agencies: three portions."""
    monkeypatch.setattr(extending, "AT_ONCE", 2)


def ordered(world: World, *keys: str, day: date = DAY, person: str = "dla") -> int:
    """Order more time for agencies of the world; all four, unless named. Gives the job's id."""
    whom = [world.participation[key] for key in keys or world.participation]
    with acting(world.actor(person)) as actor:
        round = db.session.get_one(Round, world.round_id)
        return extending_many.order(round, Stage.PREPARATION, day, REASON, whom, actor=actor, url="/list").id


def worked(app: Portal, job_id: int) -> Job:
    worker.work(app, until_idle=True)
    return row(Job, job_id)


def given() -> list[int]:
    """Who has more time, an entry for each extension."""
    with privileged("a test looks") as session:
        return sorted(session.scalars(select(Extension.participation_id)))


def finished(world: World, key: str) -> None:
    with writing(), privileged("a test confirms") as session:
        session.info["unrecorded"] = True
        session.get_one(Participation, world.participation[key]).state = PreparationState.CONFIRMED


def test_all_of_them_get_their_time_and_each_has_its_line_in_the_record(app: Portal, world: World) -> None:
    with app.app_context():
        job = worked(app, ordered(world))
        assert (job.state, job.done, job.total) == (JobState.DONE, 4, 4)
        assert "4 หน่วยงาน" in job.result["words"] and job.result["url"] == "/list"
        assert given() == sorted(world.participation.values())
        with privileged("a test looks") as session:
            lines = session.scalars(select(AuditEvent).where(AuditEvent.act == "extension.give")).all()
            assert {line.chain for line in lines} == {f"agency:{key}" for key in world.agency.values()}
            assert {line.account_id for line in lines} == {world.account["dla"]}
            assert audit.first_broken(session) is None


def test_who_has_finished_meanwhile_is_named_and_who_has_as_much_keeps_it(app: Portal, world: World) -> None:
    with app.app_context():
        first = ordered(world)
        finished(world, "a2")
        with acting(world.actor("nacc")) as actor:
            round, whom = db.session.get_one(Round, world.round_id), [world.participation["b1"]]
            extending.give(round, Stage.PREPARATION, DAY, "อื่น", whom, actor=actor)
        words = worked(app, first).result["words"]
        assert "2 หน่วยงานถึงวันที่" in words and "องค์การบริหารส่วนตำบลท่าผา" in words, words
        assert "อีก 1 หน่วยงานมีเวลาเท่านี้" in words, words
        assert given() == sorted(world.participation[key] for key in ("a1", "b1", "b2"))


def test_sent_twice_it_is_one_job_and_once_more_later_gives_nobody_twice(app: Portal, world: World) -> None:
    with app.app_context():
        first = ordered(world)
        assert ordered(world) == first
        worked(app, first)
        again = worked(app, ordered(world))
        assert again.state is JobState.DONE and "ขยายเวลาให้ 0 หน่วยงาน" in again.result["words"]
        assert len(given()) == 4


def test_a_day_that_has_become_impossible_is_the_job_s_reason(app: Portal, world: World) -> None:
    with app.app_context():
        job_id = ordered(world)
        with writing(), privileged("the surveys end earlier") as session:
            session.info["unrecorded"] = True
            for window in session.scalars(select(Window).where(Window.stage == Stage.EIT)):
                window.closes_at = datetime(2018, 12, 12, tzinfo=BANGKOK)
        job = worked(app, job_id)
        assert job.state is JobState.FAILED and "เลือกได้ไม่เกินวันที่" in job.message
        assert given() == []


def test_a_right_that_has_ended_gives_no_time(app: Portal, world: World) -> None:
    with app.app_context():
        job_id = ordered(world)
        with writing(), privileged("a right ends") as session:
            session.info["unrecorded"] = True
            session.get_one(Grant, world.grant["dla"]).valid_until = NOW
        assert worked(app, job_id).state is JobState.FAILED
        assert given() == []


def test_what_cannot_be_is_refused_where_it_is_ordered(app: Portal, world: World) -> None:
    with app.app_context():
        with pytest.raises(NotFound):
            ordered(world, person="province")
        with pytest.raises(Refused, match="is over"):
            ordered(world, day=date(2018, 11, 1))


def test_many_names_are_counted_after_the_first(app: Portal, world: World) -> None:
    with app.app_context(), acting(world.actor("dla")), pytest.MonkeyPatch.context() as patch:
        patch.setattr(extending_many, "NAMED", 1)
        finished_ids = sorted(world.participation.values())
        assert "และอีก 3" in extending_many.words_of(0, DAY, finished=finished_ids, kept=0)
