"""The demonstration's past rounds: opened, with results of the home province and its neighbours.

A fair show: agencies of every quality, so that the grades spread over the whole scale, and nearly all of
them with the answers that the rule asks for; the few below their minimum show what the results then say.
"""

from __future__ import annotations

import random
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.ballot import ROW_KEY, OpenedAnswer
from models.disclosure import DisclosureState
from models.instrument import InstrumentKind
from models.participation import Participation, PreparationState
from models.place import Province
from models.round import Round
from models.survey import AnswerCount, Channel, DailyCount
from models.thai import local_day
from portal.ballot.links import SURVEYS
from portal.rounds.setup import instruments_of, spec_of
from portal.surveys.minimum import SampleSizes
from portal.tools.demo import checklists
from portal.tools.demo.present import write_steps

#: provinces whose agencies went all the way in the past round
ASSESSED = ("50", "51", "52", "54")
STAFF, ROSTER = (15, 35), (12, 40)
#: how good agencies are, from 0 to 1: least, most, and what most of them are
QUALITY = (0.1, 1.0, 0.85)
#: how many days the answers of a survey came on
OPEN_FOR = 40
#: one agency in so many gets too few answers
BELOW_MINIMUM = 30
#: by how much agencies of the year before were worse: least, most, and what most of them were
BEHIND = (-0.06, 0.14, 0.05)


@dataclass(frozen=True)
class Assessed:
    """An agency of the past round, and how good it is."""

    owner: dict[str, Any]
    kind: Any
    size: Any
    province_size: str | None
    people: dict[InstrumentKind, int]
    quality: float


def fill(
    session: Session, round: Round, when: datetime, *, later: Mapping[int, float] | None = None
) -> dict[int, float]:
    """Opened answers, counts and scored checklists of the assessed agencies, in bulk; results come after.

    Gives how good each agency was, by its id. ``later``: the same of the year after, for those that this year
    has too: an agency is not another one from one year to the next.
    """
    chance = random.Random(round.fiscal_year)  # noqa: S311 - demonstration data, the same at every start
    agencies = _agencies(session, round, chance, later or {})
    write_steps(session, [_done(agency, when) for agency in agencies])
    instruments = instruments_of(session, round.id)
    sizes = SampleSizes(round.sample_rules)
    for kind in SURVEYS:
        lines = [line.points for line in spec_of(instruments[kind]).sub_items()]
        _answers(session, kind, agencies, lines, sizes, chance, day=local_day(when))
    sheets = [
        checklists.Sheet(
            agency.owner,
            agency.kind,
            DisclosureState.SCORED,
            points=_points(agency.quality, chance),
        )
        for agency in agencies
    ]
    checklists.write(session, round, sheets, when)
    return {agency.owner["agency_id"]: agency.quality for agency in agencies}


def _agencies(
    session: Session, round: Round, chance: random.Random, later: Mapping[int, float]
) -> list[Assessed]:
    query = (
        select(
            Participation.id,
            Participation.agency_id,
            Participation.province_id,
            Participation.kind,
            Participation.size,
            Participation.province_size,
        )
        .join(Province, Province.id == Participation.province_id)
        .where(Participation.round_id == round.id, Province.code.in_(ASSESSED))
        .order_by(Participation.id)
    )
    return [
        Assessed(
            {"participation_id": key, "agency_id": agency, "province_id": province},
            kind,
            size,
            province_size,
            {InstrumentKind.IIT: chance.randint(*STAFF), InstrumentKind.EIT: chance.randint(*ROSTER)},
            _before(later[agency], chance) if agency in later else chance.triangular(*QUALITY),
        )
        for key, agency, province, kind, size, province_size in session.execute(query)
    ]


def _before(quality: float, chance: random.Random) -> float:
    """How good an agency was in the year before."""
    return min(QUALITY[1], max(QUALITY[0], quality - chance.triangular(*BEHIND)))


def _done(agency: Assessed, when: datetime) -> dict[str, Any]:
    """The columns of preparation once every step is done."""
    return {
        "id": agency.owner["participation_id"],
        "state": PreparationState.CONFIRMED,
        "activated_at": when,
        "headcount": agency.people[InstrumentKind.IIT],
        "headcount_at": when,
        "roster_count": agency.people[InstrumentKind.EIT],
        "roster_at": when,
        "submitted_at": when,
        "confirmed_at": when,
    }


def _answers(
    session: Session,
    kind: InstrumentKind,
    agencies: Sequence[Assessed],
    lines: Sequence[Sequence[Decimal | None]],
    sizes: SampleSizes,
    chance: random.Random,
    *,
    day: date,
) -> None:
    common = {"instrument": kind, "channel": Channel.SELF}
    ranked = [_ranked(points) for points in lines]
    counts, answers = [], []
    for agency in agencies:
        people = agency.people[kind]
        group = {"kind": agency.kind, "size": agency.size, "province_size": agency.province_size}
        minimum = sizes.minimum(kind, people, **group) or people
        enough = chance.randrange(BELOW_MINIMUM) > 0
        number = chance.randint(min(minimum, people), people) if enough else max(3, minimum // 2)
        counts.append({**agency.owner, **common, "count": number})
        answers += [
            {
                "participation_id": agency.owner["participation_id"],
                **common,
                "key": secrets.token_bytes(ROW_KEY),
                "answers": bytes(_choice(choices, agency.quality, chance) for choices in ranked),
            }
            for _respondent in range(number)
        ]
    session.connection().execute(insert(AnswerCount), counts)
    days = [one for row in counts for one in _days(row, day, chance)]
    session.connection().execute(insert(DailyCount), days)
    session.connection().execute(insert(OpenedAnswer), answers)


def _days(counted: dict[str, Any], first: date, chance: random.Random) -> Iterator[dict[str, Any]]:
    """What was counted in all by the days that it came on."""
    begins = chance.uniform(0, 0.6) * OPEN_FOR
    days = Counter(int(chance.uniform(begins, OPEN_FOR)) for _answer in range(counted["count"]))
    for day, count in sorted(days.items()):
        yield {**counted, "day": first + timedelta(days=day), "count": count}


def _points(quality: float, chance: random.Random) -> Callable[[], Decimal]:
    """What draws the points of one item."""
    return lambda: Decimal(100 if chance.random() < quality else 0)


def _ranked(points: Sequence[Decimal | None]) -> list[int]:
    """The choices of a line that have points, numbered from 1, the one with the most first."""
    worths = [(worth, number) for number, worth in enumerate(points, start=1) if worth is not None]
    return [number for _worth, number in sorted(worths, key=lambda pair: -pair[0])]


def _choice(ranked: list[int], quality: float, chance: random.Random) -> int:
    """Mostly the best choice where an agency is good, the next ones the more often the less it is."""
    place = 0
    while place < len(ranked) - 1 and chance.random() > quality:
        place += 1
    return ranked[place]
