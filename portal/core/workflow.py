"""Walks transition tables. Nothing else assigns a state.

A table (``portal/<subject>/workflow.py``) is plain data: name, from, to, permission, guard. What the acting
person may not do, or what is not possible from here, is refused with a reason that a page can show.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.core import audit
from portal.core.access import Actor, Permission, can
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


@dataclass(frozen=True)
class Workflow:
    """The states of one kind of row, kept in its attribute ``field``."""

    thing: str
    field: str
    transitions: tuple[Transition, ...]

    def transition(self, name: str) -> Transition:
        """The step of this name. Raises KeyError."""
        return {step.name: step for step in self.transitions}[name]


def fire(workflow: Workflow, obj: Any, name: str, *, actor: Actor) -> None:
    """Take a step and flush it under the act "<thing>.<name>".

    Raises NotFound where the actor may not do it or the row is out of scope, Refused where the row is in
    another state, and what the guard raises.
    """
    step = workflow.transition(name)
    if not can(actor, step.permission, obj):
        raise NotFound
    if getattr(obj, workflow.field) not in step.sources:
        raise Refused("This step is not possible now, because somebody has moved it on in the meantime")
    if step.guard is not None:
        step.guard(obj)
    with audit.act(f"{workflow.thing}.{step.name}"):
        setattr(obj, workflow.field, step.target)
        db.session.flush()


def why_not(workflow: Workflow, obj: Any, name: str, *, actor: Actor) -> Refused | None:
    """The reason why a step is not possible for a person who may take it; None where it is possible.

    Gives a plain Refused also where the state does not fit. Raises NotFound where the actor may not do it.
    """
    step = workflow.transition(name)
    if not can(actor, step.permission, obj):
        raise NotFound
    if getattr(obj, workflow.field) not in step.sources:
        return Refused("This step is not possible now")
    try:
        if step.guard is not None:
            step.guard(obj)
    except Refused as trouble:
        return trouble
    return None
