"""The mean scores of a country or a province beside those of earlier years, over the same agencies.

One that was merged or split between is not the same: it is in no mean, and counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select
from sqlalchemy.orm import aliased

from models.instrument import InstrumentKind
from models.participation import Participation
from models.result import Result, ResultNode
from models.round import Round
from models.scoring import Level
from portal.core.database.session import db
from portal.register import lineage
from portal.results.lists import ResultQuery, conditions
from portal.results.tree import Key
from portal.results.trends import EarlierYear, earlier_years, moved
from portal.rounds.trends.comparing import NO_PARTS, Parts, Why
from portal.rounds.trends.reading import asked_in
from portal.rounds.trends.things import Asked

#: an agency's part in the earlier round of a query
_EARLIER = aliased(Participation)


@dataclass(frozen=True)
class MeanRow:
    """The means of a place of the score tree over the agencies that have a score in both years."""

    kind: InstrumentKind | None
    level: Level | None
    code: str
    name: str
    before: Decimal | None
    now: Decimal | None
    agencies: int
    why: Why | None = None
    parts: Parts = NO_PARTS

    @property
    def is_instrument(self) -> bool:
        """True for the mean of an instrument."""
        return self.level is Level.INSTRUMENT

    @property
    def has_figures(self) -> bool:
        """True where both means are shown: a total's with a caution too."""
        return self.before is not None and (self.why is None or self.level is None)

    @property
    def change(self) -> Decimal | None:
        """By how much the mean moved; None where the years are not comparable."""
        return moved(self.before, self.now) if self.why is None else None


@dataclass(frozen=True)
class Means:
    """The means of a round beside those of one earlier year, the total's first."""

    year: EarlierYear
    rows: tuple[MeanRow, ...]
    #: agencies that took part in both rounds
    agencies: int
    #: agencies of the round that were merged or split since, which are in none of the means
    changed: int = 0

    @property
    def has_figures(self) -> bool:
        """True where any two means are shown."""
        return any(row.has_figures for row in self.rows)


def means_of(round: Round, criteria: ResultQuery) -> list[Means]:
    """The means of the agencies in the scope, narrowed by province and kind, beside each earlier year's.

    Three queries for each year, one more where agencies were merged or split. Raises Refused before the
    opening.
    """
    years = earlier_years(round, criteria.kind.value if criteria.kind else None)
    if not years:
        return []
    asked = asked_in(db.session(), [round.id])[round.id]
    came = lineage.origins(round.id, [year.round.id for year in years])
    return [_means(_Pair(round, year, criteria, frozenset(came[year.round.id])), asked) for year in years]


@dataclass(frozen=True)
class _Pair:
    """A round beside an earlier one, for the agencies of a list."""

    round: Round
    year: EarlierYear
    criteria: ResultQuery
    #: agencies that were merged or split between
    changed: frozenset[int]

    @property
    def agencies(self) -> Select[tuple[()]]:
        """The agencies that took part in both, as the same."""
        return (
            select()
            .select_from(Participation)
            .join(
                _EARLIER,
                (_EARLIER.agency_id == Participation.agency_id) & (_EARLIER.round_id == self.year.round.id),
            )
            .where(*conditions(self.round, self.criteria), Participation.agency_id.not_in(self.changed))
        )

    def count_changed(self) -> int:
        """How many agencies of the list were merged or split between."""
        if not self.changed:
            return 0
        those = Participation.agency_id.in_(self.changed)
        query = select(func.count(Participation.id)).where(*conditions(self.round, self.criteria), those)
        return db.session.scalar(query) or 0


def _means(pair: _Pair, asked: Asked) -> Means:
    year, found = pair.year, _node_means(pair)
    rows = [_total_mean(pair)]
    for kind, indicators in asked.indicators.items():
        places = [(Level.INSTRUMENT, kind.value, kind.name)]
        places += [(Level.INDICATOR, row.code, row.name) for row in indicators if row.parent is None]
        for level, code, name in places:
            standing = year.comparison.of(kind, level, code)
            before, now, number = found.get((kind, level.value, code), (None, None, 0))
            rows.append(MeanRow(kind, level, code, name, before, now, number, standing.why, standing.parts))
    both = pair.agencies.add_columns(func.count())
    return Means(year, tuple(rows), db.session.scalar(both) or 0, pair.count_changed())


def _total_mean(pair: _Pair) -> MeanRow:
    before = aliased(Result)
    query = pair.agencies.add_columns(func.avg(before.total), func.avg(Result.total), func.count())
    query = query.join(Result, Result.participation_id == Participation.id)
    query = query.join(before, before.participation_id == _EARLIER.id)
    query = query.where(Result.total.is_not(None), before.total.is_not(None))
    then, now, number = db.session.execute(query).one()
    standing = pair.year.comparison.total
    return MeanRow(None, None, "", "", _exact(then), _exact(now), number, standing.why)


def _node_means(pair: _Pair) -> dict[Key, tuple[Decimal | None, Decimal | None, int]]:
    """Means of instruments and indicators that are comparable, over agencies that have both scores."""
    before = aliased(ResultNode)
    whens: list[tuple[ColumnElement[bool], Any]] = [
        (
            (ResultNode.instrument == kind) & (ResultNode.level == level.value) & (ResultNode.code == code),
            one.earlier,
        )
        for (kind, level, code), one in pair.year.comparison.standings.items()
        if one.comparable and level in (Level.INSTRUMENT, Level.INDICATOR)
    ]
    whens.append((false(), ""))  # where nothing is comparable
    # what is not comparable has no earlier code, and joins nothing
    same_place = (before.instrument == ResultNode.instrument) & (before.level == ResultNode.level)
    enough = (ResultNode.n >= pair.round.total_threshold) & (before.n >= pair.year.round.total_threshold)
    query = (
        pair.agencies.join(ResultNode, ResultNode.participation_id == Participation.id)
        .join(
            before,
            (before.participation_id == _EARLIER.id) & same_place & (before.code == case(*whens)),
        )
        .where(
            *_compared_levels(ResultNode),
            *_compared_levels(before),
            ResultNode.score.is_not(None),
            before.score.is_not(None),
            # held back when stored, and once more here; a checklist has no people
            or_(ResultNode.instrument == InstrumentKind.OIT, enough),
        )
        .group_by(ResultNode.instrument, ResultNode.level, ResultNode.code)
        .add_columns(
            ResultNode.instrument,
            ResultNode.level,
            ResultNode.code,
            func.avg(before.score),
            func.avg(ResultNode.score),
            func.count(),
        )
    )
    return {
        (kind, level, code): (_exact(then), _exact(now), number)
        for kind, level, code, then, now, number in db.session.execute(query)
    }


def _compared_levels(node: type[ResultNode]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """With all instruments named an index leads to the dozen nodes that are compared, past the rest."""
    levels = [Level.INSTRUMENT.value, Level.INDICATOR.value]
    return node.instrument.in_(list(InstrumentKind)), node.level.in_(levels)


def _exact(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
