"""Closing: not before the last survey and its grace time; no mark and no mark key is left, the counts are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from models.round import Round, RoundState, Stage, Window, WindowKind
from portal.ballot import closing
from portal.ballot.box import CastResult, cast
from portal.ballot.closing import closes_at, empty_marks, require_over, surveys_end
from portal.ballot.keys import key_folder
from portal.core.errors import Closed, Refused
from portal.core.web import Portal
from tests.factories.ballots import MarkFactory
from tests.factories.base import Make
from tests.factories.rounds import RoundFactory
from tests.support.ballots import answers_counted, bring_round_to, marks_left
from tests.support.respondents import IIT, LINES, box, citizen_id
from tests.support.world import NOW, World

ANSWERS = bytes([1]) * LINES[IIT]
DAY = timedelta(days=1)


def dated(*ends: tuple[Stage, WindowKind, datetime], grace: int = 600) -> Round:
    """A round whose windows end at these moments."""
    windows = [Window(stage=s, kind=k, opens_at=end - DAY, closes_at=end) for s, k, end in ends]
    return Round(windows=windows, grace_seconds=grace, office_grace_seconds=0)


@pytest.mark.parametrize("stage", [Stage.IIT, Stage.EIT, Stage.EIT_INTERVIEW])
@pytest.mark.parametrize("kind", list(WindowKind))
def test_whichever_survey_window_ends_last_the_boxes_wait_for_it(stage: Stage, kind: WindowKind) -> None:
    others = [(s, WindowKind.MAIN, NOW) for s in closing.SURVEY_STAGES if (s, kind) != (stage, kind.MAIN)]
    round = dated(*others, (stage, kind, NOW + DAY))
    assert surveys_end(round) == NOW + DAY
    assert closes_at(round) == NOW + DAY + timedelta(seconds=600)


@pytest.mark.parametrize("stage", [Stage.PREPARATION, Stage.OIT, Stage.OIT_SCORING])
def test_the_stages_of_offices_keep_no_box_open(stage: Stage) -> None:
    round = dated((Stage.IIT, WindowKind.MAIN, NOW), (stage, WindowKind.MAIN, NOW + DAY))
    assert surveys_end(round) == NOW


def test_without_any_survey_window_there_is_nothing_to_wait_for() -> None:
    round = dated((Stage.OIT, WindowKind.MAIN, NOW + DAY))
    assert closes_at(round) is None
    require_over(round)


def test_the_grace_time_runs_to_its_last_second(clock: Callable[[object], None]) -> None:
    round = dated((Stage.EIT, WindowKind.LAST_CALL, NOW), grace=600)
    over = NOW + timedelta(seconds=600)
    clock(over - timedelta(microseconds=1))
    with pytest.raises(Closed) as told:
        require_over(round)
    assert told.value.opens_at == over
    clock(over)
    require_over(round)


@pytest.mark.usefixtures("thawed")
@pytest.mark.postgres
@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.OPEN])
def test_the_marks_of_a_round_that_is_not_closed_stay(app: Portal, world: World, state: RoundState) -> None:
    with app.app_context():
        cast(box(world), citizen_id(1), ANSWERS)
        bring_round_to(world.round_id, state)
        with pytest.raises(Refused, match="must be closed"):
            empty_marks(world.round_id)
        assert marks_left(world.round_id) == 1
        assert key_folder().has_mark_key(world.round_id)


@pytest.mark.postgres
def test_the_marks_go_in_pieces_and_the_counts_stay(
    app: Portal, world: World, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = make(MarkFactory, round=make(RoundFactory, state=RoundState.OPEN)).round_id
    monkeypatch.setattr(closing, "PIECE", 2)
    told: list[tuple[int, int]] = []
    with app.app_context():
        for number in range(5):
            cast(box(world), citizen_id(number), ANSWERS)
        bring_round_to(world.round_id, RoundState.CLOSED)
        assert empty_marks(world.round_id, progress=lambda *step: told.append(step)) == 5
        assert not key_folder().has_mark_key(world.round_id)
        assert told == [(2, 5), (4, 5), (5, 5)]
        assert (marks_left(world.round_id), marks_left(elsewhere)) == (0, 1)
        assert answers_counted(world.round_id) == 5


@pytest.mark.postgres
def test_closing_that_was_killed_between_two_pieces_goes_on(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(_done: int, _all: int) -> None:
        raise Killed

    monkeypatch.setattr(closing, "PIECE", 2)
    with app.app_context():
        for number in range(3):
            cast(box(world), citizen_id(number), ANSWERS)
        bring_round_to(world.round_id, RoundState.CLOSED)
        with pytest.raises(Killed):
            empty_marks(world.round_id, progress=die)
        assert marks_left(world.round_id) == 1
        assert key_folder().has_mark_key(world.round_id), "it goes last"
        assert empty_marks(world.round_id) == 1
        assert empty_marks(world.round_id) == 0 and not key_folder().has_mark_key(world.round_id)


def test_marks_that_were_left_are_emptied_after_the_boxes_were_opened_too(app: Portal, world: World) -> None:
    with app.app_context():
        cast(box(world), citizen_id(1), ANSWERS)
        bring_round_to(world.round_id, RoundState.OPENED)
        assert empty_marks(world.round_id) == 1


@pytest.mark.postgres
def test_who_was_on_the_way_when_the_round_closed_leaves_no_mark(app: Portal, world: World) -> None:
    with app.app_context():
        target = box(world)
        bring_round_to(world.round_id, RoundState.CLOSED)
        assert cast(target, citizen_id(1), ANSWERS) is CastResult.CLOSED
        assert empty_marks(world.round_id) == 0
