"""Results of earlier years beside those of a round: what may be compared, and why the rest may not.

Only rounds whose boxes were opened and that were laid side by side to the end (``portal.rounds.trends``).
An earlier year's figures stand under that year's own thresholds, and inside the person's scope.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import aliased

from models.grading import shown
from models.instrument import InstrumentKind
from models.participation import Participation
from models.result import Result, ResultNode
from models.round import Round, RoundState
from models.scoring import Level
from models.year import Likeness, YearLink, YearMapping
from portal.core.database.session import db
from portal.results.lists import require_opened
from portal.results.tree import Key, ResultLine, lacking
from portal.rounds.trends.comparing import (
    NO_PARTS,
    Comparison,
    Links,
    Parts,
    Standing,
    Why,
    chained,
    compared,
)
from portal.rounds.trends.reading import asked_in
from portal.rounds.trends.things import Asked

#: so many earlier years stand beside a result
MOST_YEARS = 3
OIT = InstrumentKind.OIT


@dataclass(frozen=True, eq=False)
class EarlierYear:
    """An earlier round whose results stand beside those of a later one."""

    round: Round
    comparison: Comparison


@dataclass(frozen=True)
class Past:
    """A score of an earlier year beside a later one: with its change, or why there is none.

    ``score`` without ``change``: shown with a caution (totals), or the later one is missing.
    """

    year: int
    score: Decimal | None = None
    change: Decimal | None = None
    why: Why | None = None
    parts: Parts = NO_PARTS


@dataclass(frozen=True)
class AgencyPast:
    """An agency's results of one earlier year; ``took_part`` is False where there are none to be seen."""

    year: EarlierYear
    took_part: bool
    total: Past
    grade: str | None
    _nodes: Mapping[Key, ResultNode]

    def beside(self, line: ResultLine, kind: InstrumentKind) -> Past:
        """The earlier score of a line of the later year's tree."""
        standing = self.year.comparison.of(kind, line.level, line.code)
        score = self._score(line.level, standing.earlier, kind) if standing.comparable else None
        return _past(self.year.round, standing, score, line.score)

    def _score(self, level: Level, code: str, kind: InstrumentKind) -> Decimal | None:
        node = self._nodes.get((kind, level.value, code))
        top = self._nodes.get((kind, Level.INSTRUMENT.value, kind.value))
        if node is None or (kind is not OIT and lacking(level, node.n, top.n if top else 0, self.year.round)):
            return None
        return node.score


def earlier_years(round: Round, agency_kind: str | None = None) -> list[EarlierYear]:
    """The earlier rounds whose results may stand beside this one's, the newest first.

    ``agency_kind``: compared by what agencies of this kind are asked. Eight queries, however many rounds.
    Raises Refused before the opening.
    """
    require_opened(round)
    pairs = db.session.execute(select(YearMapping.round_id, YearMapping.earlier_id)).all()
    befores: dict[int, set[int]] = defaultdict(set)
    for later_id, earlier_id in pairs:
        befores[later_id].add(earlier_id)
    if round.id not in befores:
        return []
    # a draft may have been laid beside another scheme's round before it got its own
    query = select(Round).where(Round.scheme == round.scheme).order_by(Round.fiscal_year.desc())
    rounds = [one for one in db.session.scalars(query) if one.fiscal_year < round.fiscal_year]
    links = _all_links(round, rounds, befores)
    opened = [one for one in rounds if one.id in links and one.state is RoundState.OPENED][:MOST_YEARS]
    if not opened:
        return []
    asked = asked_in(db.session(), [round.id, *(one.id for one in opened)])
    now, *then = (_of_kind(asked[one.id], agency_kind) for one in (round, *opened))
    return [
        EarlierYear(one, compared(now, before, links[one.id]))
        for one, before in zip(opened, then, strict=True)
    ]


def _of_kind(asked: Asked, agency_kind: str | None) -> Asked:
    return asked.for_agencies(agency_kind) if agency_kind else asked


def _all_links(round: Round, rounds: Sequence[Round], befores: Mapping[int, set[int]]) -> dict[int, Links]:
    """What each earlier round has in common with this one: as decided, else over the years between."""
    stored: dict[tuple[int, int], dict[tuple[InstrumentKind, str], tuple[str, Likeness]]] = defaultdict(dict)
    query = select(
        YearLink.round_id, YearLink.earlier_id, YearLink.instrument, YearLink.code,
        YearLink.earlier_code, YearLink.likeness,
    ).where(YearLink.round_id.in_(befores))  # fmt: skip
    for later_id, earlier_id, kind, code, earlier_code, what in db.session.execute(query):
        if code is not None:
            stored[later_id, earlier_id][kind, code] = (earlier_code or "", what)
    found: dict[int, Links] = {}
    for one in rounds:
        if one.id in befores[round.id]:
            found[one.id] = stored[round.id, one.id]
            continue
        # the newest year between that was laid beside both
        between = next((key for key in found if one.id in befores.get(key, ())), None)
        if between is not None:
            found[one.id] = chained(found[between], stored[between, one.id])
    return found


def past_of(one: Participation, total: Decimal | None) -> list[AgencyPast]:
    """The earlier results of an agency beside its result of this round; three queries more."""
    years = earlier_years(one.round, one.kind.value)
    if not years:
        return []
    query = select(Participation.round_id, Result).join(Result, Result.participation_id == Participation.id)
    ids = [year.round.id for year in years]
    query = query.where(Participation.agency_id == one.agency_id, Participation.round_id.in_(ids))
    results = dict(db.session.execute(query).all())
    nodes: dict[int, dict[Key, ResultNode]] = defaultdict(dict)
    named = select(ResultNode).where(
        ResultNode.participation_id.in_([row.participation_id for row in results.values()])
    )
    for node in db.session.scalars(named):
        nodes[node.participation_id][node.instrument, node.level, node.code] = node
    return [_agency_past(year, results.get(year.round.id), nodes, total) for year in years]


def _agency_past(
    year: EarlierYear,
    row: Result | None,
    nodes: Mapping[int, Mapping[Key, ResultNode]],
    total: Decimal | None,
) -> AgencyPast:
    past = past_total(year, row.total if row else None, total)
    if row is None:
        return AgencyPast(year, False, past, None, {})
    return AgencyPast(year, True, past, row.grade, nodes.get(row.participation_id, {}))


def past_total(year: EarlierYear, total: Decimal | None, now: Decimal | None) -> Past:
    """A total of an earlier year beside one of this round; where both are not comparable, with a caution."""
    return _past(year.round, year.comparison.total, total, now)


def _past(round: Round, standing: Standing, score: Decimal | None, now: Decimal | None) -> Past:
    change = moved(score, now) if standing.comparable else None
    return Past(round.fiscal_year, score, change, standing.why, standing.parts)


def moved(before: Decimal | None, now: Decimal | None) -> Decimal | None:
    """The difference of two scores as they are shown, so that whoever subtracts them finds it."""
    return None if before is None or now is None else shown(now) - shown(before)


def totals_of(round: Round, earlier: Round) -> dict[int, Decimal | None]:
    """The earlier totals of the agencies of a round, by its participations; one query, in the scope."""
    require_opened(round)
    before = aliased(Participation)
    query = (
        select(Participation.id, Result.total)
        .join(before, (before.agency_id == Participation.agency_id) & (before.round_id == earlier.id))
        .join(Result, Result.participation_id == before.id)
        .where(Participation.round_id == round.id)
    )
    return dict(db.session.execute(query).all())
