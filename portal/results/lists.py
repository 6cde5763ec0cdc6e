"""Results as screens and files show them: the list of a round's agencies, and how the grades are spread.

No figure leaves here before the boxes of the round have been opened, even where results are stored already
(they are while the opening runs, and after one that was cut off).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func, select

from models.instrument import InstrumentKind
from models.kinds import AgencyKind
from models.participation import Participation
from models.place import Province
from models.result import Result, ResultNode
from models.round import Round, RoundState
from models.scoring import Level
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.search import matching
from portal.results.computing import INCOMPLETE, NOT_ASSESSABLE, WITHHELD

#: agencies of one page
PAGE = 50
#: a list narrowed to grades that rest on fewer answers than the minimum
BELOW = "below"
#: why there is no total, in the order in which the page lists them
REASONS = (NOT_ASSESSABLE, WITHHELD, INCOMPLETE)
INSTRUMENTS = tuple(InstrumentKind)


@dataclass(frozen=True)
class ResultQuery:
    """What a list of results is narrowed to. ``grade``: a grade or one of REASONS; ``by``: score or name."""

    search: str = ""
    province_id: int | None = None
    grade: str = ""
    kind: AgencyKind | None = None
    by: str = "score"


@dataclass(frozen=True)
class Row:
    """One agency's result in a list. ``scores``: of the three instruments, None where none may be shown."""

    participation_id: int
    code: str | None
    full_name: str
    name: str
    kind: AgencyKind
    district: str
    province: str
    total: Decimal | None
    grade: str | None
    reason: str
    #: surveys with fewer answers than their minimum ("iit eit")
    below: str
    scores: tuple[Decimal | None, ...]
    passes: bool

    @property
    def short_name(self) -> str:
        """The official short form: "ทต.เกาะคา"."""
        return self.kind.short_name(self.name)


@dataclass(frozen=True)
class Share:
    """How many agencies have a grade, or a reason for having none."""

    label: str
    count: int
    passes: bool = False


@dataclass(frozen=True)
class Spread:
    """The grades of a round, the best first, and the reasons for having none, with their numbers."""

    grades: tuple[Share, ...]
    reasons: tuple[Share, ...]
    #: agencies with a grade that rests on fewer answers than the minimum sample
    below: int = 0

    @property
    def graded(self) -> int:
        """Agencies that have a grade."""
        return sum(share.count for share in self.grades)

    @property
    def passed(self) -> int:
        """Agencies that reached the pass mark."""
        return sum(share.count for share in self.grades if share.passes)

    @property
    def agencies(self) -> int:
        """All agencies."""
        return self.graded + sum(share.count for share in self.reasons)


def figures_shown(round: Round) -> bool:
    """True once the boxes are opened and the results computed: A4, no figure before."""
    return round.state is RoundState.OPENED


def require_opened(round: Round) -> None:
    """Raise Refused while no figure of the round may be shown."""
    if not figures_shown(round):
        raise Refused("Results are shown once the boxes of the round have been opened")


def passing(round: Round) -> frozenset[str]:
    """The grades that reach the pass mark."""
    return frozenset(band.grade for band in round.bands if band.passes)


def pass_score(round: Round) -> Decimal | None:
    """The lowest total that passes; None in a round that knows no pass mark."""
    return min((band.lower for band in round.bands if band.passes), default=None)


def spread(round: Round, criteria: ResultQuery | None = None) -> Spread:
    """The spread of the grades inside the actor's scope, narrowed by province and kind; one query.

    Raises Refused before the opening.
    """
    require_opened(round)
    criteria = criteria or ResultQuery()
    query = (
        select(Result.grade, Result.reason, func.count(), func.count(case((Result.below != "", 1))))
        .join(Participation, Participation.id == Result.participation_id)
        .where(*_place(round, criteria))
        .group_by(Result.grade, Result.reason)
    )
    counts: dict[str, int] = {}
    below = 0
    for grade, reason, number, few in db.session.execute(query):
        counts[grade or reason] = counts.get(grade or reason, 0) + number
        below += few if grade else 0
    passed = passing(round)
    bands = sorted(round.bands, key=lambda band: band.lower, reverse=True)
    return Spread(
        tuple(Share(band.grade, counts.get(band.grade, 0), band.grade in passed) for band in bands),
        tuple(Share(name, counts.get(name, 0)) for name in REASONS),
        below,
    )


def rows_of(round: Round, criteria: ResultQuery, *, page: int | None = None, size: int = PAGE) -> list[Row]:
    """The agencies of a list in their order, those of one page (from 1) or all; two queries.

    Raises Refused before the opening.
    """
    require_opened(round)
    query = _listed(round, criteria).add_columns(
        Participation.id,
        Participation.code,
        Participation.full_name,
        Participation.name,
        Participation.kind,
        Participation.district_name,
        Participation.province_name,
        Result.total,
        Result.grade,
        Result.reason,
        Result.below,
    )
    query = query.order_by(*_order(criteria))
    if page is not None:
        query = query.limit(size).offset((page - 1) * size)
    rows = db.session.execute(query).all()
    scores = _instrument_scores(round, None if page is None else [values[0] for values in rows])
    passed = passing(round)
    return [
        Row(
            *(
                *values,
                tuple(scores.get((values[0], kind.value)) for kind in INSTRUMENTS),
                values[8] in passed,
            )
        )
        for values in rows
    ]


def _instrument_scores(round: Round, ids: Sequence[int] | None) -> dict[tuple[int, str], Decimal | None]:
    """Scores of instruments by participation and kind, of those named or of the whole round in the scope."""
    query = select(ResultNode.participation_id, ResultNode.code, ResultNode.score, ResultNode.n).where(
        ResultNode.level == Level.INSTRUMENT.value
    )
    if ids is None:
        query = query.join(Participation, Participation.id == ResultNode.participation_id)
        query = query.where(Participation.round_id == round.id)
    else:
        query = query.where(ResultNode.participation_id.in_(ids))
    return {
        (key, code): score
        for key, code, score, n in db.session.execute(query)
        # held back when stored, and once more here
        if code == InstrumentKind.OIT.value or n >= round.total_threshold
    }


def count_of(round: Round, criteria: ResultQuery) -> int:
    """How many agencies a list has. Raises Refused before the opening."""
    require_opened(round)
    return db.session.scalar(_listed(round, criteria).add_columns(func.count(Result.id))) or 0


def provinces_in(round: Round) -> Sequence[tuple[int, str]]:
    """Key and name of the provinces that a list can be narrowed to, in Thai order, inside the scope."""
    query = (
        select(Province.id, Province.name)
        .join(Participation, Participation.province_id == Province.id)
        .where(Participation.round_id == round.id)
        .group_by(Province.id, Province.name, Province.sort_key)
        .order_by(Province.sort_key)
    )
    return [(key, name) for key, name in db.session.execute(query)]


def conditions(round: Round, criteria: ResultQuery) -> list[Any]:
    """The agencies of a round in the province and of the kind that a list is narrowed to."""
    found: list[Any] = [Participation.round_id == round.id]
    if criteria.province_id is not None:
        found.append(Participation.province_id == criteria.province_id)
    if criteria.kind is not None:
        found.append(Participation.kind == criteria.kind)
    return found


def _place(round: Round, criteria: ResultQuery) -> list[Any]:
    return [Result.round_id == round.id, *conditions(round, criteria)]


def _listed(round: Round, criteria: ResultQuery) -> Select[Any]:
    query: Select[Any] = (
        select()
        .select_from(Result)
        .join(Participation, Participation.id == Result.participation_id)
        .where(*_place(round, criteria))
    )
    if criteria.grade in REASONS:
        query = query.where(Result.grade.is_(None), Result.reason == criteria.grade)
    elif criteria.grade == BELOW:
        query = query.where(Result.grade.is_not(None), Result.below != "")
    elif criteria.grade:
        query = query.where(Result.grade == criteria.grade)
    return query.where(matching(criteria.search, Participation))


def _order(criteria: ResultQuery) -> tuple[Any, ...]:
    by_name = (Participation.sort_key, Participation.id)
    if criteria.by == "name":
        return by_name
    return (Result.total.is_(None), Result.total.desc(), *by_name)
