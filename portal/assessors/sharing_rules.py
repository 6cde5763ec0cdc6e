"""The rules of a round by which bodies are given agencies: kept in order; and what they would give whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from models.distribution import AssessorRule, Together
from models.round import Round
from models.sharing import Share, share_out
from portal.assessors import assignments
from portal.assessors.holdings import Conflicts, Held
from portal.core import audit
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound
from portal.core.lookup import hold
from portal.core.sent.versions import require_version


@dataclass
class Shared:
    """What the rules give: bodies by participation; whom no rule covers; whom conflicts leave without one."""

    given: dict[int, int] = field(default_factory=dict)
    uncovered: list[int] = field(default_factory=list)
    conflict: list[int] = field(default_factory=list)


def rules_of(round: Round) -> list[AssessorRule]:
    """The rules of a round, in their order."""
    query = select(AssessorRule).where(AssessorRule.round_id == round.id)
    return list(db.session.scalars(query.order_by(AssessorRule.position, AssessorRule.id)))


def save_rule(
    round: Round, rule: AssessorRule | None, values: dict[str, Any], *, actor: Actor, seen: int
) -> AssessorRule:
    """Add a rule at the end, or change one.

    Raises NotFound where the actor may not, Refused once results stand, Stale where it was changed since.
    """
    _require_may(round, actor)
    require_version(rule, seen if rule is not None else None)
    with audit.act("assessor_rule.save"):
        if rule is None:
            highest = select(func.max(AssessorRule.position)).where(AssessorRule.round_id == round.id)
            rule = AssessorRule(round_id=round.id, position=(db.session.scalar(highest) or 0) + 1)
            db.session.add(rule)
        for name, value in values.items():
            setattr(rule, name, value)
        db.session.flush()
    return rule


def delete_rule(round: Round, rule: AssessorRule, *, actor: Actor) -> None:
    """Take a rule away; what was given by it stays. Raises as ``save_rule``."""
    _require_may(round, actor)
    with audit.act("assessor_rule.delete"):
        db.session.delete(rule)
        db.session.flush()


def raise_rule(round: Round, rule: AssessorRule, *, actor: Actor) -> None:
    """Let a rule stand before the one that stands before it. Raises as ``save_rule``."""
    _require_may(round, actor)
    ordered = rules_of(round)
    at = ordered.index(rule)
    if at:
        ordered[at - 1 : at + 1] = [rule, ordered[at - 1]]
    with audit.act("assessor_rule.order"):
        for place, one in enumerate(ordered, 1):
            one.position = place
        db.session.flush()


def fits(rule: AssessorRule, one: Held) -> bool:
    """True for an agency that a rule speaks of."""
    return (
        (not rule.province_ids or one.province_id in rule.province_ids)
        and (not rule.district_ids or one.district_id in rule.district_ids)
        and (not rule.kinds or one.kind.value in rule.kinds)
        and (not rule.sizes or (one.size is not None and one.size.value in rule.sizes))
    )


def share(
    rules: Sequence[AssessorRule],
    free: Sequence[Held],
    kept: Sequence[Held],
    body_ids: set[int],
    conflicts: Conflicts,
) -> Shared:
    """Share the free agencies out, rule after rule; those that are kept count as load of their bodies."""
    found, left = Shared(), list(free)
    by_key = {one.key: one for one in free}
    given: dict[int, int] = {}
    for rule in rules:
        of_rule = [one for one in left if fits(rule, one)]
        left = [one for one in left if not fits(rule, one)]
        bodies = [body for body in rule.body_ids if body in body_ids]
        if not bodies:
            found.uncovered += [one.key for one in of_rule]
            continue
        loads = _loads(rule, [(one.body_id, one) for one in kept])
        for body, load in _loads(rule, [(body, by_key[key]) for key, body in given.items()]).items():
            weight, count = loads.get(body, (0, 0))
            loads[body] = (weight + load[0], count + load[1])
        shares = [Share(one.key, _unit(rule, one), one.load(rule.weight)) for one in of_rule]
        shared = share_out(shares, bodies, loads, lambda body, key: not conflicts.keep(body, by_key[key]))
        given.update((key, to) for key, to in shared.items() if to is not None)
        found.conflict += [key for key, to in shared.items() if to is None]
    found.given = given
    found.uncovered += [one.key for one in left]
    return found


def _loads(rule: AssessorRule, held: Sequence[tuple[int | None, Held]]) -> dict[int, tuple[int, int]]:
    loads: dict[int, tuple[int, int]] = {}
    for body, one in held:
        if body is not None:
            weight, count = loads.get(body, (0, 0))
            loads[body] = (weight + one.load(rule.weight), count + 1)
    return loads


def _unit(rule: AssessorRule, one: Held) -> int:
    return {
        Together.PROVINCE: one.province_id,
        Together.DISTRICT: one.district_id,
        Together.NOTHING: one.key,
    }[rule.together]


def _require_may(round: Round, actor: Actor) -> None:
    if not can(actor, P.ASSESSORS_WRITE):
        raise NotFound
    assignments.require_unfinished(round)
    hold(round)
