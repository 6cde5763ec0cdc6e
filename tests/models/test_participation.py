"""The four steps of preparation: what "done" means is the same in Python and in SQL."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from models.participation import STEPS, Participation, PreparationState
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.rounds import ParticipationFactory
from tests.support.world import NOW

DONE: tuple[dict[str, Any], ...] = (
    {"activated_at": NOW},
    {"headcount": 52, "headcount_at": NOW},
    {"roster_count": 1, "roster_at": NOW},
    {"state": PreparationState.CONFIRMED, "confirmed_at": NOW},
)


def having(done: tuple[bool, ...]) -> dict[str, Any]:
    """The values of an agency that has done these steps."""
    return {name: value for step, had in zip(DONE, done, strict=True) if had for name, value in step.items()}


@pytest.mark.parametrize(
    ("done", "to_do"),
    [
        ((False, False, False, False), 1),
        ((True, False, False, False), 2),
        ((True, True, False, False), 3),
        ((True, True, True, False), 4),
        ((True, True, True, True), 0),
        ((False, True, True, True), 1),  # the first that is not done, whatever came after it
        ((True, False, True, False), 2),
    ],
)
def test_an_agency_is_behind_at_its_first_step_that_is_not_done(done: tuple[bool, ...], to_do: int) -> None:
    own = Participation(**({"roster_count": 0} | having(done)))
    assert own.steps == done
    assert own.step_dates == tuple(NOW if had else None for had in done)
    assert (own.steps_done, own.step_to_do) == (sum(done), to_do)


def test_a_roster_of_nobody_and_a_headcount_of_nobody_are_two_things() -> None:
    """Nobody inside is a number that was entered; a roster without names is not done."""
    own = Participation(headcount=0, roster_count=0)
    assert (own.is_counted, own.has_roster) == (True, False)


def test_sql_says_the_same_of_every_agency(app: Portal, make: Make) -> None:
    made = {done: make(ParticipationFactory, **having(done)) for done in product((False, True), repeat=4)}
    with app.app_context(), privileged("test") as session:
        query = select(Participation.id, Participation.step_to_do, *(step.sql for step in STEPS))
        rows = {row[0]: (row[1], tuple(map(bool, row[2:]))) for row in session.execute(query)}
        dated = {
            row[0]: tuple(row[1:])
            for row in session.execute(select(Participation.id, *(s.sql_date for s in STEPS)))
        }
    for done, own in made.items():
        assert rows[own.id] == (own.step_to_do, done)
        assert dated[own.id] == own.step_dates


@pytest.mark.parametrize(
    ("state", "editable"),
    [
        (PreparationState.ENTERING, True),
        (PreparationState.SUBMITTED, False),
        (PreparationState.RETURNED, True),
        (PreparationState.CONFIRMED, False),
    ],
)
def test_data_are_the_admins_while_they_are_entered_or_returned(
    state: PreparationState, editable: bool
) -> None:
    assert state.editable is editable
