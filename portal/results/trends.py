"""Results of earlier years beside those of a round: what may be compared, and why the rest may not.

Only rounds whose boxes were opened and that were laid side by side to the end (``portal.rounds.trends``).
An earlier year's figures stand under that year's own thresholds, and inside the person's scope. What an
agency was before a merger or a split stands beside it under its own name, and is compared with nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from models.grading import shown
from models.instrument import InstrumentKind
from models.participation import Participation
from models.result import Result, ResultNode
from models.round import Round, RoundState
from models.scoring import Level
from models.year import Likeness, YearLink, YearMapping
from portal.core.database.session import db, privileged, reading
from portal.register import lineage
from portal.register.lineage import Origin
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
class Forebear:
    """An agency of an earlier round that another came from; without a participation where it is not seen."""

    name: str
    participation_id: int | None = None
    total: Decimal | None = None
    grade: str | None = None


@dataclass(frozen=True)
class AgencyPast:
    """An agency's results of one earlier year; ``took_part`` is False where there are none to be seen.

    With an ``origin`` it was merged or split since: the results are those of its ``forebears``.
    """

    year: EarlierYear
    took_part: bool
    total: Past
    grade: str | None
    _nodes: Mapping[Key, ResultNode]
    #: what it was called, where that was otherwise
    name_then: str = ""
    origin: Origin | None = None
    forebears: tuple[Forebear, ...] = ()

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


def earlier_years(
    round: Round, agency_kind: str | None = None, kinds_then: Mapping[int, str] | None = None
) -> list[EarlierYear]:
    """The earlier rounds whose results may stand beside this one's, the newest first.

    ``agency_kind``: compared by what agencies of this kind are asked; ``kinds_then``: the kind by round where
    it was another one. Eight queries, however many rounds. Raises Refused before the opening.
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
    kinds = kinds_then or {}
    now, *then = (_of_kind(asked[one.id], kinds.get(one.id, agency_kind)) for one in (round, *opened))
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
    """The earlier results of an agency beside its result of this round; four queries more.

    Where it was merged or split since, the agencies that it came from stand there: two more.
    """
    query = select(Participation, Result).outerjoin(Result, Result.participation_id == Participation.id)
    query = query.where(Participation.agency_id == one.agency_id, Participation.round_id != one.round_id)
    was = {then.round_id: (then, result) for then, result in db.session.execute(query)}
    years = earlier_years(one.round, one.kind.value, {key: then.kind.value for key, (then, _) in was.items()})
    if not years:
        return []
    ids = [year.round.id for year in years]
    found = lineage.origins(one.round_id, ids)
    came = {key: found[key][one.agency_id] for key in ids if one.agency_id in found[key]}
    forebears = _forebears(came)
    nodes = _nodes_of([key for key in ids if key in was and key not in came], was)
    return [
        _changed_past(year, total, came[year.round.id], forebears[year.round.id])
        if year.round.id in came
        else _agency_past(year, one, *was.get(year.round.id, (None, None)), nodes=nodes, total=total)
        for year in years
    ]


def _nodes_of(
    ids: Sequence[int], was: Mapping[int, tuple[Participation, Result | None]]
) -> Mapping[int, Mapping[Key, ResultNode]]:
    nodes: dict[int, dict[Key, ResultNode]] = defaultdict(dict)
    named = select(ResultNode).where(ResultNode.participation_id.in_([was[key][0].id for key in ids]))
    for node in db.session.scalars(named):
        nodes[node.participation_id][node.instrument, node.level, node.code] = node
    return nodes


def _agency_past(
    year: EarlierYear,
    now: Participation,
    then: Participation | None,
    row: Result | None,
    *,
    nodes: Mapping[int, Mapping[Key, ResultNode]],
    total: Decimal | None,
) -> AgencyPast:
    past = past_total(year, row.total if row else None, total)
    if row is None or then is None:
        return AgencyPast(year, False, past, None, {})
    name_then = then.full_name if then.full_name != now.full_name else ""
    return AgencyPast(year, True, past, row.grade, nodes.get(then.id, {}), name_then)


def _changed_past(
    year: EarlierYear, total: Decimal | None, origin: Origin, forebears: Sequence[Forebear]
) -> AgencyPast:
    past = past_total(year, None, total)
    return AgencyPast(year, False, past, None, {}, origin=origin, forebears=tuple(forebears))


def _forebears(came: Mapping[int, Origin]) -> Mapping[int, list[Forebear]]:
    """By earlier round the agencies that another came from: their names, and results inside the scope."""
    found: dict[int, list[Forebear]] = defaultdict(list)
    if not came:
        return found
    theirs = or_(
        *(
            (Participation.round_id == key) & Participation.agency_id.in_(one.agency_ids)
            for key, one in came.items()
        )
    )
    seen = select(Participation.id, Result.total, Result.grade)
    seen = seen.join(Result, Result.participation_id == Participation.id).where(theirs)
    results = {key: (total, grade) for key, total, grade in db.session.execute(seen)}
    with reading(), privileged("what agencies that became another one were called") as session:
        names = select(Participation.round_id, Participation.id, Participation.full_name).where(theirs)
        for round_id, key, name in session.execute(names.order_by(Participation.sort_key, Participation.id)):
            found[round_id].append(Forebear(name, key, *results[key]) if key in results else Forebear(name))
    return found


def past_total(year: EarlierYear, total: Decimal | None, now: Decimal | None) -> Past:
    """A total of an earlier year beside one of this round; where both are not comparable, with a caution."""
    return _past(year.round, year.comparison.total, total, now)


def _past(round: Round, standing: Standing, score: Decimal | None, now: Decimal | None) -> Past:
    change = moved(score, now) if standing.comparable else None
    return Past(round.fiscal_year, score, change, standing.why, standing.parts)


def moved(before: Decimal | None, now: Decimal | None) -> Decimal | None:
    """The difference of two scores as they are shown, so that whoever subtracts them finds it."""
    return None if before is None or now is None else shown(now) - shown(before)


@dataclass(frozen=True)
class Totals:
    """The totals of an earlier round, by the participations of a later one."""

    year: EarlierYear
    totals: Mapping[int, Decimal | None]
    #: those that were merged or split since: they have no total
    origins: Mapping[int, Origin]


def totals_of(round: Round) -> list[Totals]:
    """The totals of each earlier year of the agencies of a round; two queries for each, in the scope."""
    years = earlier_years(round)
    found = lineage.origins(round.id, [year.round.id for year in years])
    return [_totals(round, year, found[year.round.id]) for year in years]


def _totals(round: Round, year: EarlierYear, came: Mapping[int, Origin]) -> Totals:
    before = aliased(Participation)
    query = (
        select(Participation.id, Result.total)
        .join(before, (before.agency_id == Participation.agency_id) & (before.round_id == year.round.id))
        .join(Result, Result.participation_id == before.id)
        .where(Participation.round_id == round.id, Participation.agency_id.not_in(came))
    )
    changed = select(Participation.id, Participation.agency_id).where(
        Participation.round_id == round.id, Participation.agency_id.in_(came)
    )
    origins = {key: came[agency_id] for key, agency_id in db.session.execute(changed)}
    return Totals(year, dict(db.session.execute(query).all()), origins)
