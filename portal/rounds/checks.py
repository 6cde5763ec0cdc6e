"""What a round needs before it can open, as a list that the page shows and the workflow asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Any

from sqlalchemy import func, select

from models.agency import AgencyKind, AgencySize
from models.citizen_id import are_first_digits
from models.instrument import Indicator, Instrument, InstrumentKind, OitItem, Question
from models.minimum_sample import bands_for, is_covering
from models.participation import Participation
from models.round import Round, Stage
from portal.ballot.keys import urn_ready
from portal.core.database.session import db
from portal.core.stages import STAGE_NAMES, grace_of, stage_state
from portal.disclosure.checklist import items_asked

#: which stage goes on with what comes in the grace time of another
GOES_ON = {Stage.PREPARATION: Stage.IIT, Stage.OIT: Stage.OIT_SCORING}
SURVEYS = (InstrumentKind.IIT, InstrumentKind.EIT)


@dataclass(frozen=True)
class Check:
    """One thing to have. ``label`` says it, ``reason`` (both English ids) what is missing and what to do."""

    name: str
    label: str
    ok: bool
    reason: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ContentCounts:
    """How much content one instrument of a round has."""

    instrument: Instrument
    indicators: int
    lines: int


def checks(round: Round) -> list[Check]:
    """Everything that must stand before the round opens, in the order in which one prepares it."""
    return [
        _windows(round),
        _grace(round),
        _content(round),
        _items_for_all(round),
        _weights(round),
        _samples(round),
        _bands(round),
        _agencies(round),
        Check(
            "keys",
            "Keys of the ballot boxes made, and the restore drill passed",
            urn_ready(round),
            "Make the keys of the ballot boxes and pass the restore drill first",
        ),
        Check(
            "ids",
            "A made-up ID of each accepted first digit passes the form's own test",
            are_first_digits(round.first_digits),
            "The accepted first digits refuse every citizen ID: enter them as 12345678 under settings",
        ),
    ]


def content_counts(round: Round) -> list[ContentCounts]:
    """The instruments of a round with the numbers of their indicators and of their questions or items."""
    query = select(Instrument).where(Instrument.round_id == round.id).order_by(Instrument.id)
    return [
        ContentCounts(row, _count(Indicator, row), _count(OitItem if _is_list(row) else Question, row))
        for row in db.session.scalars(query)
    ]


def agencies_taken(round: Round) -> int:
    """How many agencies of the register take part in the round."""
    query = select(func.count(Participation.id)).where(Participation.round_id == round.id)
    return db.session.scalar(query) or 0


def covering_problem(round: Round) -> str | None:
    """The instrument ("IIT") whose minimum-sample rule leaves some agency without a number; None if none."""
    for kind in SURVEYS:
        rows = [row for row in round.sample_rules if row.instrument == kind.value]
        if not all(is_covering(bands_for(rows, *group)) for group in _groups()):
            return kind.name
    return None


def _windows(round: Round) -> Check:
    having = {window.stage for window in round.windows}
    return Check(
        "windows",
        "Dates of every stage",
        having == set(Stage),
        "%(count)s stages have no dates yet: enter them under windows",
        {"count": len(set(Stage) - having)},
    )


def _grace(round: Round) -> Check:
    """What is still taken after a window must come while somebody can go on with it."""
    late = [before for before, after in GOES_ON.items() if _too_late(round, before, after)]
    return Check(
        "grace",
        "Grace time of preparation and OIT ends before the stage that goes on with it",
        not late,
        "The grace time of %(stage)s reaches beyond the stage that goes on with it: shorten it",
        {"stage": str(STAGE_NAMES[late[0]]) if late else ""},
    )


def _too_late(round: Round, before: Stage, after: Stage) -> bool:
    ends, limit = (stage_state(round, stage).final_close for stage in (before, after))
    return ends is not None and limit is not None and ends < limit < ends + grace_of(round, before)


def _content(round: Round) -> Check:
    counts = {row.instrument.kind: row for row in content_counts(round)}
    full = all(kind in counts and counts[kind].lines for kind in InstrumentKind)
    return Check(
        "content",
        "Questions and OIT items",
        full,
        "An instrument has no questions or items: the round cannot be assessed",
    )


def kinds_without_items(round: Round) -> list[AgencyKind]:
    """The kinds of agencies of the round that no OIT item asks: they could never have a total; two queries.

    None in a round without any item, which lacks more than that.
    """
    asked = items_asked(round.id)
    if not asked:
        return []
    there = select(Participation.kind).where(Participation.round_id == round.id).distinct()
    taken = set(db.session.scalars(there))
    return [kind for kind in AgencyKind if kind in taken and not asked[kind]]


def _items_for_all(round: Round) -> Check:
    without = kinds_without_items(round)
    return Check(
        "items",
        "OIT items for every kind of agency that takes part",
        not without,
        "No OIT item asks %(kinds)s: without one these agencies get no total",
        {"kinds": ", ".join(kind.label for kind in without)},
    )


def _weights(round: Round) -> Check:
    query = select(func.sum(Instrument.weight)).where(Instrument.round_id == round.id)
    total = Decimal(db.session.scalar(query) or 0)
    return Check(
        "weights",
        "Weights of the instruments make 100",
        total == 100,
        "The weights of the instruments make %(total)s: they must make 100",
        {"total": f"{total.normalize():f}"},
    )


def _samples(round: Round) -> Check:
    gap = covering_problem(round)
    return Check(
        "samples",
        "Minimum sample for every number of people",
        gap is None,
        "The minimum-sample rule of %(instrument)s does not cover every agency: add a row without a limit",
        {"instrument": gap or ""},
    )


def _bands(round: Round) -> Check:
    return Check(
        "bands",
        "Grade bands down to 0",
        any(band.lower == 0 for band in round.bands),
        "The lowest grade band must begin at 0",
    )


def _agencies(round: Round) -> Check:
    return Check(
        "agencies",
        "Agencies taken up from the register",
        agencies_taken(round) > 0,
        "No agency takes part yet: take up the agencies of the register",
    )


def _groups() -> Iterator[tuple[str, str | None, str | None]]:
    sizes = (None, *(size.value for size in AgencySize))
    for kind in AgencyKind:
        for size, province_size in product(sizes, sizes):
            yield kind.value, size, province_size


def _is_list(instrument: Instrument) -> bool:
    return instrument.kind is InstrumentKind.OIT


def _count(model: type[Indicator | Question | OitItem], instrument: Instrument) -> int:
    query = select(func.count(model.id)).where(model.instrument_id == instrument.id)
    return db.session.scalar(query) or 0
