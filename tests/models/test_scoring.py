"""Scores: examples worked by hand and properties of the tree."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scoring import (
    ChannelCounts,
    Combine,
    IndicatorSpec,
    InstrumentSpec,
    Level,
    Node,
    QuestionSpec,
    SubItemSpec,
    checklist_asking,
    score_checklist,
    score_survey,
    tally,
    weighted_total,
)

UP = tuple(map(Decimal, (0, 33, 67, 100)))
YES_IS_GOOD = (Decimal(100), Decimal(0))


def survey() -> InstrumentSpec:
    """Two indicators: Q1 with two lines and Q2 with one; Q3 of yes and no."""
    q1 = QuestionSpec("Q1", (SubItemSpec("Q1.1", 0, UP), SubItemSpec("Q1.2", 1, UP)))
    q2 = QuestionSpec("Q2", (SubItemSpec("Q2.1", 2, UP[::-1]),))
    q3 = QuestionSpec("Q3", (SubItemSpec("Q3.1", 3, YES_IS_GOOD),))
    return InstrumentSpec(
        "eit",
        Decimal(30),
        (IndicatorSpec("6", questions=(q1, q2)), IndicatorSpec("7", questions=(q3,))),
    )


def checklist() -> InstrumentSpec:
    nine = IndicatorSpec(
        "9", subs=(IndicatorSpec("9.1", items=("O1", "O2", "O3")), IndicatorSpec("9.2", items=("O4",)))
    )
    return InstrumentSpec("oit", Decimal(40), (nine, IndicatorSpec("10", items=("O5", "O6"))))


def by_code(nodes: tuple[Node, ...]) -> dict[tuple[str, str], Node]:
    return {(node.level.value, node.code): node for node in nodes}


def test_a_survey_worked_by_hand() -> None:
    counts = tally([bytes([4, 1, 1, 1]), bytes([2, 4, 2, 1]), bytes([3, 4, 4, 2])], survey())
    nodes = by_code(score_survey(survey(), {"self": counts}))
    line1, line2 = Fraction(100 + 33 + 67, 3), Fraction(0 + 100 + 100, 3)
    q1, q2, q3 = (line1 + line2) / 2, Fraction(100 + 67 + 0, 3), Fraction(200, 3)
    assert nodes["sub_item", "Q1.1"].score == line1
    assert nodes["question", "Q1"].score == q1
    assert nodes["indicator", "6"].score == (q1 + q2) / 2
    assert nodes["indicator", "7"].score == q3
    assert nodes["instrument", "eit"].score == ((q1 + q2) / 2 + q3) / 2
    assert nodes["instrument", "eit"].n == 3
    assert (nodes["question", "Q3"].parent, nodes["indicator", "7"].parent) == ("7", "eit")


def test_an_unanswered_line_counts_for_nobody() -> None:
    counts = tally([bytes([4, 0, 0, 1]), bytes([1, 0, 1, 1])], survey())
    nodes = by_code(score_survey(survey(), {"self": counts}))
    assert (nodes["sub_item", "Q1.2"].score, nodes["sub_item", "Q1.2"].n) == (None, 0)
    assert nodes["question", "Q1"].score == 50
    assert nodes["question", "Q1"].n == 2
    assert nodes["question", "Q2"].score == 100
    assert nodes["question", "Q2"].n == 1


def test_as_many_people_stand_behind_a_question_as_behind_its_smallest_line() -> None:
    nodes = by_code(
        score_survey(survey(), {"self": tally([bytes([4, 4, 1, 1]), bytes([4, 0, 1, 1])], survey())})
    )
    assert [nodes["sub_item", line].n for line in ("Q1.1", "Q1.2")] == [2, 1]
    assert nodes["question", "Q1"].n == 1


def test_a_survey_with_sub_indicators_has_a_node_for_each() -> None:
    inner = survey().indicators
    spec = InstrumentSpec("eit", Decimal(30), (IndicatorSpec("5", subs=inner),))
    nodes = by_code(score_survey(spec, {"self": tally([bytes([4, 4, 1, 1])], spec)}))
    assert nodes["sub_indicator", "6"].parent == nodes["sub_indicator", "7"].parent == "5"
    assert nodes["indicator", "5"].score == 100


def test_pooled_and_half_and_half() -> None:
    many = tally([bytes([4, 4, 1, 1])] * 9, survey())
    one = tally([bytes([1, 1, 4, 2])], survey())
    counts = {"self": many, "interview": one}
    assert score_survey(survey(), counts)[0].score == 90
    assert score_survey(survey(), counts, combine=Combine.HALVES)[0].score == 50
    assert score_survey(survey(), {"self": many}, combine=Combine.HALVES)[0].score == 100


def test_without_answers_there_is_no_score() -> None:
    nodes = score_survey(survey(), {})
    assert all(node.score is None and node.n == 0 for node in nodes)


def test_an_item_in_a_small_sub_indicator_weighs_more() -> None:
    scores = dict.fromkeys(("O1", "O2", "O3", "O4", "O5", "O6"), Decimal(100))
    big = score_checklist(checklist(), scores | {"O1": Decimal(0)})[0].score
    small = score_checklist(checklist(), scores | {"O4": Decimal(0)})[0].score
    assert big == (Fraction(200, 3) + 100) / 2 / 2 + 50
    assert small == 75
    assert big is not None
    assert small < big


def test_an_item_without_a_score_leaves_the_checklist_without_one() -> None:
    scores: dict[str, Decimal | None] = dict.fromkeys(("O1", "O2", "O3", "O4", "O5"), Decimal(100))
    nodes = by_code(score_checklist(checklist(), scores))
    assert nodes["instrument", "oit"].score is None
    assert nodes["instrument", "oit"].n == 5
    assert nodes["indicator", "10"].score is None
    assert nodes["indicator", "9"].score == 100


def test_each_part_of_a_checklist_says_how_many_of_its_items_have_points() -> None:
    scores: dict[str, Decimal | None] = dict.fromkeys(("O1", "O4", "O5", "O6"), Decimal(100))
    nodes = by_code(score_checklist(checklist(), scores))
    parts = {code: node.n for (level, code), node in nodes.items() if level == "sub_indicator"}
    assert parts == {"9.1": 1, "9.2": 1}
    assert (nodes["indicator", "9"].n, nodes["indicator", "10"].n) == (2, 2)


def test_a_part_without_an_item_for_an_agency_leaves_the_mean() -> None:
    """Worked by hand: asked O1 (0), O4 (100) and O6 (100). 9.1 = 0, 9.2 = 100, so 9 = 50; 10 = 100; OIT = 75.
    Asked O4 and O6 only, 9.1 is not there: 9 = 9.2 = 100. Asked O6 only, 9 is not there either."""
    scores = {"O1": Decimal(0), "O4": Decimal(100), "O6": Decimal(100)}
    nodes = by_code(score_checklist(checklist_asking(checklist(), {"O1", "O4", "O6"}), scores))
    assert (nodes["indicator", "9"].score, nodes["instrument", "oit"].score) == (Fraction(50), Fraction(75))
    assert (nodes["indicator", "9"].n, nodes["instrument", "oit"].n) == (2, 3)
    nodes = by_code(score_checklist(checklist_asking(checklist(), {"O4", "O6"}), scores))
    assert ("sub_indicator", "9.1") not in nodes
    assert nodes["instrument", "oit"].score == nodes["indicator", "9"].score == 100
    nodes = by_code(score_checklist(checklist_asking(checklist(), {"O6"}), scores))
    assert {code for _level, code in nodes} == {"oit", "10", "O6"}


def test_an_asked_item_without_a_score_still_leaves_the_checklist_without_one() -> None:
    asked = checklist_asking(checklist(), {"O1", "O4"})
    assert score_checklist(asked, {"O1": Decimal(100)})[0].score is None
    assert score_checklist(checklist_asking(checklist(), set()), {})[0].score is None, "nothing is asked"


def test_the_total_is_weighted_and_needs_every_instrument() -> None:
    specs = [
        InstrumentSpec(code, Decimal(weight), ()) for code, weight in (("iit", 30), ("eit", 30), ("oit", 40))
    ]
    scores = {"iit": Fraction(80), "eit": Fraction(70), "oit": Fraction(100)}
    assert weighted_total(scores, specs) == 85
    assert weighted_total(scores | {"eit": None}, specs) is None
    with pytest.raises(ValueError, match="100 percent"):
        weighted_total(scores, specs[:2])


def test_a_foreign_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="lines"):
        tally([b"\1"], survey())
    with pytest.raises(ValueError, match="scale"):
        tally([bytes([1, 1, 1, 3])], survey())


answers = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(1, 2)).map(bytes),
    min_size=1,
    max_size=30,
)


@given(answers, st.randoms(use_true_random=False))
def test_order_and_channel_change_nothing_when_pooled(given_answers: list[bytes], random: object) -> None:
    spec = survey()
    whole = score_survey(spec, {"self": tally(given_answers, spec)})
    cut = len(given_answers) // 2
    parts = {
        "interview": tally(reversed(given_answers[:cut]), spec),
        "on_site": tally(given_answers[cut:], spec),
    }
    assert score_survey(spec, parts) == whole


@given(answers)
def test_scores_lie_between_0_and_100_and_every_node_is_there_once(given_answers: list[bytes]) -> None:
    nodes = score_survey(survey(), {"self": tally(given_answers, survey())})
    assert all(node.score is not None and 0 <= node.score <= 100 for node in nodes)
    assert len({(node.level, node.code) for node in nodes}) == len(nodes) == 1 + 2 + 3 + 4
    assert nodes[0].level is Level.INSTRUMENT


@given(answers)
def test_a_better_answer_never_lowers_the_score(given_answers: list[bytes]) -> None:
    best = bytes([4, 4, 1, 1])
    spec = survey()
    before = score_survey(spec, {"self": tally(given_answers, spec)})[0].score
    after = score_survey(spec, {"self": tally([*given_answers, best], spec)})[0].score
    assert before is not None
    assert after is not None
    assert after >= before


def test_counts_may_be_given_directly() -> None:
    counts = ChannelCounts(2, ((0, 0, 0, 2), (2, 0, 0, 0), (2, 0, 0, 0), (1, 1)))
    assert score_survey(survey(), {"self": counts})[0].score == (Fraction(75) + 50) / 2
