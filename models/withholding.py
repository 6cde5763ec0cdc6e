"""Which computed figures may be shown, so that none lets a reader infer one person's answer (A4).

Questions, lines, distributions and single channels need the first threshold (10); indicators, the instrument
and the total the second (3). Both belong to the round. A checklist has no respondents and is always shown.

Who chose "not applicable" stands behind no score: many respondents may leave one person behind an indicator.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from models.scoring import Level, Node

_PEOPLE_DETAIL = frozenset({Level.QUESTION, Level.SUB_ITEM})
_GROUPS = frozenset({Level.INDICATOR, Level.SUB_INDICATOR})


@dataclass(frozen=True)
class Thresholds:
    """Smallest numbers of respondents: for details, and for indicators, instrument and total."""

    detail: int = 10
    total: int = 3


def withhold(nodes: Sequence[Node], thresholds: Thresholds) -> tuple[Node, ...]:
    """The nodes of a survey with the scores that may not be shown set to None.

    Where one question of an indicator is too small, all its questions and lines are withheld: one alone
    could be worked out from the indicator and the others. So are all indicators beside one that is too small,
    with what is in them.
    """
    if nodes and people_behind(nodes) < thresholds.total:
        return tuple(replace(node, score=None) for node in nodes)
    small, groups = _too_small(nodes, thresholds.detail), _groups_too_small(nodes, thresholds.total)
    questions = {node.code for node in nodes if node.level is Level.QUESTION and node.parent in groups}
    small |= groups | questions
    return tuple(replace(node, score=None) if _hidden(node, small, groups) else node for node in nodes)


def people_behind(nodes: Sequence[Node]) -> int:
    """How many people stand behind the score of a survey: no more than behind its largest indicator."""
    behind = _behind(nodes)
    tops = [behind[node.code] for node in nodes if node.level is Level.INDICATOR and node.code in behind]
    return min(nodes[0].n, max(tops, default=nodes[0].n))


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


def _behind(nodes: Sequence[Node]) -> dict[str, int]:
    """By (sub-)indicator the largest number behind a line in it: the others are mixed with that one."""
    behind: dict[str, int] = {}
    above = {node.code: node.parent for node in nodes if node.level is Level.QUESTION}
    for node in nodes:
        if node.level is Level.SUB_ITEM and node.n:
            group = above[node.parent]
            behind[group] = max(behind.get(group, 0), node.n)
    for node in nodes:
        if node.level is Level.SUB_INDICATOR and node.code in behind:
            behind[node.parent] = max(behind.get(node.parent, 0), behind[node.code])
    return behind


def _groups_too_small(nodes: Sequence[Node], least: int) -> frozenset[str]:
    """Codes of (sub-)indicators withheld because they, or one beside them, have too few people."""
    behind = _behind(nodes)
    above = {node.parent for node in nodes if node.level in _GROUPS and 0 < behind.get(node.code, 0) < least}
    hidden: set[str] = set()
    for node in nodes:  # what is above comes first
        if node.level in _GROUPS and (node.parent in above or node.parent in hidden):
            hidden.add(node.code)
    return frozenset(hidden)


def _hidden(node: Node, small: frozenset[str], groups: frozenset[str]) -> bool:
    if node.level in _GROUPS:
        return node.code in groups
    return node.level in _PEOPLE_DETAIL and node.parent in small
