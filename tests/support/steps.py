"""A table of transitions as plain data, to hold it against one that a test has written out."""

from __future__ import annotations

from typing import Any

from portal.core.workflow import Workflow

#: from where, to where, by which permission
Steps = dict[str, tuple[set[Any], Any, Any]]


def steps_of(workflow: Workflow) -> Steps:
    """Every step of a table by its name."""
    return {step.name: (set(step.sources), step.target, step.permission) for step in workflow.transitions}
