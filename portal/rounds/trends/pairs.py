"""Two rounds laid side by side: each thing beside the earlier one that it is, as decided or as suggested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from models.instrument import InstrumentKind
from models.round import Round, RoundState
from models.year import YearLink, YearMapping
from portal.core.database.session import db
from portal.core.errors import NotFound
from portal.rounds.trends.matching import Suggestion, suggested
from portal.rounds.trends.reading import asked_in
from portal.rounds.trends.things import Asked, Thing


@dataclass(frozen=True)
class Row:
    """A later thing beside the earlier one that it is or may be; one of both where it is new or dropped.

    ``decided``: what somebody said, None while only ``suggestion`` speaks.
    """

    kind: InstrumentKind
    later: Thing | None
    earlier: Thing | None
    suggestion: Suggestion | None
    decided: YearLink | None = None

    @property
    def code(self) -> str:
        """The code of the later thing, "" for a dropped one."""
        return self.later.code if self.later else ""

    @property
    def earlier_code(self) -> str:
        """The code of the earlier thing, "" for a new one."""
        return self.earlier.code if self.earlier else ""

    @property
    def sure(self) -> bool:
        """True where nobody decided yet and the suggestion is sure."""
        return self.decided is None and self.suggestion is not None and self.suggestion.sure

    @property
    def unclear(self) -> bool:
        """True where somebody has to look."""
        return self.decided is None and not self.sure


@dataclass(frozen=True)
class Pair:
    """Two rounds laid side by side."""

    round: Round
    earlier: Round
    rows: tuple[Row, ...]
    mapping: YearMapping | None

    @property
    def confirmed(self) -> bool:
        """True once it counts, until it is taken up again."""
        return self.mapping is not None

    @property
    def decided(self) -> int:
        """How many rows somebody decided."""
        return sum(1 for row in self.rows if row.decided)

    @property
    def together(self) -> int:
        """How many of them were accepted together."""
        return sum(1 for row in self.rows if row.decided and row.decided.together)


def earlier_rounds(round: Round) -> Sequence[Round]:
    """The rounds that this one can be laid beside: of its scheme, earlier and opened, the newest first."""
    query = select(Round).where(
        Round.scheme == round.scheme,
        Round.fiscal_year < round.fiscal_year,
        Round.state != RoundState.DRAFT,
    )
    return db.session.scalars(query.order_by(Round.fiscal_year.desc())).all()


def earlier_or_404(round: Round, earlier_id: int) -> Round:
    """The earlier round that an address names. Raises NotFound."""
    for one in earlier_rounds(round):
        if one.id == earlier_id:
            return one
    raise NotFound


def pair_of(round: Round, earlier: Round) -> Pair:
    """Both rounds side by side, with what was decided and what is suggested for the rest."""
    return _pair(round, earlier, asked_in(db.session(), [round.id, earlier.id]))


def pairs_of(round: Round) -> list[Pair]:
    """The round beside each that it can be laid beside."""
    found = earlier_rounds(round)
    asked = asked_in(db.session(), [round.id, *(one.id for one in found)])
    return [_pair(round, one, asked) for one in found]


def _pair(round: Round, earlier: Round, asked: Mapping[int, Asked]) -> Pair:
    links = db.session.scalars(select(YearLink).where(*links_of(round, earlier)).order_by(YearLink.id)).all()
    rows = [row for kind in InstrumentKind for row in _rows(kind, asked[round.id], asked[earlier.id], links)]
    return Pair(round, earlier, tuple(rows), mapping_of(round, earlier))


def _rows(kind: InstrumentKind, later: Asked, earlier: Asked, links: Iterable[YearLink]) -> Iterable[Row]:
    """The rows of an instrument: what was decided, and suggestions among what is left."""
    mine, theirs = later.of(kind), earlier.of(kind)
    named, before = {one.code: one for one in mine}, {one.code: one for one in theirs}
    decided = [one for one in links if one.instrument is kind]
    of_code = {one.code: one for one in decided if one.code in named}
    gone = {one.earlier_code for one in decided if one.code in named or one.code is None}
    free = [one for one in theirs if one.code not in gone]
    rest = suggested([one for one in mine if one.code not in of_code], free)
    by_code = {one.later.code: one for one in rest if one.later}
    for thing in mine:
        link, one = of_code.get(thing.code), by_code.get(thing.code)
        match = before.get(link.earlier_code or "") if link else one.earlier if one else None
        yield Row(kind, thing, match, one, link)
    dropped = {one.earlier_code: one for one in decided if one.code is None}
    left = {one.earlier.code: one for one in rest if one.later is None and one.earlier}
    for thing in theirs:
        if thing.code in dropped or thing.code in left:
            yield Row(kind, None, thing, left.get(thing.code), dropped.get(thing.code))


def links_of(round: Round, earlier: Round) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The condition of the decisions on these two rounds."""
    return YearLink.round_id == round.id, YearLink.earlier_id == earlier.id


def mapping_of(round: Round, earlier: Round) -> YearMapping | None:
    """The confirmation of these two rounds, None while there is none."""
    query = select(YearMapping).where(YearMapping.round_id == round.id, YearMapping.earlier_id == earlier.id)
    return db.session.scalar(query)
