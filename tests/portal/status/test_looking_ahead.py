"""What is made of the counts each night: days that add up, and who is likely to miss what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agency import Agency
from models.agency_change import ChangeSort, ChangeState, PartSide
from models.disclosure import DisclosureState
from models.forecast import Arrivals
from models.instrument import InstrumentKind
from models.outlook import Outlook, ProvinceDay, Why
from models.participation import Participation, PreparationState
from models.round import Round, Stage
from models.survey import AnswerCount, Channel, DailyCount
from portal.core import clock
from portal.core.acting import seated
from portal.core.database.session import db, privileged, writing
from portal.core.outlook import outlooks_of, why_words
from portal.core.web import Portal
from portal.status import figures
from portal.status.looking_ahead import _Look, look_ahead, open_days
from portal.status.outlook import likely
from tests.factories.base import rows_in
from tests.factories.places import AgencyChangeFactory, AgencyChangePartFactory, AgencyFactory
from tests.factories.rounds import ParticipationFactory, RoundFactory, SampleRuleFactory, WindowFactory
from tests.factories.work import AnswerCountFactory, DailyCountFactory, DisclosureFactory
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres
IIT = InstrumentKind.IIT
#: a week before the end of the surveys of the world (its IIT ends 44 days after NOW)
THEN = datetime.combine(NOW.date() + timedelta(days=38), NOW.timetz())


def answers(world: World, agency: str, days: dict[int, int]) -> None:
    """A confirmed agency of 40 people that needs 30 answers, and those of its days, counted from NOW."""
    one = db_row(world, agency)
    one.activated_at = one.headcount_at = one.roster_at = one.confirmed_at = NOW
    one.headcount, one.roster_count, one.state = 40, 40, PreparationState.CONFIRMED
    for day, count in days.items():
        on = NOW.date() + timedelta(days=day)
        DailyCountFactory(participation=one, instrument=IIT, day=on, count=count)
    AnswerCountFactory(participation=one, instrument=IIT, count=sum(days.values()))


_session: list[Any] = []


def db_row(world: World, agency: str) -> Participation:
    return _session[-1].get_one(Participation, world.participation[agency])


@pytest.fixture
def arrived(app: Portal, world: World, clock: Callable[[object], None]) -> World:
    """a1 has its minimum, a2 has nothing, b1 stopped; something came today, too."""
    clock(THEN)
    with app.app_context(), writing(), privileged("answers arrive") as session, rows_in(session):
        session.info["unrecorded"] = True
        _session.append(session)
        answers(world, "a1", dict.fromkeys(range(20), 2) | {38: 1})
        answers(world, "a2", {})
        answers(world, "b1", {0: 3, 1: 2})
        _session.pop()
    with app.app_context():
        look_ahead()
        look_ahead()
    return world


def said(stage: Stage) -> dict[int, Outlook]:
    with privileged("a test looks") as session:
        rows = session.scalars(select(Outlook).where(Outlook.stage == stage)).all()
        session.expunge_all()
        return {row.participation_id: row for row in rows}


def test_it_is_said_who_is_likely_to_miss_a_minimum(app: Portal, arrived: World) -> None:
    at = arrived.participation
    with app.app_context():
        found = said(Stage.IIT)
        assert {key: row.why for key, row in found.items() if key in (at["a1"], at["a2"], at["b1"])} == {
            at["a1"]: None,
            at["a2"]: Why.NOT_BEGUN,
            at["b1"]: Why.STALLED,
        }
        stopped = found[at["b1"]]
        assert (stopped.done, stopped.needed, stopped.moved_on) == (5, 30, NOW.date() + timedelta(days=1))
        assert stopped.made_on == THEN.date()
        with app.test_request_context():
            assert "5 จาก 30" in why_words(stopped)
            assert why_words(found[at["a2"]]) == "ยังไม่เริ่ม"
            close = Outlook(why=Why.TOO_SLOW, done=25, needed=30, expected=31)
            assert why_words(close) == "ได้ 25 จาก 30 อาจขาดไปเล็กน้อยในวันสุดท้าย"


def test_the_days_of_provinces_are_those_of_their_agencies_until_yesterday(
    app: Portal, arrived: World
) -> None:
    with app.app_context(), privileged("a slow recount") as session:
        slow = Counter[tuple[int, date]]()
        for row in session.scalars(select(DailyCount)):
            if row.day < THEN.date() and row.instrument is IIT:
                slow[row.province_id, row.day] += row.count
        rows = session.scalars(select(ProvinceDay).where(ProvinceDay.instrument == IIT))
        assert {(row.province_id, row.day): row.count for row in rows} == slow


def test_each_office_reads_its_own_and_what_was_done_since_is_not_said(app: Portal, arrived: World) -> None:
    own = {arrived.participation["a2"]}
    with app.app_context():
        for person, expected in (
            ("province", own),
            ("dla", own | {arrived.participation["b1"]}),
        ):
            db.session.rollback()
            with seated(arrived.actor(person)):
                assert named(arrived) & {*arrived.participation.values()} >= expected
                assert set(outlooks_of(list(arrived.participation.values()))) >= expected
                assert (arrived.participation["b1"] in named(arrived)) == (person == "dla")
                if person == "dla":  # the sums are for the country's offices
                    surveys = figures.surveys(db.session.get_one(Round, arrived.round_id), IIT)
                    assert figures.summed(surveys.values()).likely == len(named(arrived))
        with writing(), privileged("answers came since") as session, rows_in(session):
            session.info["unrecorded"] = True
            a2 = session.get_one(Participation, arrived.participation["a2"])
            a2_count = session.get_one(AnswerCount, (a2.id, IIT, Channel.SELF))
            a2_count.count = 30
        db.session.rollback()
        with seated(arrived.actor("province")):
            assert arrived.participation["a2"] not in named(arrived)


def named(world: World) -> set[int]:
    round = db.session.get_one(Round, world.round_id)
    return set(db.session.scalars(select(Participation.id).where(likely(round, [Stage.IIT]))))


def test_the_people_of_an_agency_have_no_right_to_it(app: Portal, arrived: World) -> None:
    for person in ("agency_admin", "executive", "assessor"):
        with app.app_context(), seated(arrived.actor(person)):
            try:
                rows = [*db.session.scalars(select(Outlook)), *db.session.scalars(select(ProvinceDay))]
            except Exception as error:
                assert "permission denied" in str(error)
                db.session.rollback()
            else:
                assert rows == []


def test_checklists_are_watched_from_day_to_day(
    app: Portal, arrived: World, clock: Callable[[object], None]
) -> None:
    key = arrived.participation["a1"]
    with app.app_context():
        assert said(Stage.OIT)[key].why is Why.NOT_BEGUN
        with writing(), privileged("a checklist is sent") as session, rows_in(session):
            session.info["unrecorded"] = True
            DisclosureFactory(
                participation=session.get_one(Participation, key), state=DisclosureState.SUBMITTED
            )
        clock(THEN + timedelta(days=1))
        look_ahead()
        row = said(Stage.OIT)[key]
        assert (row.done, row.begun_on, row.moved_on) == (1, THEN.date(), THEN.date())
        clock(THEN + timedelta(days=4))
        look_ahead()
        assert said(Stage.OIT)[key].moved_on == THEN.date()


def test_what_an_agency_did_last_year_is_where_the_forecast_begins(app: Portal, arrived: World) -> None:
    key = arrived.participation["b1"]
    with app.app_context():
        with writing(), privileged("it goes on a little") as session, rows_in(session):
            session.info["unrecorded"] = True
            one = session.get_one(Participation, key)
            for day in range(30, 38):
                on = NOW.date() + timedelta(days=day)
                DailyCountFactory(participation=one, instrument=IIT, day=on, count=1)
        look_ahead()
        before = said(Stage.IIT)[key]
        with writing(), privileged("a round of the year before") as session, rows_in(session):
            session.info["unrecorded"] = True
            this = session.get_one(Participation, key)
            last_survey(this, [this.agency])
        look_ahead()
        assert said(Stage.IIT)[key].expected > before.expected


def test_of_a_merged_agency_last_year_is_that_of_all_it_came_from_and_of_a_split_one_nothing(
    app: Portal, arrived: World
) -> None:
    agency = arrived.agency["b1"]
    with app.app_context():
        assert last_year(arrived).get(agency) is None
        with writing(), privileged("two agencies of the year before") as session, rows_in(session):
            session.info["unrecorded"] = True
            this = session.get_one(Participation, arrived.participation["b1"])
            _own, other = last_survey(this, [this.agency, AgencyFactory()])
        alone = last_year(arrived)[agency]
        assert (alone.needed, sum(alone.came)) == (30, 48)
        with writing(), privileged("one ends in the other") as session, rows_in(session):
            changed(session, ChangeSort.MERGED, agency, {other: PartSide.ENDS})
        both = last_year(arrived)
        assert (both[agency].needed, sum(both[agency].came)) == (60, 96)
        with writing(), privileged("another is split off") as session, rows_in(session):
            changed(session, ChangeSort.SPLIT, agency, {arrived.agency["a1"]: PartSide.MADE})
        assert agency not in last_year(arrived)


def last_year(world: World) -> Mapping[int, Arrivals]:
    """The surveys of the year before that the forecast begins from."""
    with privileged("a test looks") as session:
        round = session.get_one(Participation, world.participation["b1"]).round
        return _Look(session, round, Stage.IIT, THEN.date(), open_days(round, Stage.IIT), 7)._last_year()


def changed(session: Session, sort: ChangeSort, goes_on: int, others: dict[int, PartSide]) -> None:
    """A change that holds in the register."""
    session.info["unrecorded"] = True
    sides = {goes_on: PartSide.GOES_ON, **others}
    change = AgencyChangeFactory(sort=sort, state=ChangeState.APPLIED, applied_at=NOW)
    for key, side in sides.items():
        AgencyChangePartFactory(change=change, agency=session.get_one(Agency, key), side=side)


def last_survey(this: Participation, agencies: list[Any]) -> list[int]:
    """These agencies in the year before, each with 48 answers in its last days; their ids."""
    earlier = RoundFactory(fiscal_year=this.round.fiscal_year - 1)
    opened = NOW - timedelta(days=365)
    WindowFactory(round=earlier, stage=Stage.IIT, opens_at=opened, closes_at=opened + timedelta(days=30))
    SampleRuleFactory(round=earlier, fixed=30, percent=None)
    for agency in agencies:
        last: Any = ParticipationFactory(round=earlier, agency=agency)
        last.activated_at = last.confirmed_at = opened
        last.headcount, last.roster_count, last.state = 40, 40, PreparationState.CONFIRMED
        for day in range(24, 30):
            on = opened.date() + timedelta(days=day)
            DailyCountFactory(participation=last, instrument=IIT, day=on, count=8)
    return [agency.id for agency in agencies]


def test_before_its_last_days_nothing_is_said_of_a_stage(
    app: Portal, arrived: World, clock: Callable[[object], None]
) -> None:
    with app.app_context():
        clock(NOW)
        look_ahead()
        assert said(Stage.IIT) == said(Stage.PREPARATION) == {}
        assert {row.why for row in said(Stage.OIT).values()} == {None}
        clock(NOW + timedelta(days=25))
        look_ahead()
        late = said(Stage.PREPARATION)
        assert late and {row.why for row in late.values()} == {Why.NOT_BEGUN}


def test_the_open_days_of_a_stage_are_those_of_its_windows(app: Portal, world: World) -> None:
    with app.app_context(), privileged("a test looks") as session:
        round = session.get_one(Round, world.round_id)
        days = open_days(round, Stage.IIT)
        assert (days[0], days[-1], len(days)) == (
            NOW.date() - timedelta(days=8),
            NOW.date() + timedelta(days=44),
            53,
        )
        assert clock.now() is not None
