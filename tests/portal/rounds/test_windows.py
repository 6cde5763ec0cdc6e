"""The windows of a round as days: what is wrong with a plan, what is history, and what is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.round import Round, RoundState, Stage, Window, WindowKind
from models.thai import thai_date_short
from models.zone import BANGKOK
from portal.core.database.session import db
from portal.core.errors import Refused, Stale
from portal.core.web import Portal
from portal.rounds.building import steps
from portal.rounds.windows import current_plan, has_closed, has_opened, problems, save, shortened
from tests.support.rooms import add_draft
from tests.support.world import NOW, World, acting_as

Days = tuple[date | None, date | None]
Clock = Callable[[object], None]
TODAY = NOW.date()
MAIN, SUPPLEMENTARY, LAST_CALL = WindowKind
NONE: Days = (None, None)


def on(day: int) -> date:
    """A day by its distance from today."""
    return TODAY + timedelta(days=day)


def midnight(day: int) -> datetime:
    return datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=BANGKOK) + timedelta(days=day)


def iit(*spans: tuple[WindowKind, int, int], state: RoundState = RoundState.OPEN) -> Round:
    """A round with windows of IIT from a first to a last day."""
    windows = [
        Window(stage=Stage.IIT, kind=kind, opens_at=midnight(first), closes_at=midnight(last + 1))
        for kind, first, last in spans
    ]
    return Round(windows=windows, state=state)


def told(round: Round, **changes: Days) -> list[tuple[str, str, str]]:
    """What is wrong with the stored plan and these changes: kind, edge, reason."""
    plan = current_plan(round) | {(Stage.IIT, WindowKind(kind)): days for kind, days in changes.items()}
    return [(found.key[1].value, found.edge, found.reason) for found in problems(round, plan)]


def test_a_window_is_its_first_and_last_day_and_what_is_not_held_is_empty() -> None:
    plan = current_plan(iit((MAIN, -3, 4)))
    assert plan[Stage.IIT, MAIN] == (on(-3), on(4))
    assert [days for key, days in plan.items() if key != (Stage.IIT, MAIN)] == [NONE] * 17


BOTH = "Enter both days, or leave both empty"
BACKWARDS = "The last day lies before the first day, %(day)s"
ABOVE = "It begins before the window above ends on %(day)s"
OPENED = "It opened on %(day)s already: that day stays"
CLOSED = "It closed on %(day)s already: add a later window instead"
BEGIN_LATER, END_LATER = (
    "The day has passed: begin today or later",
    "The day has passed: end today or later",
)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"main": (on(5), on(9))}, []),
        ({"main": (on(-99), on(-90))}, []),  # a draft has not happened yet
        ({"main": (on(5), on(5))}, []),
        ({"main": (on(5), None)}, [("main", "last", BOTH)]),
        ({"main": (None, on(5))}, [("main", "first", BOTH)]),
        ({"main": (on(5), on(4))}, [("main", "last", BACKWARDS)]),
        ({"main": (on(5), on(9)), "supplementary": (on(10), on(12))}, []),
        ({"main": (on(5), on(9)), "supplementary": (on(9), on(12))}, [("supplementary", "first", ABOVE)]),
        ({"main": (on(5), on(9)), "last_call": (on(9), on(12))}, [("last_call", "first", ABOVE)]),
        ({"supplementary": (on(5), on(9)), "last_call": (on(10), on(12))}, []),
    ],
)
def test_the_days_of_a_draft_fit_each_other(
    changes: dict[str, Days], problem: list[tuple[str, str, str]]
) -> None:
    assert told(iit(state=RoundState.DRAFT), **changes) == problem


@pytest.mark.parametrize(
    ("stored", "changes", "problem"),
    [
        # open since three days: its beginning is history, its end may move from today on
        ((MAIN, -3, 4), {"main": (on(-3), on(9))}, []),
        ((MAIN, -3, 4), {"main": (on(-3), on(0))}, []),
        ((MAIN, -3, 4), {"main": (on(-3), on(-1))}, [("main", "last", END_LATER)]),
        ((MAIN, -3, 4), {"main": (on(-2), on(4))}, [("main", "first", OPENED)]),
        ((MAIN, -3, 4), {"main": NONE}, [("main", "first", OPENED)]),
        # over: it stays, and a later window is added
        ((MAIN, -9, -3), {}, []),
        ((MAIN, -9, -3), {"main": (on(-9), on(5))}, [("main", "last", CLOSED)]),
        ((MAIN, -9, -3), {"main": NONE}, [("main", "first", OPENED), ("main", "last", CLOSED)]),
        ((MAIN, -9, -3), {"last_call": (on(0), on(5))}, []),
        # to come: it may move or go, but not into the past
        ((MAIN, 3, 9), {"main": (on(0), on(9))}, []),
        ((MAIN, 3, 9), {"main": NONE}, []),
        ((MAIN, 3, 9), {"main": (on(-1), on(9))}, [("main", "first", BEGIN_LATER)]),
        (
            (MAIN, 3, 9),
            {"last_call": (on(-5), on(-4))},
            [("last_call", "first", BEGIN_LATER), ("last_call", "last", END_LATER)],
        ),
    ],
)
def test_what_has_happened_in_an_open_round_stays(
    stored: tuple[WindowKind, int, int],
    changes: dict[str, Days],
    problem: list[tuple[str, str, str]],
    clock: Clock,
) -> None:
    clock(NOW)
    assert told(iit(stored), **changes) == problem


def test_a_closed_window_names_the_day_on_which_it_closed(clock: Clock) -> None:
    clock(NOW)
    round = iit((MAIN, -9, -3))
    found = problems(round, current_plan(round) | {(Stage.IIT, MAIN): (on(-9), on(9))})
    assert [problem.values for problem in found] == [{"day": thai_date_short(on(-3))}]


def test_a_window_opens_and_closes_at_its_first_moment_outside() -> None:
    round, key = iit((MAIN, 0, 4)), (Stage.IIT, MAIN)
    a_moment = timedelta(microseconds=1)
    assert not has_opened(round, key, midnight(0) - a_moment)
    assert has_opened(round, key, midnight(0))
    assert not has_closed(round, key, midnight(5) - a_moment)
    assert has_closed(round, key, midnight(5))
    assert not has_opened(round, (Stage.IIT, LAST_CALL), midnight(5)), "it is not held"
    round.state = RoundState.DRAFT
    assert not has_opened(round, key, midnight(5)) and not has_closed(round, key, midnight(5))


@pytest.mark.parametrize(
    ("days", "shorter"),
    [((0, 4), False), ((0, 5), False), ((1, 4), False), ((0, 3), True), (None, True)],
)
def test_an_end_before_the_announced_day_shortens(days: tuple[int, int] | None, shorter: bool) -> None:
    round, key = iit((MAIN, 0, 4)), (Stage.IIT, MAIN)
    plan = current_plan(round) | {key: (on(days[0]), on(days[1])) if days else NONE}
    assert shortened(round, plan) == ([key] if shorter else [])
    round.state = RoundState.DRAFT
    assert shortened(round, plan) == [], "nothing of a draft was announced"


# -- stored ------------------------------------------------------------------------------------------------


def windows_of(round: Round, stage: Stage) -> dict[WindowKind, tuple[datetime, datetime]]:
    rows = db.session.scalars(select(Window).where(Window.round_id == round.id, Window.stage == stage))
    return {row.kind: (row.opens_at, row.closes_at) for row in rows}


@pytest.mark.postgres
def test_days_are_stored_as_whole_days_and_what_is_left_out_goes(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("nacc")) as nacc:
        round = db.session.get_one(Round, world.round_id)
        plan = current_plan(round) | {
            (Stage.IIT, LAST_CALL): (on(60), on(61)),
            (Stage.PREPARATION, LAST_CALL): NONE,
            (Stage.OIT, SUPPLEMENTARY): (on(50), on(55)),
        }
        save(round, plan, actor=nacc)
        assert windows_of(round, Stage.IIT)[LAST_CALL] == (midnight(60), midnight(62))
        assert set(windows_of(round, Stage.PREPARATION)) == {MAIN, SUPPLEMENTARY}
        save(round, plan | {(Stage.OIT, SUPPLEMENTARY): (on(52), on(55))}, actor=nacc)
        assert windows_of(round, Stage.OIT)[SUPPLEMENTARY] == (midnight(52), midnight(56))


def test_the_days_of_a_draft_are_stored(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("nacc")) as nacc:
        round = add_draft(db.session())
        before = current_plan(round)
        save(round, before | {(Stage.IIT, LAST_CALL): (on(60), on(61))}, actor=nacc)
        assert windows_of(round, Stage.IIT)[LAST_CALL] == (midnight(60), midnight(62))
        step = steps.last_step(round)
        assert step is not None and step.act == "round.windows"
        steps.take_back(round, number=step.number)
        assert current_plan(round) == before, "each save is a step that can be taken back"


@pytest.mark.postgres
def test_a_time_of_day_that_was_set_otherwise_stays_with_its_day(app: Portal, world: World) -> None:
    noon = midnight(30) + timedelta(hours=12)
    with app.app_context(), acting_as(world.actor("nacc")) as nacc:
        round = db.session.get_one(Round, world.round_id)
        window = next(row for row in round.windows if row.stage is Stage.OIT)
        opened, window.closes_at = window.opens_at, noon
        db.session.flush()
        save(round, current_plan(round), actor=nacc)
        assert windows_of(round, Stage.OIT) == {MAIN: (opened, noon)}
        save(round, current_plan(round) | {(Stage.OIT, MAIN): (window.span.first_day, on(40))}, actor=nacc)
        assert windows_of(round, Stage.OIT) == {MAIN: (opened, midnight(41))}


@pytest.mark.postgres
def test_a_wrong_plan_or_a_closed_round_is_refused_and_a_stale_page_told(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("nacc")) as nacc:
        round = db.session.get_one(Round, world.round_id)
        plan, seen = current_plan(round), round.version
        with pytest.raises(Refused) as refused:
            save(round, plan | {(Stage.OIT, LAST_CALL): (on(99), on(98))}, actor=nacc)
        assert "วันสุดท้ายอยู่ก่อนวันแรก" in refused.value.message
        save(round, plan, seen_version=seen, actor=nacc)
        with pytest.raises(Stale):
            save(round, plan, seen_version=seen, actor=nacc)
        round.state = RoundState.CLOSED
        db.session.flush()
        with pytest.raises(Refused, match="closed: its dates stay"):
            save(round, plan, actor=nacc)
