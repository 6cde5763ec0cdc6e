"""Results as screens show them: nothing before the opening, the scope, the order, what is withheld."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import event, update

from models.instrument import InstrumentKind
from models.participation import Participation
from models.result import ResultNode
from models.round import Round, RoundState
from models.survey import AnswerCount, Channel
from portal.content import local
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.results import lists, tree
from portal.results.lists import ResultQuery
from portal.results.tree import AgencyResult, ResultLine
from tests.portal.results.test_computing import (
    EIT,
    IIT,
    answered,
    computed,
    confirmed,
    extremes,
    scored,
    surveyed,
)
from tests.support.checklists import ask_only
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


def opened(world: World, state: RoundState = RoundState.OPENED) -> None:
    with writing(), privileged("a test opens the boxes") as session:
        session.execute(update(Round).values(state=state))


def the_round(world: World) -> Round:
    return db.session.get_one(Round, world.round_id)


def prepared(world: World) -> None:
    """Four agencies: a1 100 points, a2 80, b1 withheld (2 answers to EIT), b2 not confirmed."""
    confirmed(world, "a1", "a2", "b1")
    surveyed(world, "a1")
    surveyed(world, "a2")
    surveyed(world, "b1", eit=2)
    scored(world, "a1")
    scored(world, "a2", disclosed=0)
    scored(world, "b1")
    computed(world)


def peopled(world: World, agency: str, *, people: int, answers: dict[InstrumentKind, int]) -> None:
    """An agency of so many inside and outside, with so many answers counted."""
    with writing(), privileged("a test counts people") as session:
        row = session.get_one(Participation, world.participation[agency])
        row.headcount = row.roster_count = people
        for kind, number in answers.items():
            session.add(
                AnswerCount(
                    participation_id=row.id,
                    agency_id=row.agency_id,
                    province_id=row.province_id,
                    instrument=kind,
                    channel=Channel.SELF,
                    count=number,
                )
            )


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED])
def test_nothing_leaves_before_the_opening_though_results_are_stored(
    app: Portal, world: World, state: RoundState
) -> None:
    with app.app_context():
        prepared(world)
        opened(world, state)
        with acting_as(world.actor("nacc")):
            round = the_round(world)
            one = db.session.get_one(Participation, world.participation["a1"])
            assert not lists.figures_shown(round)
            for ask in (
                lambda: lists.spread(round),
                lambda: lists.rows_of(round, ResultQuery(), page=1),
                lambda: lists.rows_of(round, ResultQuery()),
                lambda: lists.count_of(round, ResultQuery()),
                lambda: tree.result_of(one),
            ):
                with pytest.raises(Refused):
                    ask()


def names(app: Portal, world: World, person: str, wanted: ResultQuery) -> list[str]:
    keys = {value: key for key, value in world.participation.items()}
    with app.app_context(), acting_as(world.actor(person)):
        round = the_round(world)
        rows = lists.rows_of(round, wanted, page=1)
        assert lists.count_of(round, wanted) == len(rows)
        return [keys[row.participation_id] for row in rows]


def test_each_desk_sees_the_results_of_its_own_agencies(app: Portal, world: World) -> None:
    with app.app_context():
        prepared(world)
        opened(world)
    assert names(app, world, "dla", ResultQuery()) == ["a1", "a2", "b2", "b1"]
    assert names(app, world, "province", ResultQuery()) == ["a1", "a2"]
    assert names(app, world, "province_other", ResultQuery()) == ["b2", "b1"]
    assert names(app, world, "assessor_other", ResultQuery()) == ["b1"]
    assert names(app, world, "executive_other", ResultQuery()) == ["b1"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ResultQuery(by="name"), ["a1", "b2", "a2", "b1"]),
        (ResultQuery(search="ท่า"), ["a2"]),
        (ResultQuery(search="ทต.เขา"), ["b2"]),
        (ResultQuery(search="อบต."), ["a2", "b1"]),
        (ResultQuery(search="%"), []),
        (ResultQuery(grade="AA"), ["a1"]),
        (ResultQuery(grade="withheld"), ["b1"]),
        (ResultQuery(grade="not_assessable"), ["b2"]),
        (ResultQuery(kind=local.SAO), ["a2", "b1"]),
    ],
)
def test_the_list_is_searched_filtered_and_ordered(
    app: Portal, world: World, wanted: ResultQuery, found: list[str]
) -> None:
    with app.app_context():
        prepared(world)
        opened(world)
    assert names(app, world, "nacc", wanted) == found


def test_a_row_shows_total_grade_and_instruments_and_no_withheld_figure(app: Portal, world: World) -> None:
    with app.app_context():
        prepared(world)
        opened(world)
        with acting_as(world.actor("nacc")):
            rows = {row.participation_id: row for row in lists.rows_of(the_round(world), ResultQuery())}
    best, withheld = rows[world.participation["a1"]], rows[world.participation["b1"]]
    assert (best.total, best.grade, best.passes) == (Decimal(100), "AA", True)
    assert best.scores == (Decimal(100), Decimal(100), Decimal(100))
    assert (withheld.total, withheld.grade, withheld.reason) == (None, None, "withheld")
    assert withheld.scores == (Decimal(100), None, Decimal(100))


def test_the_spread_counts_grades_and_reasons_of_the_place_asked_for(app: Portal, world: World) -> None:
    with app.app_context():
        prepared(world)
        opened(world)
        with acting_as(world.actor("nacc")):
            round = the_round(world)
            spread = lists.spread(round)
            krabi = lists.spread(round, ResultQuery(province_id=world.province["81"]))
            assert lists.pass_score(round) == 85
            assert [name for _key, name in lists.provinces_in(round)] == ["กระบี่", "ลำปาง"]
    assert [share.label for share in spread.grades] == ["AA", "A", "B", "C", "D", "E", "F"]
    assert (spread.agencies, spread.graded, spread.passed) == (4, 2, 1)
    assert {share.label: share.count for share in spread.reasons} == {
        "not_assessable": 1,
        "withheld": 1,
        "incomplete": 0,
    }
    assert (krabi.agencies, krabi.graded) == (2, 0)


def test_a_list_takes_two_queries_however_many_agencies(app: Portal, world: World) -> None:
    asked: list[str] = []
    with app.app_context():
        prepared(world)
        opened(world)
        with acting_as(world.actor("nacc")):
            round = the_round(world)
            lists.passing(round)  # the bands are the round's own

            def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
                if statement.startswith("SELECT"):
                    asked.append(statement)

            event.listen(db.engine, "before_cursor_execute", note)
            try:
                assert len(lists.rows_of(round, ResultQuery(), page=1)) == 4
            finally:
                event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == 2


# -- one agency ------------------------------------------------------------------------------------------


def result(app: Portal, world: World, agency: str) -> AgencyResult:
    with app.app_context(), acting_as(world.actor("nacc")):
        found = tree.result_of(db.session.get_one(Participation, world.participation[agency]))
        assert found is not None
        return found


def all_lines(line: ResultLine) -> list[ResultLine]:
    return [line, *(below for one in line.lines for below in all_lines(one))]


def test_the_tree_has_every_indicator_question_and_item_in_the_order_of_the_round(
    app: Portal, world: World
) -> None:
    with app.app_context():
        prepared(world)
        opened(world)
    found = result(app, world, "a1")
    assert [part.kind.value for part in found.parts] == ["iit", "eit", "oit"]
    codes = [line.code for part in found.parts for line in all_lines(part.line)]
    assert codes[:3] == ["iit", "1", "I1"]
    assert {"I30", "E15", "9.5", "O48"} <= set(codes)
    assert all(line.score == 100 for part in found.parts for line in all_lines(part.line))


@pytest.mark.usefixtures("thawed")
def test_the_tree_has_nothing_that_the_kind_of_agency_was_not_asked(app: Portal, world: World) -> None:
    with app.app_context():
        ask_only(world, {f"O{number}" for number in (1, *range(34, 49))}, local.PAO)
        prepared(world)
        opened(world)
    oit = result(app, world, "a1").parts[-1].line
    codes = {line.code for line in all_lines(oit)}
    assert codes >= {"9", "9.1", "O2", "O33"}
    assert not codes & {"O1", "O34", "10", "10.1", "10.2"}
    assert oit.score == 100


def test_a_survey_below_the_second_threshold_shows_no_figure_and_says_why(app: Portal, world: World) -> None:
    with app.app_context():
        prepared(world)
        opened(world)
    eit = result(app, world, "b1").parts[1]
    lines = all_lines(eit.line)
    assert {line.score for line in lines} == {None}
    assert {line.few for line in lines} == {3}
    assert eit.line.n == 2


def test_questions_below_the_first_threshold_are_not_shown_but_their_indicators_are(
    app: Portal, world: World
) -> None:
    with app.app_context():
        confirmed(world, "a1")
        given = extremes(world)
        answered(world, "a1", IIT, [given.best[IIT]] * 9, channel=Channel.SELF)
        answered(world, "a1", EIT, [given.best[EIT]] * 10, channel=Channel.SELF)
        scored(world, "a1")
        computed(world)
        opened(world)
    iit, eit, _oit = result(app, world, "a1").parts
    questions = [line for line in all_lines(iit.line) if line.level.value == "question"]
    assert {(line.score, line.few) for line in questions} == {(None, 10)}
    assert {line.score for line in iit.line.lines} == {Decimal(100)}
    assert {line.score for line in all_lines(eit.line)} == {Decimal(100)}


def test_a_figure_that_was_stored_against_the_rule_is_held_back_all_the_same(
    app: Portal, world: World
) -> None:
    with app.app_context():
        prepared(world)
        opened(world)
        with writing(), privileged("a test breaks the rule") as session:
            session.execute(
                update(ResultNode)
                .where(ResultNode.participation_id == world.participation["b1"])
                .values(score=Decimal(50))
            )
        with acting_as(world.actor("nacc")):
            rows = {row.participation_id: row for row in lists.rows_of(the_round(world), ResultQuery())}
    assert rows[world.participation["b1"]].scores == (Decimal(50), None, Decimal(50))
    eit = result(app, world, "b1").parts[1]
    assert eit.kind is InstrumentKind.EIT
    assert {line.score for line in all_lines(eit.line)} == {None}
