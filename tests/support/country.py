"""A country whose agencies stand in mixed states, and its slow recount: loops over rows, no query of ours."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.disclosure import Disclosure, DisclosureState
from models.instrument import InstrumentKind
from models.kinds import AgencyKind
from models.participation import Participation, PreparationState
from models.round import Round
from models.survey import AnswerCount, Channel
from portal.content import local
from portal.core.database.session import privileged, writing
from tests.factories.base import rows_in
from tests.factories.places import AgencyFactory, DistrictFactory, ProvinceFactory
from tests.factories.rounds import ParticipationFactory, RoundFactory
from tests.factories.work import AnswerCountFactory, DisclosureFactory
from tests.support.world import NOW, World

IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT
#: provinces and agencies of each that the mixed country adds to the world's
SIZE = (2, 4)
REGIONS = ("ภาคเหนือ", "ภาคใต้")
#: at and beside every limit of the minimum sample of 2561
PEOPLE = (12, 30, 31, 300, 301, 4000, 4001)
CHANNELS = {IIT: (Channel.SELF,), EIT: (Channel.SELF, Channel.INTERVIEW)}


def mixed_country(app: Flask, world: World, throw: int) -> list[Seen]:
    """Add provinces to the world's round, and throw every agency somewhere; gives what is there.

    Each agency also stands in another round, elsewhere on its way: no figure may count that.
    """
    chance = random.Random(throw)
    with app.app_context(), writing(), privileged("a test's country") as session, rows_in(session):
        session.info["unrecorded"] = True
        round, other = session.get_one(Round, world.round_id), RoundFactory()
        for place in range(SIZE[0]):
            district = DistrictFactory(province=ProvinceFactory(region=REGIONS[place]))
            for _number in range(SIZE[1]):
                kind = chance.choice([local.SAO, local.SUBDISTRICT, local.SPECIAL])
                ParticipationFactory(round=round, agency=AgencyFactory(district=district, kind=kind))
        for row in session.scalars(select(Participation).where(Participation.round_id == round.id)).all():
            _throw(row, chance)
            elsewhere: Any = ParticipationFactory(round=other, agency=row.agency)
            _throw(elsewhere, chance)
        session.flush()
        return _seen_in(session, round.id)


def _throw(row: Participation, chance: random.Random) -> None:
    """Somewhere on its way, as the guards let it come about: confirmed is only what has the first three."""
    row.activated_at = chance.choice([None, NOW])
    row.headcount, row.roster_count = chance.choice([None, *PEOPLE]), chance.choice([0, *PEOPLE])
    if row.activated_at and row.headcount and row.roster_count:
        row.state = chance.choice(list(PreparationState))
    if chance.random() < 0.4:
        row.activated_at, row.state = NOW, PreparationState.CONFIRMED
        row.headcount, row.roster_count = chance.choice(PEOPLE), chance.choice(PEOPLE)
    row.headcount_at = None if row.headcount is None else NOW
    row.roster_at = NOW if row.roster_count else None
    row.confirmed_at = NOW if row.state is PreparationState.CONFIRMED else None
    for survey, channels in CHANNELS.items():
        for channel in chance.sample(channels, chance.randint(0, len(channels))):
            count = chance.choice([0, 3, 29, 30, 400, 5000])
            AnswerCountFactory(participation=row, instrument=survey, channel=channel, count=count)
    if chance.random() < 0.7:
        DisclosureFactory(participation=row, state=chance.choice(list(DisclosureState)))


@dataclass(frozen=True)
class Seen:
    """One agency as the recount sees it."""

    province_id: int
    name: str
    kind: AgencyKind
    steps: tuple[bool, ...]
    #: the data lie with the executive
    submitted: bool
    answers: dict[InstrumentKind, int]
    people: dict[InstrumentKind, int]
    oit: DisclosureState | None

    @property
    def behind(self) -> int:
        """The first step that is missing, from 1; 0 where none is."""
        return 0 if all(self.steps) else self.steps.index(False) + 1

    def minimum(self, survey: InstrumentKind) -> int:
        """The rule of 2561 in its own words: all of 30, then 30, of over 300 a tenth, of over 4,000 400."""
        people = self.people[survey]
        if people <= 300:
            return min(people, 30)
        return -(-people // 10) if people <= 4000 else 400


@dataclass(frozen=True)
class Recount:
    """The figures of any number of agencies, added up one by one."""

    agencies: int
    done: tuple[int, ...]
    behind: tuple[int, ...]
    #: of each survey: confirmed agencies, those at their minimum, answers, minimum of all, those above
    surveys: dict[InstrumentKind, tuple[int, ...]]
    oit: dict[DisclosureState, int]


def recounted(agencies: Iterable[Seen]) -> Recount:
    """Add them up."""
    count, done, behind = 0, [0] * 4, [0] * 4
    surveys, oit = {IIT: [0] * 5, EIT: [0] * 5}, Counter[DisclosureState]()
    for one in agencies:
        count += 1
        for step in range(4):
            done[step] += one.steps[step]
            behind[step] += one.behind == step + 1
        for survey, sums in surveys.items() if one.steps[3] else ():
            answers, minimum = one.answers[survey], one.minimum(survey)
            for place, number in enumerate(
                (1, answers >= minimum, answers, minimum, answers > one.people[survey])
            ):
                sums[place] += number
        if one.oit is not None:
            oit[one.oit] += 1
    return Recount(count, tuple(done), tuple(behind), {k: tuple(v) for k, v in surveys.items()}, dict(oit))


def _seen_in(session: Session, round_id: int) -> list[Seen]:
    """Every agency of a round, read row by row."""
    return [_seen(session, row) for row in session.scalars(select(Participation)) if row.round_id == round_id]


def _seen(session: Session, row: Participation) -> Seen:
    answers = {IIT: 0, EIT: 0}
    for count in session.scalars(select(AnswerCount)):
        if count.participation_id == row.id:
            answers[count.instrument] += count.count
    sheets = [one.state for one in session.scalars(select(Disclosure)) if one.participation_id == row.id]
    confirmed = row.state is PreparationState.CONFIRMED
    return Seen(
        province_id=row.province_id,
        name=row.full_name,
        kind=row.kind,
        steps=(row.activated_at is not None, row.headcount is not None, row.roster_count > 0, confirmed),
        submitted=row.state is PreparationState.SUBMITTED,
        answers=answers,
        people={IIT: row.headcount or 0, EIT: row.roster_count},
        oit=sheets[0] if sheets else None,
    )
