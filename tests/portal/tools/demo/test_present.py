"""The demonstration's open round: somebody stands at every step, and everything that is counted is there."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.assessor import Assignment
from models.disclosure import Disclosure, DisclosureState, Review
from models.instrument import InstrumentKind
from models.outlook import Outlook, Why
from models.participation import Participation, PreparationState
from models.roster import RosterEntry, RosterJudgement, RosterVerdict
from models.round import Round, RoundState, Stage, WindowKind
from models.survey import AnswerCount, DailyCount, SurveyLink
from portal.ballot import recount
from portal.ballot.keys import urn_ready
from portal.core import vault
from portal.core.stages import stage_state
from portal.tools.demo.load import FISCAL_YEAR
from portal.tools.demo.people import DemoAgencies, demo_agencies
from portal.tools.demo.present import MORE_NAMES, random_answer
from portal.tools.demo.windows import shifted_windows
from tests.portal.tools.conftest import MADE_AT


@pytest.fixture
def today(shown: Session) -> Round:
    """The open round."""
    return shown.scalars(select(Round).where(Round.fiscal_year == FISCAL_YEAR)).one()


@pytest.fixture
def five(shown: Session) -> DemoAgencies:
    """The agencies that people of the demonstration work for, and the newcomer's."""
    return demo_agencies(shown)


def part_of(session: Session, today: Round, agency_id: int) -> Participation:
    query = select(Participation).where(Participation.round_id == today.id)
    return session.scalars(query.where(Participation.agency_id == agency_id)).one()


def test_every_stage_is_open_for_weeks(today: Round) -> None:
    assert (today.state, urn_ready(today)) == (RoundState.OPEN, True)
    for days, stages in ((0, Stage), (8, Stage), (20, set(Stage) - {Stage.IIT})):
        when = MADE_AT + timedelta(days=days)
        assert all(stage_state(today, stage, when).current for stage in stages)


def test_windows_are_whole_days_of_bangkok() -> None:
    spans = shifted_windows(MADE_AT)
    assert {moment.strftime("%H:%M %z") for span in spans.values() for moment in span} == {"00:00 +0700"}
    assert spans[Stage.PREPARATION, WindowKind.MAIN][1] < MADE_AT, "the supplementary round is shown"


def test_agencies_stand_at_every_step_of_preparation(shown: Session, today: Round) -> None:
    rows = shown.scalars(select(Participation).where(Participation.round_id == today.id)).all()
    steps = Counter((row.is_activated, row.is_counted, row.roster_count > 0, row.state) for row in rows)
    entering, submitted = PreparationState.ENTERING, PreparationState.SUBMITTED
    assert set(steps) == {
        (False, False, False, entering),
        (True, False, False, entering),
        (True, True, False, entering),
        (True, True, True, submitted),
        (True, True, True, PreparationState.CONFIRMED),
    }
    assert steps[True, True, True, PreparationState.CONFIRMED] > len(rows) / 2


def test_the_people_of_the_demonstration_meet_each_step(
    shown: Session, today: Round, five: DemoAgencies
) -> None:
    assert not part_of(shown, today, five.unactivated.id).is_activated
    preparing = part_of(shown, today, five.preparing.id)
    assert (preparing.is_counted, preparing.roster_count) == (True, 0), "its admin enters the roster next"
    for agency in (five.confirmed, five.waiting, five.returned):
        assert part_of(shown, today, agency.id).state is PreparationState.CONFIRMED


def test_rosters_are_as_long_as_they_say_and_open_with_the_keys(shown: Session, today: Round) -> None:
    rows = shown.scalars(select(RosterEntry)).all()
    lengths = Counter(row.participation_id for row in rows)
    query = select(Participation.id, Participation.roster_count).where(
        Participation.round_id == today.id, Participation.roster_count > 0
    )
    assert lengths == dict(shown.execute(query).all())
    one = rows[0]
    name = vault.open_(one.name_sealed, row_context=vault.roster_context(one.participation_id, "name"))
    assert name.endswith(f" {one.number}")


def test_confirmed_agencies_have_both_links_and_those_at_home_an_assessor(
    shown: Session, today: Round
) -> None:
    confirmed = select(Participation.id).where(
        Participation.round_id == today.id, Participation.state == PreparationState.CONFIRMED
    )
    links = shown.execute(select(SurveyLink.participation_id, SurveyLink.instrument)).all()
    wanted = {
        (key, kind) for key in shown.scalars(confirmed) for kind in (InstrumentKind.IIT, InstrumentKind.EIT)
    }
    assert {tuple(link) for link in links} == wanted
    at_home = shown.scalars(confirmed.where(Participation.province_name == "ลำปาง"))
    assert set(shown.scalars(select(Assignment.participation_id))) == set(at_home)


def test_answers_went_through_the_box_and_the_home_agency_has_most(
    shown: Session, today: Round, five: DemoAgencies
) -> None:
    assert recount.differences(today.id) == []
    query = (
        select(AnswerCount.participation_id, func.sum(AnswerCount.count))
        .join(Participation, Participation.id == AnswerCount.participation_id)
        .where(Participation.round_id == today.id)
    )
    counts = dict(shown.execute(query.group_by(AnswerCount.participation_id)).all())
    assert counts.pop(part_of(shown, today, five.confirmed.id).id) == 2 * 18
    assert Counter(counts.values())[2 * 4] >= 9


def test_answers_came_day_by_day_and_some_are_likely_to_miss(shown: Session, today: Round) -> None:
    days = select(DailyCount.day, func.sum(DailyCount.count)).group_by(DailyCount.day)
    of_today = days.join(Participation, Participation.id == DailyCount.participation_id).where(
        Participation.round_id == today.id, DailyCount.instrument == InstrumentKind.IIT
    )
    came = dict(shown.execute(of_today).all())
    assert len(came) > 20 and sum(came.values()) > 500
    said = select(Outlook.why, func.count()).where(Outlook.stage == Stage.IIT).group_by(Outlook.why)
    named = dict(shown.execute(said).all())
    assert 0 < sum(number for why, number in named.items() if why) < sum(named.values())
    assert {why for why in named if why} == set(Why)


def test_one_checklist_waits_for_its_executive_and_one_was_returned_with_reasons(
    shown: Session, today: Round, five: DemoAgencies
) -> None:
    waiting, returned = (
        shown.scalars(
            select(Disclosure).where(Disclosure.participation_id == part_of(shown, today, agency.id).id)
        ).one()
        for agency in (five.waiting, five.returned)
    )
    assert (waiting.state, returned.state) == (DisclosureState.SUBMITTED, DisclosureState.RETURNED)
    assert {answer.review for answer in waiting.answers} == {Review.PENDING}
    failed = [answer for answer in returned.answers if answer.review is Review.FAIL]
    assert len(failed) == 2 and all(answer.review_reason for answer in failed)
    for answer in (*waiting.answers, *returned.answers):
        assert [link.url for link in answer.links] == [
            f"https://www.example.go.th/oit/{answer.item.code.lower()}"
        ]
        assert answer.score is None, "nobody has scored yet"


def test_the_assessor_asked_one_agency_for_more_names(
    shown: Session, today: Round, five: DemoAgencies
) -> None:
    (asked,) = shown.scalars(select(RosterJudgement)).all()
    assert asked.participation_id == part_of(shown, today, five.waiting.id).id
    assert (asked.verdict, asked.note) == (RosterVerdict.MORE_NAMES, MORE_NAMES)


def test_made_up_answers_stay_inside_their_scales() -> None:
    limits = (2, 4, 5)
    drawn = [random_answer(limits, random.Random(seed)) for seed in range(200)]
    for place, limit in enumerate(limits):
        assert {one[place] for one in drawn} == set(range(1, limit + 1))
