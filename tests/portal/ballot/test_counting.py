"""What an agency's own people see of their answers is as of the last quarter of an hour; offices see all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.instrument import InstrumentKind
from models.survey import AnswerCount, Channel, CountedMoment, DailyCount, QuarterCount
from models.thai import thai_time
from portal import duties
from portal.ballot.counting import copy_counts, counted_at, quarter_of
from portal.ballot.on_site import collected_on_site
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from portal.surveys.counted import counted_words
from portal.surveys.minimum import targets_of
from tests.factories.base import Make
from tests.factories.work import AnswerCountFactory, DailyCountFactory
from tests.support.rosters import own
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT
#: by the machine: a quarter of an hour begins
AT_ONCE = datetime.fromisoformat("2026-01-05T14:15:03+00:00")


def counted(make: Make, world: World, *, count: int) -> None:
    make(AnswerCountFactory, participation_id=world.participation["a1"], agency_id=world.agency["a1"],
         province_id=world.province["52"], count=count)  # fmt: skip


def more(count: int) -> None:
    with writing(), privileged("somebody answers") as session:
        session.scalars(select(AnswerCount)).one().count += count


def seen_by(world: World, person: str) -> int:
    with acting_as(world.actor(person)):
        return targets_of(own(world))[IIT].answers


def test_a_count_moves_at_the_quarter_for_the_agency_and_at_once_for_the_offices(
    app: Portal, world: World, make: Make
) -> None:
    with app.app_context():
        counted(make, world, count=18)
        assert copy_counts(AT_ONCE) == 1
        more(1)
        for person in ("agency_admin", "executive"):
            assert seen_by(world, person) == 18
        for person in ("province", "dla", "nacc", "assessor"):
            assert seen_by(world, person) == 19
        assert copy_counts(AT_ONCE + timedelta(minutes=15)) == 1
        assert seen_by(world, "agency_admin") == 19
        assert copy_counts(AT_ONCE + timedelta(minutes=30)) == 0, "what has not moved is left as it is"


def test_a_worker_that_comes_late_waits_for_the_next_quarter(app: Portal, world: World, make: Make) -> None:
    with app.app_context():
        counted(make, world, count=18)
        assert copy_counts(AT_ONCE + timedelta(minutes=7)) == 1, "the first of all is made at once"
        more(1)
        assert copy_counts(AT_ONCE + timedelta(minutes=9)) is None
        assert seen_by(world, "agency_admin") == 18
        with privileged("a test looks") as session:
            assert session.scalar(select(CountedMoment.at)) == quarter_of(NOW)


def test_the_duty_copies(app: Portal, world: World, make: Make) -> None:
    with app.app_context():
        counted(make, world, count=18)
        duties.copy_the_counts()
        assert seen_by(world, "agency_admin") == 18


def test_a_count_that_went_down_is_followed(app: Portal, world: World, make: Make) -> None:
    with app.app_context():
        counted(make, world, count=18)
        copy_counts(AT_ONCE)
        more(-1)
        copy_counts(AT_ONCE + timedelta(minutes=15))
        assert seen_by(world, "executive") == 17


def test_an_agency_reads_no_counter_that_moves_with_each_answer(
    app: Portal, world: World, make: Make
) -> None:
    """Whatever a page asks: the counters are in no scope of its own, of days only those that are over."""
    with app.app_context():
        counted(make, world, count=18)
        owner = {"participation_id": world.participation["a1"], "agency_id": world.agency["a1"]}
        for day, count in ((NOW.date(), 3), (NOW.date() - timedelta(days=1), 15)):
            make(DailyCountFactory, **owner, province_id=world.province["52"], day=day, count=count)
        for person, live, days in (("agency_admin", 0, 15), ("executive", 0, 15), ("province", 18, 18)):
            with acting_as(world.actor(person)):
                assert (db.session.scalar(select(func.sum(AnswerCount.count))) or 0) == live
                assert db.session.scalar(select(func.sum(DailyCount.count))) == days


def test_what_came_at_the_office_is_of_the_quarter_too(app: Portal, world: World, make: Make) -> None:
    with app.app_context():
        owner = {"participation_id": world.participation["a1"], "agency_id": world.agency["a1"]}
        with writing(), privileged("a test copies") as session:
            session.add(
                QuarterCount(
                    **owner,
                    province_id=world.province["52"],
                    instrument=EIT,
                    channel=Channel.ON_SITE,
                    count=12,
                )
            )
        with acting_as(world.actor("agency_admin")):
            assert collected_on_site(own(world)) == 12
        with acting_as(world.actor("assessor")):
            assert collected_on_site(own(world)) == 0, "no answer has come by now"


def test_since_when_is_said_to_the_agency_alone(app: Portal, world: World) -> None:
    with app.test_request_context():
        with acting_as(world.actor("agency_admin")):
            assert counted_at() is None
            assert "ภายใน 15 นาที" in counted_words()
        copy_counts(AT_ONCE)
        with acting_as(world.actor("executive")):
            assert counted_words() == f"ยอด ณ เวลา {thai_time(quarter_of(NOW))}"
        with acting_as(world.actor("province")):
            assert counted_words() == ""
        with writing(), privileged("the worker was away") as session:
            session.scalars(select(CountedMoment)).one().at = NOW - timedelta(days=2)
        with acting_as(world.actor("agency_admin")):
            assert "ยอด ณ วันที่" in counted_words()
