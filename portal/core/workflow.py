"""Walks transition tables. Nothing else assigns a state.

A table (``portal/<subject>/workflow.py``) is plain data: name, from, to, permission, guard. What the acting
person may not do, or what is not possible from here, is refused with a reason that a page can show.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor, Permission, can
from portal.core.contributors import own_work
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused

Guard = Callable[[Any], None]


@dataclass(frozen=True)
class Transition:
    """One step. ``guard`` raises ``Refused`` (or ``Closed``) with the reason why it is not possible now."""

    name: str
    sources: frozenset[enum.Enum]
    target: enum.Enum
    permission: Permission
    guard: Guard | None = None
    label: str = ""


def _elsewhere(_obj: Any) -> Refused:
    return Refused("This step is not possible now")


@dataclass(frozen=True)
class Workflow:
    """The states of one kind of row, kept in its attribute ``field``.

    ``elsewhere`` says why a step is not possible from the state that a row is in.
    """

    thing: str
    field: str
    transitions: tuple[Transition, ...]
    elsewhere: Callable[[Any], Refused] = _elsewhere

    def transition(self, name: str) -> Transition:
        """The step of this name. Raises KeyError."""
        return {step.name: step for step in self.transitions}[name]


def fire(workflow: Workflow, obj: Any, name: str, *, actor: Actor, **values: Any) -> None:
    """Take a step: the state and the facts that belong to it (moments, reasons, counts) in one change.

    Flushed, and recorded as "<thing>.<name>". Raises NotFound where the actor may not do it or the row is out
    of scope, Refused where the row is in another state, and what the guard raises; nothing is changed then.
    """
    reason = why_not(workflow, obj, name, actor=actor)
    if reason is not None:
        raise reason
    with audit.act(f"{workflow.thing}.{name}"), db.session.no_autoflush:
        for field, value in values.items():
            setattr(obj, field, value)
        setattr(obj, workflow.field, workflow.transition(name).target)
        db.session.flush()


def why_not(workflow: Workflow, obj: Any, name: str, *, actor: Actor) -> Refused | None:
    """The reason why a step is not possible for a person who may take it; None where it is possible.

    Who entered a part of the row does not judge it (``SEPARATED``).

    Raises NotFound where the actor may not do it.
    """
    step = workflow.transition(name)
    if not can(actor, step.permission, obj):
        raise NotFound
    own = own_work(step.permission, obj, actor)
    if own is not None:
        return own
    if getattr(obj, workflow.field) not in step.sources:
        return workflow.elsewhere(obj)
    try:
        if step.guard is not None:
            step.guard(obj)
    except Refused as refused:
        return refused
    return None


def fire_by_clock(session: Session, workflow: Workflow, obj: Any, name: str, **values: Any) -> None:
    """Take a step whose day has come, as somebody who might ordered before; nobody sits there now.

    Flushed, and recorded as ``fire`` does. Raises Refused where the row is in another state.
    """
    step = workflow.transition(name)
    if getattr(obj, workflow.field) not in step.sources:
        raise workflow.elsewhere(obj)
    with audit.act(f"{workflow.thing}.{name}"):
        for field, value in {**values, workflow.field: step.target}.items():
            setattr(obj, field, value)
        session.flush()
