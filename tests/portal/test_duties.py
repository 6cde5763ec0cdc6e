"""The duties of the system."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models.job import DutyRun, Job, JobState
from models.letter import StoredFile
from models.onboarding import MailCode
from models.participation import Participation
from portal import duties
from portal.core.database.session import privileged, writing
from portal.core.files import stored_file
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.onboarding import MailCodeFactory
from tests.support.world import NOW, World, row

LATE = "2019-03-01T10:00:00+07:00"


@pytest.mark.postgres
def test_the_deadline_marks_the_agencies_that_were_not_confirmed(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    with app.app_context():
        duties.note_deadlines()
        with privileged("a test looks") as session:
            assert set(session.scalars(select(Participation.not_assessable_at))) == {None}
        clock(LATE)
        duties.note_deadlines()
        duties.note_deadlines()
        with privileged("a test looks") as session:
            marked = session.scalars(select(Participation.not_assessable_at)).all()
            assert marked and all(moment is not None for moment in marked)


@pytest.mark.postgres
def test_finished_jobs_go_with_their_files_after_their_term(app: Portal, world: World) -> None:
    def job(title: str, finished_at: datetime | None) -> Job:
        state = JobState.DONE if finished_at else JobState.WAITING
        return Job(kind="test", title=title, state=state, created_at=NOW, finished_at=finished_at)

    with app.app_context():
        with writing(), privileged("a test makes jobs") as session:
            old, fresh, waiting = (
                job("เก่า", NOW - duties.JOBS_KEPT - timedelta(days=1)),
                job("ใหม่", NOW),
                job("รอ", None),
            )
            for one in (old, fresh):
                one.file = stored_file(f"{one.title}.txt", "text/plain", b"x")
            session.add_all((old, fresh, waiting))
            session.add(DutyRun(name="test", period="then", started_at=NOW - timedelta(days=30)))
        duties.clear_jobs()
        with privileged("a test looks") as session:
            assert set(session.scalars(select(Job.title))) == {"ใหม่", "รอ"}
            assert set(session.scalars(select(StoredFile.name))) == {"ใหม่.txt"}
            assert session.scalar(select(DutyRun.name)) is None


def test_the_machine_s_clock_is_nobody_s_to_set(clock: Callable[[object], None]) -> None:
    from portal.core import clock as the_clock

    clock(LATE)
    assert the_clock.machine() > the_clock.now()


@pytest.mark.usefixtures("clock")
def test_at_night_the_codes_of_mails_that_have_ended_go(app: Portal, make: Make) -> None:
    ended, holds = (
        make(MailCodeFactory, expires_at=NOW + timedelta(seconds=seconds)).id for seconds in (0, 1)
    )
    with app.app_context():
        duties.clear_sign_ins()
        assert row(MailCode, ended) is None and row(MailCode, holds) is not None
