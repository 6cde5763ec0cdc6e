"""Scores of a round: from opened answers and scored items to a total, a grade and the nodes of the tree.

Computed in chunks, each written in one short transaction, so that a running portal is never kept waiting and
a killed job goes on where it stopped. Doing it again gives the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.grading import Band, grade_of, stored
from models.instrument import Instrument, InstrumentKind, OitItem, asked_of
from models.kinds import AGENCY_KINDS, AgencyKind
from models.participation import Participation
from models.result import Result, ResultNode
from models.round import Round
from models.scoring import (
    Combine,
    InstrumentSpec,
    Level,
    Node,
    checklist_asking,
    score_checklist,
    score_survey,
    tally,
    weighted_total,
)
from models.withholding import Thresholds, people_behind, total_withheld, withhold
from portal.core import audit, clock
from portal.core.database.rows import insert_rows
from portal.core.database.session import privileged, writing
from portal.results.sources import Entrant, answers_of, entrants_of, items_of
from portal.rounds.setup import instruments_of, spec_of
from portal.surveys.minimum import targets_in

NOT_ASSESSABLE, INCOMPLETE, WITHHELD = "not_assessable", "incomplete", "withheld"
#: agencies of one transaction
CHUNK = 50
#: lines are not stored: their questions are
KEPT_LEVELS = frozenset(Level) - {Level.SUB_ITEM}

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Rules:
    """What a round says about scoring, read once."""

    round_id: int
    specs: Mapping[InstrumentKind, InstrumentSpec]
    combine: Combine
    thresholds: Thresholds
    bands: tuple[Band, ...]
    item_codes: Mapping[int, str]
    #: OIT as it asks each kind of agency
    checklists: Mapping[AgencyKind, InstrumentSpec]


@dataclass(frozen=True)
class Outcome:
    """What one participation came to. ``nodes``, by instrument, hold no score that may not be shown."""

    total: Decimal | None
    grade: str | None
    reason: str
    nodes: tuple[tuple[InstrumentKind, Node], ...] = ()


Answers = Mapping[InstrumentKind, Mapping[str, Sequence[bytes]]]


def outcome_of(
    entrant: Entrant, answers: Answers, items: Mapping[str, Decimal | None], rules: Rules
) -> Outcome:
    """Score one participation: answers by instrument and channel, items by their codes.

    No total where the agency was not confirmed in time, where an instrument has no score, or where a survey
    has so few respondents that the total would give its score away (A4).
    """
    if not entrant.confirmed:
        return Outcome(None, None, NOT_ASSESSABLE)
    scores: dict[str, Fraction | None] = {}
    nodes: list[tuple[InstrumentKind, Node]] = []
    respondents = []
    for kind, spec in rules.specs.items():
        if kind is InstrumentKind.OIT:
            tree = score_checklist(rules.checklists[entrant.kind], items)
            shown: Sequence[Node] = tree
        else:
            counts = {name: tally(rows, spec) for name, rows in answers.get(kind, {}).items()}
            tree = score_survey(spec, counts, combine=rules.combine)
            shown = withhold(tree, rules.thresholds)
            respondents.append(people_behind(tree))
        scores[spec.code] = tree[0].score
        nodes += ((kind, node) for node in shown if node.level in KEPT_LEVELS)
    total = weighted_total(scores, rules.specs.values())
    if total is None:
        return Outcome(None, None, INCOMPLETE, tuple(nodes))
    if total_withheld(respondents, rules.thresholds):
        return Outcome(None, None, WITHHELD, tuple(nodes))
    return Outcome(stored(total), grade_of(total, rules.bands), "", tuple(nodes))


def rules_of(session: Session, round: Round) -> Rules:
    """The scoring rules of a round."""
    instruments = instruments_of(session, round.id)
    query = select(OitItem.id, OitItem.code, OitItem.kinds).join(Instrument)
    items = session.execute(query.where(Instrument.round_id == round.id)).all()
    specs = {kind: spec_of(instrument) for kind, instrument in instruments.items()}
    return Rules(
        round_id=round.id,
        specs=specs,
        combine=Combine(round.eit_combine.value),
        thresholds=Thresholds(round.detail_threshold, round.total_threshold),
        bands=tuple(Band(row.grade, row.lower, row.passes) for row in round.bands),
        item_codes={key: code for key, code, _kinds in items},
        checklists=_checklists(specs, [(code, kinds) for _key, code, kinds in items]),
    )


def _checklists(
    specs: Mapping[InstrumentKind, InstrumentSpec], items: Iterable[tuple[str, Sequence[str]]]
) -> dict[AgencyKind, InstrumentSpec]:
    items, spec = list(items), specs.get(InstrumentKind.OIT)
    if spec is None:
        return {}
    asked = {kind: {code for code, kinds in items if asked_of(kinds, kind)} for kind in AGENCY_KINDS}
    return {kind: checklist_asking(spec, codes) for kind, codes in asked.items()}


def compute_results(round_id: int, *, progress: Progress | None = None) -> dict[str, int]:
    """Score every participation of a round and store the results; gives how many have each grade or reason.

    Opens privileged sessions of its own: call it from a job or a command, never inside a request that writes.
    ``progress(done, total)`` is told after each chunk. Doing it again gives the same.
    """
    with privileged("the rules of a round's results") as session:
        rules = rules_of(session, session.get_one(Round, round_id))
        ids = session.scalars(
            select(Participation.id).where(Participation.round_id == round_id).order_by(Participation.id)
        ).all()
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        _compute_chunk(chunk, rules)
        if progress:
            progress(start + len(chunk), len(ids))
    with writing(), privileged("the sum of a round's results") as session:
        counts = counts_of(session, round_id)
        audit.record(session, act="results.compute", thing="round", row=round_id, after=counts)
    return counts


def counts_of(session: Session, round_id: int) -> dict[str, int]:
    """How many results of a round have each grade, or each reason for having none."""
    label = func.coalesce(Result.grade, Result.reason)
    query = select(label, func.count()).where(Result.round_id == round_id).group_by(label)
    return dict(sorted(session.execute(query).all()))


# -- reading and writing a chunk -------------------------------------------------------------------------


def _compute_chunk(ids: Sequence[int], rules: Rules) -> None:
    with privileged("answers and items of a round's results") as session:
        entrants = entrants_of(session, ids)
        answers = answers_of(session, ids)
        items = items_of(session, ids, rules.item_codes)
        below = _below_minimum(session, rules.round_id, ids)
    outcomes = [
        (entrant, outcome_of(entrant, answers.get(entrant.id, {}), items.get(entrant.id, {}), rules))
        for entrant in entrants
    ]
    now = clock.now()
    results = [
        _result(entrant, outcome, rules.round_id, now) | {"below": below.get(entrant.id, "")}
        for entrant, outcome in outcomes
    ]
    nodes = [row for entrant, outcome in outcomes for row in _nodes(entrant, outcome)]
    with writing(), privileged("storing results") as session:
        connection = session.connection()
        for model in (ResultNode, Result):
            connection.execute(delete(model).where(model.__table__.c.participation_id.in_(ids)))
        insert_rows(connection, Result, results)
        insert_rows(connection, ResultNode, nodes)


def _below_minimum(session: Session, round_id: int, ids: Sequence[int]) -> dict[int, str]:
    """The surveys of each participation with fewer answers than its minimum sample, as results keep them."""
    round = session.get_one(Round, round_id)
    targets = targets_in(round, Participation.is_confirmed, Participation.id.in_(ids), session=session)
    return {
        key: " ".join(kind.value for kind, target in found.items() if target.missing)
        for key, found in targets.items()
    }


def _result(entrant: Entrant, outcome: Outcome, round_id: int, now: datetime) -> dict[str, Any]:
    return {
        "participation_id": entrant.id,
        "agency_id": entrant.agency_id,
        "province_id": entrant.province_id,
        "round_id": round_id,
        "total": outcome.total,
        "grade": outcome.grade,
        "reason": outcome.reason,
        "computed_at": now,
    }


def _nodes(entrant: Entrant, outcome: Outcome) -> Iterable[dict[str, Any]]:
    for kind, node in outcome.nodes:
        yield {
            "participation_id": entrant.id,
            "agency_id": entrant.agency_id,
            "province_id": entrant.province_id,
            "instrument": kind,
            "level": node.level.value,
            "code": node.code,
            "score": stored(node.score),
            "n": node.n,
        }
