"""The drill's plan: what follows from its sizes."""

from __future__ import annotations

from portal.tools.drill.plan import SMALL, Plan


def test_every_fourth_of_those_that_stop_never_activates() -> None:
    """They take nought to three of the four steps, in turn."""
    assert Plan(agencies=10, incomplete=5).activated == 8
    assert Plan(agencies=10, incomplete=0).activated == 10
    assert (SMALL.activated, SMALL.confirmed, SMALL.answers) == (3, 1, 6)


def test_respondents_before_and_beside_are_of_those_who_answer() -> None:
    for plan in (Plan(), SMALL):
        assert 2 * plan.beside <= plan.answers
