"""The deadline of preparation as a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.job import Job, JobState
from models.participation import Participation
from models.round import Round
from portal.core.database.session import db, privileged
from portal.core.jobs import worker
from portal.preparation.deadline import enqueue_deadline
from tests.support.world import World, acting_as

LATE = "2019-03-01T10:00:00+07:00"


@pytest.mark.postgres
def test_the_job_marks_the_agencies_that_were_not_confirmed(
    app: Any, world: World, clock: Callable[[object], None]
) -> None:
    clock(LATE)
    with app.app_context(), acting_as(world.actor("nacc")) as actor:
        enqueue_deadline(db.session.scalars(select(Round)).one(), actor=actor)
    assert worker.work(app, until_idle=True) == 1
    with app.app_context(), privileged("a test looks") as session:
        job = session.scalars(select(Job)).one()
        assert job.state is JobState.DONE, job.message
        marked = session.scalars(select(Participation.not_assessable_at)).all()
        assert all(moment is not None for moment in marked)
