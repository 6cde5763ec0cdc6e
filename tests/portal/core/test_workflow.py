"""Steps between states: who may take them, from where, and that nothing changes where one is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.round import Round, RoundState
from portal.core.access import Permission as P
from portal.core.acting import seated
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.core.workflow import Transition, Workflow, fire, why_not
from tests.support.world import World


def named(round: Any) -> None:
    if not round.name:
        raise Refused("Another round has this name")


STEPS = Workflow(
    "round",
    "state",
    (
        Transition("close", frozenset({RoundState.OPEN}), RoundState.CLOSED, P.ROUNDS_WRITE, guard=named),
        Transition("open", frozenset({RoundState.DRAFT}), RoundState.OPEN, P.ROUNDS_WRITE),
    ),
)


@pytest.fixture
def round(app: Portal, world: World) -> Iterator[Round]:
    """The open round, on the desk of the office that keeps rounds."""
    with app.test_request_context(), seated(world.actor("nacc")):
        yield db.session.get_one(Round, world.round_id)


@pytest.mark.usefixtures("thawed")
def test_a_step_changes_state_and_facts_and_is_recorded(round: Round, world: World) -> None:
    fire(STEPS, round, "close", actor=world.actor("nacc"), first_digits="9")
    assert (round.state, round.first_digits) == (RoundState.CLOSED, "9")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "round.close")).one()
    assert event.after == {"first_digits": "9", "state": "closed"}


@pytest.mark.parametrize(
    ("step", "person", "trouble", "words"),
    [
        ("open", "nacc", Refused, "not possible now"),
        ("close", "dla", NotFound, "not found"),
        ("no_step", "nacc", KeyError, "no_step"),
    ],
    ids=["from another state", "by who may not", "of no name"],
)
def test_a_step_that_is_not_possible_changes_nothing(
    round: Round, world: World, step: str, person: str, trouble: type[Exception], words: str
) -> None:
    with pytest.raises(trouble, match=words):
        fire(STEPS, round, step, actor=world.actor(person), first_digits="9")
    assert round.state is RoundState.OPEN and round.first_digits != "9"


def test_a_guard_says_why_before_anything_is_changed(round: Round, world: World) -> None:
    round.name = ""
    reason = why_not(STEPS, round, "close", actor=world.actor("nacc"))
    assert reason is not None and "Another round" in reason.message_id
    assert why_not(STEPS, round, "open", actor=world.actor("nacc")) is not None
    round.name = "มีชื่อ"
    assert why_not(STEPS, round, "close", actor=world.actor("nacc")) is None
