"""What giving agencies to bodies would do, kept as it was shown: by rules, by a workbook, moved, taken back.

Nothing moves silently whose work has begun: by rules it stays; otherwise it is named, and moves where who
acts says so. The same plan is made again from what was asked, where something changed since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from models.assessor import AssessorBody
from models.distribution import Distribution, DistributionState, Source
from models.participation import Participation
from models.round import Round
from models.search import found_in, words_of
from portal.assessors import assignments
from portal.assessors.holdings import Conflicts, Held, bodies, holdings
from portal.assessors.sharing_rules import rules_of, share
from portal.core import clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.lookup import get_or_404

#: why an agency stays as it is, in the order in which the page names them
BEGUN, UNCOVERED, CONFLICT, CHANGED, SAME = "begun", "uncovered", "conflict", "changed", "same"
#: participation, body before, body after, whether work has begun
Move = list[Any]


@dataclass
class Planned:
    """The moves, and by reason whoever stays."""

    moves: list[Move] = field(default_factory=list)
    stays: dict[str, list[int]] = field(default_factory=dict)

    def stay(self, why: str, one: Held) -> None:
        """Let an agency stay as it is."""
        self.stays.setdefault(why, []).append(one.key)

    def move(self, one: Held, to: int | None, conflicts: Conflicts) -> None:
        """Let an agency go to a body, unless it is there, or a conflict of interest keeps it from it."""
        if to == one.body_id:
            self.stay(SAME, one)
        elif conflicts.keep(to, one):
            self.stay(CONFLICT, one)
        else:
            self.moves.append([one.key, one.body_id, to, one.begun])


def plan(round: Round, source: Source, asked: dict[str, Any], *, reason: str, actor: Actor) -> Distribution:
    """Plan and keep what would be done; flushed.

    ``asked``: by rules ``again`` (also what has a body and is not begun); moved ``body``, ``to`` and what
    narrows it (``province``, ``kind``, ``search``, ``keys``); by workbook ``rows`` (participation → body);
    taken back ``of``, the distribution. Raises NotFound for who may not, Refused once results stand.
    """
    if not can(actor, P.ASSESSORS_WRITE):
        raise NotFound
    assignments.require_unfinished(round)
    agencies, conflicts = holdings(round), Conflicts()
    _forget_old(round)
    planned = _PLANNERS[source](round, asked, agencies, conflicts)
    made = Distribution(
        round_id=round.id,
        source=source,
        state=DistributionState.PLANNED,
        reason=reason.strip(),
        asked=asked,
        moves=planned.moves,
        stays=planned.stays,
        done=[],
        seen=seen_now(round, source),
        made_at=clock.now(),
        made_by_id=actor.account_id,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _forget_old(round: Round) -> None:
    """Plans that nobody carried out within a day go."""
    old = Distribution.made_at < clock.now() - timedelta(days=1)
    of_round = Distribution.round_id == round.id, Distribution.state == DistributionState.PLANNED
    db.session.execute(
        delete(Distribution).where(*of_round, old).execution_options(synchronize_session=False)
    )


def seen_now(round: Round, source: Source) -> str:
    """What a plan rests on beside its moves: the same for the same rules, bodies, conflicts, agencies."""
    agencies = select(func.count(Participation.id), func.max(Participation.id))
    body_ids = list(db.session.scalars(select(AssessorBody.id).order_by(AssessorBody.id)))
    rests_on = [
        list(db.session.execute(agencies.where(Participation.round_id == round.id)).one()),
        body_ids,
        Conflicts().ids,
        [[one.id, one.version] for one in rules_of(round)] if source is Source.RULES else [],
    ]
    return hashlib.sha256(json.dumps(rests_on).encode()).hexdigest()


def moving(agencies: Iterable[Held], asked: Mapping[str, Any]) -> list[Held]:
    """The agencies of a body that a move is about: all of it, or as they were narrowed."""
    words = words_of(asked.get("search") or "")
    return [
        one
        for one in agencies
        if one.body_id == asked["body"]
        and asked.get("province") in (None, one.province_id)
        and asked.get("kind") in (None, "", one.kind.value)
        and (not words or found_in(one.search_key, words))
    ]


def _by_rules(round: Round, asked: Mapping[str, Any], agencies: Sequence[Held], kept: Conflicts) -> Planned:
    """Who has no body is shared out; ``again``: with whoever has one and no work begun.

    What a conflict keeps from the body that has it is shared out anew in any case, unless work has begun.
    """
    planned, free, held = Planned(), [], []
    for one in agencies:
        clash = one.body_id is not None and kept.keep(one.body_id, one)
        if one.begun and one.body_id is not None:
            planned.stay(CONFLICT if clash else BEGUN, one)
        if one.body_id is None or (not one.begun and (asked.get("again") or clash)):
            free.append(one)
        else:
            held.append(one)
    shared = share(rules_of(round), free, held, {body.id for body in bodies()}, kept)
    left = dict.fromkeys(shared.uncovered, UNCOVERED) | dict.fromkeys(shared.conflict, CONFLICT)
    for one in free:
        if one.key in shared.given:
            planned.move(one, shared.given[one.key], kept)
        else:
            planned.stay(left[one.key], one)
    return planned


def _by_workbook(
    _round: Round, asked: Mapping[str, Any], agencies: Sequence[Held], kept: Conflicts
) -> Planned:
    planned, rows = Planned(), {int(key): body for key, body in asked["rows"].items()}
    for one in agencies:
        if one.key in rows:
            planned.move(one, rows[one.key], kept)
    return planned


def _by_move(_round: Round, asked: Mapping[str, Any], agencies: Sequence[Held], kept: Conflicts) -> Planned:
    get_or_404(AssessorBody, asked["to"])
    planned = Planned()
    for one in moving(agencies, asked):
        planned.move(one, asked["to"], kept)
    return planned


def _back(round: Round, asked: Mapping[str, Any], agencies: Sequence[Held], kept: Conflicts) -> Planned:
    """What a distribution gave goes back, where it still is as it was given."""
    of = get_or_404(Distribution, asked["of"])
    if of.round_id != round.id or not of.done:
        raise Refused("Only what was done can be taken back")
    before = {key: (was, is_now) for key, was, is_now, _begun in of.done}
    planned = Planned()
    for one in agencies:
        if one.key in before:
            was, is_now = before[one.key]
            if one.body_id == is_now:
                planned.move(one, was, kept)
            else:
                planned.stay(CHANGED, one)
    return planned


_PLANNERS: dict[Source, Callable[[Round, Mapping[str, Any], Sequence[Held], Conflicts], Planned]] = {
    Source.RULES: _by_rules,
    Source.WORKBOOK: _by_workbook,
    Source.MOVE: _by_move,
    Source.BACK: _back,
}
