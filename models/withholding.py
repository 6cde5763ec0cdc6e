"""Which computed figures may be shown, so that none lets a reader infer one person's answer (A4).

Questions, lines, distributions and single channels need the first threshold (10); indicators, the instrument
and the total the second (3). Both belong to the round. A checklist has no respondents and is always shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from models.scoring import Level, Node

_PEOPLE_DETAIL = frozenset({Level.QUESTION, Level.SUB_ITEM})


@dataclass(frozen=True)
class Thresholds:
    """Smallest numbers of respondents: for details, and for indicators, instrument and total."""

    detail: int = 10
    total: int = 3


def withhold(nodes: Sequence[Node], thresholds: Thresholds) -> tuple[Node, ...]:
    """The nodes of a survey with the scores that may not be shown set to None.

    Where one question of an indicator is too small, all its questions and lines are withheld: one alone
    could be worked out from the indicator and the others.
    """
    if nodes and nodes[0].n < thresholds.total:
        return tuple(replace(node, score=None) for node in nodes)
    small = _too_small(nodes, thresholds.detail)
    return tuple(replace(node, score=None) if _hidden(node, small) else node for node in nodes)


def total_withheld(respondents: Iterable[int], thresholds: Thresholds) -> bool:
    """True where a survey has too few respondents: the total would give its score away."""
    return any(n < thresholds.total for n in respondents)


def _too_small(nodes: Sequence[Node], least: int) -> frozenset[str]:
    """Codes of questions and (sub-)indicators whose details are withheld."""
    parents = {node.code: node.parent for node in nodes if node.level is not Level.SUB_ITEM}
    small: set[str] = set()
    for node in nodes:
        if node.level in _PEOPLE_DETAIL and 0 < node.n < least:
            question = node.parent if node.level is Level.SUB_ITEM else node.code
            small.add(parents.get(question, ""))
    questions = {node.code for node in nodes if node.level is Level.QUESTION and node.parent in small}
    return frozenset(small | questions)


def _hidden(node: Node, small: frozenset[str]) -> bool:
    return node.level in _PEOPLE_DETAIL and node.parent in small
