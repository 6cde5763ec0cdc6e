"""The table of an upgrade: each answer and each form stands in the step in which it was begun."""

from __future__ import annotations

import pytest

from portal.tools.faults.ledger import Asked, Person, Sending, Told
from portal.tools.upgrade.steps import Step, Steps, longest_until_thanks, table


def sending(since: float, until: float, told: Told, **more: bool) -> Sending:
    return Sending(0, 0, 1, whole=True, told=told, since=since, until=until, **more)


def test_answers_and_forms_are_counted_where_they_began() -> None:
    patient = Person(0, 0, "one", [sending(1, 2, Told.NOT_NOW), sending(3, 3.5, Told.THANKS)])
    cut = Person(1, 0, "two", [sending(1, 2, Told.NOTHING, cut=True), sending(2, 2.25, Told.AGAIN)])
    unheard = Person(2, 0, "three", [sending(1, 9, Told.NOTHING)])
    steps = [Step("first", 0, 2.5), Step("second", 2.5, 4), Step("third", 4, 5)]
    forms = [Asked(0.5, 1, 200), Asked(3, 5, 200), Asked(3, 3.1, 503), Asked(3, 33, 0)]
    heading, *lines = table(steps, [patient, cut, unheard], forms)
    assert heading.split()[:5] == ["seconds", "answers", "p50", "p95", "longest"]
    assert [line.split()[1:] for line in lines] == [
        ["2.5", "1", "0.25", "0.25", "0.25", "1", "0.50", "1", "1"],
        ["1.5", "1", "0.50", "0.50", "0.50", "2", "2.00", "1", "1"],
        ["1.0", "0", "0.00", "0.00", "0.00", "0", "0.00", "0", "0"],
    ]
    assert longest_until_thanks([patient, cut, unheard]) == 2.5
    assert longest_until_thanks([]) == 0


def test_a_step_ends_also_where_it_fails() -> None:
    steps = Steps()
    with pytest.raises(KeyError), steps.step("it fails"):
        raise KeyError
    assert steps.all[0].until >= steps.all[0].since > 0
