"""What breaks is spread over the time, tried until there is something to break, counted when done."""

from __future__ import annotations

import pytest

from portal.tools.faults import amounts, breaking
from portal.tools.faults.amounts import FULL, KINDS, SMALL, Amounts
from portal.tools.faults.breaking import Breaking, Fault, mixed
from portal.tools.faults.waiting import until


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaking, "PAUSE", 0.001)
    monkeypatch.setattr(breaking, "SLACK", 0.0)


def broken(*faults: Fault, seconds: float = 0.1) -> Breaking:
    """What came of breaking these, one after the other."""
    rushes: list[str] = []
    broken = Breaking([faults], lambda: rushes.append("people"))
    left: list[float] = []
    broken.run(seconds, meanwhile=left.append)
    assert left and left[0] <= seconds
    return broken


def test_each_is_done_and_counted() -> None:
    done = broken(Fault("one", lambda: True), Fault("two", lambda: True), Fault("one", lambda: True))
    assert done.done == {"one": 2, "two": 1}
    assert done.troubles == []


def test_where_there_is_nothing_to_break_it_is_tried_again() -> None:
    tries = iter([False, False, True])
    assert broken(Fault("late", lambda: next(tries))).done == {"late": 1}


def test_what_is_never_there_is_not_counted_and_ends_in_time() -> None:
    done = broken(Fault("never", lambda: False), Fault("after", lambda: True), seconds=0.05)
    assert done.done == {"never": 0, "after": 0}


def test_trouble_with_the_breaking_itself_is_told() -> None:
    def fail() -> bool:
        raise TimeoutError("it does not come back")

    assert broken(Fault("hard", fail)).troubles == ["hard: it does not come back"]


def test_who_interrupts_waits_for_no_fault() -> None:
    breaking = Breaking([[Fault("later", lambda: True)], [Fault("never", lambda: False)]], lambda: None)

    def interrupt(_left: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        breaking.run(60.0, meanwhile=interrupt)
    assert breaking.done == {}


def test_as_many_of_each_kind_as_are_planned_where_there_is_a_way() -> None:
    kinds = [fault.kind for fault in mixed({"a": 2, "b": 3}, {"a": lambda: True, "c": lambda: True})]
    assert kinds == ["a", "a"]


def test_the_full_form_has_what_is_promised() -> None:
    times = [
        number for plan in FULL.values() for kind, number in plan.times.items() if kind.startswith("kill")
    ]
    assert sum(times) >= amounts.LEAST_KILLS
    assert sum(plan.times[amounts.DISK] for plan in FULL.values()) >= amounts.LEAST_DISKS
    assert FULL["postgres"].times[amounts.RESTART] >= amounts.LEAST_RESTARTS
    assert sum(plan.people for plan in FULL.values()) >= amounts.LEAST_ANSWERS


def test_a_part_of_it_has_a_part_of_everything() -> None:
    part = Amounts(40, 9000, 540.0, {"a": 60, "b": 1}).scaled(0.1)
    assert part == Amounts(4, 900, 54.0, {"a": 6, "b": 1})


def test_kinds_are_chosen_by_name() -> None:
    assert SMALL["postgres"].only(["web", "restart"]).times.keys() == {
        amounts.WEB,
        amounts.WEB_WORKER,
        amounts.RESTART,
    }
    assert FULL["postgres"].only([]) == FULL["postgres"]
    assert frozenset().union(*KINDS.values()) == FULL["postgres"].times.keys()


def test_waiting_ends_with_what_came_or_says_what_did_not() -> None:
    answers = iter([None, 0, 7])
    assert until(lambda: next(answers), what="a number", seconds=5, every=0) == 7
    with pytest.raises(TimeoutError, match=r"within 0 s did not come: a miracle"):
        until(lambda: None, what="a miracle", seconds=0, every=0)
