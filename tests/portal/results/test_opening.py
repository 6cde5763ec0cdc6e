"""The demonstration opens its closed rounds by itself, once the marks are gone; nobody else does."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.job import Job, JobState
from models.participation import Participation
from models.result import Result
from models.round import Round, RoundState
from portal.ballot.keys import key_folder
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.duties import JOBS_KEPT, clear_jobs, open_closed_rounds
from portal.results import opening
from portal.rounds import desk as rounds
from tests.factories.ballots import SealedAnswerFactory
from tests.factories.base import Make
from tests.support.client import PortalClient
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres


@pytest.fixture
def closed(app: Portal, world: World, clock: Callable[[object], None]) -> Portal:
    """The application after NACC has closed the round; its marks still wait for the job."""
    clock(NOW + timedelta(days=120))
    with app.app_context(), acting_as(world.actor("nacc")) as actor:
        rounds.close_round(db.session.get_one(Round, world.round_id), actor=actor)
    return app


def asked() -> int:
    with privileged("a test counts jobs") as session:
        query = select(func.count()).where(Job.kind == opening.BY_ITSELF)
        return session.scalar(query) or 0


def test_it_waits_for_the_marks_and_then_opens_once(closed: Portal, world: World) -> None:
    with closed.app_context():
        open_closed_rounds()
        assert asked() == 0, "marks are left"
    worker.work(closed, until_idle=True)
    with closed.app_context():
        open_closed_rounds()
        open_closed_rounds()
        assert asked() == 1
    worker.work(closed, until_idle=True)
    with closed.app_context():
        assert row(Round, world.round_id).state is RoundState.OPENED
        assert not key_folder().has_urn_key(world.round_id)
        with privileged("a test counts results") as session:
            assert session.scalar(select(func.count()).select_from(Result)) == len(world.participation)


def test_a_failed_opening_stays_until_nacc_starts_it_again(
    closed: Portal, world: World, monkeypatch: pytest.MonkeyPatch, client_as: Callable[[str], PortalClient]
) -> None:
    def fail(*_args: object, **_words: object) -> None:
        raise Refused("The round is not closed")

    worker.work(closed, until_idle=True)
    with closed.app_context():
        open_closed_rounds()
    with monkeypatch.context() as patched:
        patched.setattr(opening, "open_boxes", fail)
        worker.work(closed, until_idle=True)
    with closed.app_context():
        with writing(), privileged("a test lets time pass") as session:
            job = session.scalars(select(Job).where(Job.kind == opening.BY_ITSELF)).one()
            assert job.state is JobState.FAILED and job.finished_at is not None
            job_id, job.finished_at = job.id, job.finished_at - 2 * JOBS_KEPT
        clear_jobs()
        assert asked() == 1
    assert client_as("dla").submit(f"/jobs/{job_id}/again").status_code == 404
    assert client_as("nacc").submit(f"/jobs/{job_id}/again").status_code == 302
    worker.work(closed, until_idle=True)
    with closed.app_context():
        assert row(Round, world.round_id).state is RoundState.OPENED


def test_a_real_installation_leaves_it_to_the_keys_holder(closed: Portal, world: World) -> None:
    worker.work(closed, until_idle=True)
    closed.settings = dataclasses.replace(closed.settings, demo=False)
    with closed.app_context():
        open_closed_rounds()
        assert asked() == 0
        assert row(Round, world.round_id).state is RoundState.CLOSED


def asked_to_open(closed: Portal) -> int:
    """The job that opens the boxes by itself, queued; its id."""
    worker.work(closed, until_idle=True)
    with closed.app_context():
        open_closed_rounds()
        with privileged("a test looks") as session:
            return session.scalars(select(Job.id).where(Job.kind == opening.BY_ITSELF)).one()


def test_a_job_of_the_demonstration_opens_nothing_in_a_real_installation(
    closed: Portal, world: World
) -> None:
    job_id = asked_to_open(closed)
    closed.settings = dataclasses.replace(closed.settings, demo=False)
    worker.work(closed, until_idle=True)
    with closed.app_context():
        assert row(Job, job_id).state is JobState.FAILED
        assert row(Round, world.round_id).state is RoundState.CLOSED
        assert key_folder().has_urn_key(world.round_id)


@pytest.mark.parametrize(("sealed", "state"), [(True, RoundState.CLOSED), (False, RoundState.OPENED)])
def test_without_the_key_it_ends_only_what_was_opened_before(
    closed: Portal, make: Make, world: World, sealed: bool, state: RoundState
) -> None:
    job_id = asked_to_open(closed)
    with closed.app_context():
        one = row(Participation, world.participation["a1"])
        key_folder().destroy_urn_key(world.round_id)
    if sealed:
        make(SealedAnswerFactory, participation=one)
    worker.work(closed, until_idle=True)
    with closed.app_context():
        assert row(Round, world.round_id).state is state
        assert (row(Job, job_id).state is JobState.FAILED) is sealed
