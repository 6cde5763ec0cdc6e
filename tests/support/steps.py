"""A table of transitions as plain data, to hold against one that a test wrote; what guards ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models.participation import Participation
from models.round import Round, RoundState, Stage, Window, WindowKind
from portal.core.workflow import Workflow
from tests.support.world import NOW

#: from where, to where, by which permission
Steps = dict[str, tuple[set[Any], Any, Any]]


def steps_of(workflow: Workflow) -> Steps:
    """Every step of a table by its name."""
    return {step.name: (set(step.sources), step.target, step.permission) for step in workflow.transitions}


def in_round(stage: Stage, state: RoundState = RoundState.OPEN) -> Participation:
    """An agency of a round in which nothing but one stage is open at ``NOW``; stored nowhere."""
    day = timedelta(days=1)
    window = Window(stage=stage, kind=WindowKind.MAIN, opens_at=NOW - day, closes_at=NOW + day)
    return Participation(round=Round(state=state, office_grace_seconds=0, windows=[window]))
