"""No shown figure gives one person's answer away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.scoring import Level, score_survey, tally
from models.withholding import Thresholds, people_behind, total_withheld, withhold
from tests.models.test_scoring import survey

ROUND = Thresholds()
DETAIL = {Level.QUESTION, Level.SUB_ITEM}


def shown_levels(n: int) -> set[Level]:
    nodes = withhold(score_survey(survey(), {"self": tally([bytes([4, 3, 1, 1])] * n, survey())}), ROUND)
    return {node.level for node in nodes if node.score is not None}


def test_below_three_nothing_below_ten_no_details() -> None:
    assert shown_levels(2) == set()
    assert shown_levels(3) == {Level.INSTRUMENT, Level.INDICATOR}
    assert shown_levels(9) == {Level.INSTRUMENT, Level.INDICATOR}
    assert shown_levels(10) == {Level.INSTRUMENT, Level.INDICATOR, *DETAIL}


def test_the_thresholds_belong_to_the_round() -> None:
    strict = Thresholds(detail=50, total=20)
    nodes = withhold(score_survey(survey(), {"self": tally([bytes([4, 3, 1, 1])] * 19, survey())}), strict)
    assert all(node.score is None for node in nodes)


def test_one_small_question_hides_its_whole_indicator_from_subtraction() -> None:
    answers = [bytes([4, 3, 1, 1])] * 9 + [bytes([4, 3, 0, 1])] * 11
    nodes = withhold(score_survey(survey(), {"self": tally(answers, survey())}), ROUND)
    hidden = {node.code for node in nodes if node.score is None}
    assert hidden == {"Q1", "Q1.1", "Q1.2", "Q2", "Q2.1"}


def test_a_line_that_nobody_answered_hides_nothing() -> None:
    nodes = withhold(score_survey(survey(), {"self": tally([bytes([4, 0, 1, 1])] * 10, survey())}), ROUND)
    assert {node.code for node in nodes if node.score is None} == {"Q1.2"}


def test_whether_a_survey_is_shown_is_asked_of_its_respondents_not_of_a_line() -> None:
    answers = [bytes([4, 3, 1, 0])] * 3 + [bytes([4, 3, 1, 1])]
    nodes = withhold(score_survey(survey(), {"self": tally(answers, survey())}), ROUND)
    assert nodes[0].score is not None


def left_to_one(people: int, *slots: int) -> list[bytes]:
    """So many answers, of which all but one leave these lines out."""
    rows = [[4, 3, 1, 1] for _person in range(people)]
    for row in rows[1:]:
        for slot in slots:
            row[slot] = 0
    return [bytes(row) for row in rows]


def hidden_of(answers: list[bytes]) -> set[str]:
    nodes = withhold(score_survey(survey(), {"self": tally(answers, survey())}), ROUND)
    return {node.code for node in nodes if node.score is None}


def test_an_indicator_mixed_of_many_is_shown_though_one_line_of_it_has_one_person() -> None:
    assert {"6", "7", "eit"}.isdisjoint(hidden_of(left_to_one(14, 1)))


def test_an_indicator_with_one_person_behind_it_is_withheld_with_all_beside_it() -> None:
    every = {node.code for node in score_survey(survey(), {"self": tally(left_to_one(14), survey())})}
    hidden = hidden_of(left_to_one(14, 3))
    assert hidden == every - {survey().code}, "the survey's own score is a mean with that of others"


def test_a_survey_with_one_person_behind_all_that_is_scored_is_withheld_and_so_is_the_total() -> None:
    nodes = score_survey(survey(), {"self": tally(left_to_one(14, 0, 1, 2, 3), survey())})
    assert (nodes[0].n, people_behind(nodes)) == (14, 1)
    assert all(node.score is None for node in withhold(nodes, ROUND))
    assert total_withheld([people_behind(nodes), 40], ROUND)
    assert people_behind(score_survey(survey(), {"self": tally([bytes(4)] * 5, survey())})) == 5


def test_a_total_with_a_small_survey_is_withheld() -> None:
    assert total_withheld([40, 2], ROUND)
    assert not total_withheld([40, 3], ROUND)


rows = st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.integers(0, 2)).map(bytes)


@given(st.lists(rows, max_size=40))
def test_no_detail_is_shown_for_fewer_than_the_threshold(answers: list[bytes]) -> None:
    nodes = withhold(score_survey(survey(), {"self": tally(answers, survey())}), ROUND)
    for node in nodes:
        if node.score is not None:
            assert node.n >= (ROUND.detail if node.level in DETAIL else ROUND.total)
