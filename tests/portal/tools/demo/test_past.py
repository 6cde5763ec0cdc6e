"""The demonstration's past round: assessed to its end, with agencies of every quality."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.ballot import OpenedAnswer
from models.certificate import Certificate, CertificateRelease
from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState
from models.participation import Participation
from models.result import Result
from models.round import Round, RoundState
from portal.ballot import recount
from portal.tools.demo import past
from portal.tools.demo.load import FISCAL_YEAR
from tests.portal.tools.conftest import MADE_AT


@pytest.fixture
def before(shown: Session) -> Round:
    """The past round."""
    return shown.scalars(select(Round).where(Round.fiscal_year == FISCAL_YEAR - 1)).one()


def test_it_is_opened_and_lies_a_year_back(before: Round) -> None:
    assert before.state is RoundState.OPENED
    assert before.opened_at is not None and before.closed_at is not None
    assert before.opened_at < before.closed_at < MADE_AT


def test_agencies_of_the_home_province_have_grades_over_the_whole_scale(
    shown: Session, before: Round
) -> None:
    query = select(Participation.province_name, Result.grade, Result.below).join(Result.participation)
    rows = shown.execute(query.where(Result.round_id == before.id)).all()
    graded = [row for row in rows if row.grade is not None]
    assert {row.province_name for row in graded} == {"ลำปาง"}
    assert {row.grade for row in graded} >= {"AA", "A", "B", "C", "D"}
    below = sum(row.below != "" for row in graded)
    assert 0 < below < len(graded) / 5, "most reached their minimum, and some show what it says when not"


def test_the_rest_of_the_country_was_not_assessed(shown: Session, before: Round) -> None:
    query = select(Result.reason, func.count()).where(Result.round_id == before.id, Result.total.is_(None))
    assert set(dict(shown.execute(query.group_by(Result.reason)).all())) == {"not_assessable"}


def test_counters_fit_the_opened_answers_and_every_choice_is_one_of_the_form(
    shown: Session, before: Round
) -> None:
    assert recount.differences(before.id) == []
    answers = shown.scalars(select(OpenedAnswer.answers)).all()
    assert {len(one) for one in answers} == {51, 19}, "lines of IIT and EIT"
    assert min(map(min, answers)) >= 1


def test_every_assessed_checklist_is_scored_item_by_item(shown: Session, before: Round) -> None:
    mine = select(Participation.id).where(Participation.round_id == before.id)
    states = shown.scalars(select(Disclosure.state).where(Disclosure.participation_id.in_(mine)))
    assert set(states) == {DisclosureState.SCORED}
    scores = shown.scalars(select(DisclosureAnswer.score).where(DisclosureAnswer.participation_id.in_(mine)))
    assert set(scores) == {Decimal(0), Decimal(100)}


def test_a_good_agency_is_answered_with_the_best_choice_and_a_bad_one_less() -> None:
    """Scales differ: the best choice is the one with the most points, wherever it stands."""
    ranked = past._ranked([Decimal(0), Decimal(33), Decimal(67), Decimal(100)])
    assert ranked == [4, 3, 2, 1]
    chance = random.Random(1)
    drawn = {q: Counter(past._choice(ranked, q, chance) for _ in range(500)) for q in (1.0, 0.9, 0.2, 0.0)}
    assert drawn[1.0] == {4: 500}
    assert drawn[0.0] == {1: 500}
    assert drawn[0.9][4] > 400 > 200 > drawn[0.2][4]
    assert set(drawn[0.2]) == {1, 2, 3, 4}


def test_its_certificates_are_released_and_those_of_the_year_before_wait(
    shown: Session, before: Round
) -> None:
    release = shown.scalars(select(CertificateRelease)).one()
    graded = select(func.count()).select_from(Result).where(Result.grade.is_not(None))
    assert release.round_id == before.id
    assert release.count == shown.scalar(graded.where(Result.round_id == before.id))
    assert release.count == shown.scalar(select(func.count()).select_from(Certificate))
