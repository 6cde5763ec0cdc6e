"""What results are computed from: participations, opened answers, scored items, in a few queries a chunk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from models.ballot import OpenedAnswer
from models.disclosure import DisclosureAnswer
from models.instrument import InstrumentKind
from models.kinds import AgencyKind
from models.participation import Participation, PreparationState


@dataclass(frozen=True)
class Entrant:
    """A participation as scoring needs it."""

    id: int
    agency_id: int
    province_id: int
    confirmed: bool
    kind: AgencyKind


def entrants_of(session: Session, ids: Sequence[int]) -> list[Entrant]:
    """The participations of these ids."""
    query = select(
        Participation.id,
        Participation.agency_id,
        Participation.province_id,
        Participation.state,
        Participation.kind,
    ).where(Participation.id.in_(ids))
    return [
        Entrant(key, agency, province, state is PreparationState.CONFIRMED, kind)
        for key, agency, province, state, kind in session.execute(query)
    ]


def answers_of(
    session: Session, ids: Sequence[int]
) -> dict[int, dict[InstrumentKind, dict[str, list[bytes]]]]:
    """Opened answers by participation, instrument and channel."""
    # a million rows in all: the plain text of the two enums, turned into members once per group
    query = select(
        OpenedAnswer.participation_id,
        type_coerce(OpenedAnswer.instrument, String),
        type_coerce(OpenedAnswer.channel, String),
        OpenedAnswer.answers,
    ).where(OpenedAnswer.participation_id.in_(ids))
    groups: dict[tuple[int, str, str], list[bytes]] = defaultdict(list)
    for key, instrument, channel, answer in session.execute(query):
        groups[key, instrument, channel].append(answer)
    found: dict[int, dict[InstrumentKind, dict[str, list[bytes]]]] = {}
    for (key, instrument, channel), answers in groups.items():
        found.setdefault(key, {}).setdefault(InstrumentKind(instrument), {})[channel] = answers
    return found


def items_of(
    session: Session, ids: Sequence[int], codes: Mapping[int, str]
) -> dict[int, dict[str, Decimal | None]]:
    """Scores of the checklist by participation and item code."""
    scores: dict[int, dict[str, Decimal | None]] = defaultdict(dict)
    query = select(
        DisclosureAnswer.participation_id, DisclosureAnswer.oit_item_id, DisclosureAnswer.score
    ).where(DisclosureAnswer.participation_id.in_(ids))
    for key, item, score in session.execute(query):
        scores[key][codes[item]] = score
    return scores
