"""Answers against the minimum sample, for one agency and for lists of thousands in two queries.

IIT counts from the headcount, EIT from the roster. Before the executive's confirmation the numbers are
those entered so far. Answers of every channel count; to the agency's own people as of the last quarter of an
hour (``portal/ballot/counting.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.instrument import InstrumentKind
from models.kinds import AgencyKind, AgencySize
from models.minimum_sample import SampleBand, bands_for, minimum_sample, missing
from models.participation import Participation
from models.round import Round, SampleRule
from portal.ballot.counting import counts_seen
from portal.core.database.session import db

SURVEYS = (InstrumentKind.IIT, InstrumentKind.EIT)


@dataclass(frozen=True)
class Target:
    """How many answers a survey of one agency has and needs; ``minimum`` is None while that is not known."""

    instrument: InstrumentKind
    population: int | None
    minimum: int | None
    answers: int

    @property
    def missing(self) -> int | None:
        """How many answers are still needed."""
        return None if self.minimum is None else missing(self.answers, self.minimum)

    @property
    def above(self) -> int:
        """How many answers there are more than people known: to be looked at, no proof of anything.

        A made-up ID with a right check digit is counted like any other (ADR 3); EIT by its link is open to
        people who are not in the roster.
        """
        return 0 if self.population is None else max(0, self.answers - self.population)

    @property
    def reached(self) -> bool:
        """True once the minimum is there (never while it is not known)."""
        return self.minimum is not None and self.answers >= self.minimum


Targets = dict[InstrumentKind, Target]


class SampleSizes:
    """The minimum-sample rule of one round, read once."""

    def __init__(self, rules: Iterable[SampleRule]) -> None:
        self._rules = sorted(rules, key=lambda rule: rule.position)
        self._bands: dict[tuple[str, str, str | None, str | None], tuple[SampleBand, ...]] = {}

    def minimum(
        self,
        instrument: InstrumentKind,
        population: int | None,
        *,
        kind: AgencyKind,
        size: AgencySize | None,
        province_size: str | None = None,
    ) -> int | None:
        """The answers needed from ``population`` people; None without people or where no rule covers them."""
        bands = self._bands_of(instrument, kind, size, province_size)
        if not population or not bands:
            return None
        try:
            return minimum_sample(population, bands)
        except ValueError:
            return None

    def _bands_of(
        self,
        instrument: InstrumentKind,
        kind: AgencyKind,
        size: AgencySize | None,
        province_size: str | None,
    ) -> tuple[SampleBand, ...]:
        key = (instrument.value, kind.value, size.value if size else None, province_size)
        if key not in self._bands:
            rules = (rule for rule in self._rules if rule.instrument == instrument.value)
            self._bands[key] = bands_for(rules, *key[1:])
        return self._bands[key]


def targets_of(participation: Participation) -> Targets:
    """The targets of both surveys of one agency."""
    return targets_in(participation.round, Participation.id == participation.id)[participation.id]


def minimum_for(participation: Participation, headcount: int) -> int | None:
    """The answers that IIT would need from so many people; None where no rule covers the agency."""
    return SampleSizes(participation.round.sample_rules).minimum(
        InstrumentKind.IIT,
        headcount,
        kind=participation.kind,
        size=participation.size,
        province_size=participation.province_size,
    )


def bands_of(participation: Participation) -> tuple[SampleBand, ...]:
    """The bands of IIT that hold for an agency; none where no rule covers it."""
    size = participation.size.value if participation.size else None
    rules = [rule for rule in participation.round.sample_rules if rule.instrument == InstrumentKind.IIT.value]
    return bands_for(rules, participation.kind.value, size, participation.province_size)


def targets_in(round: Round, *criteria: Any, session: Session | None = None) -> dict[int, Targets]:
    """The targets of the round's participations inside the actor's scope, by participation.

    ``criteria`` narrow the participations (SQL conditions on Participation); ``session`` is another than the
    request's. Two queries, however many.
    """
    session = session or db.session()
    sizes = SampleSizes(round.sample_rules)
    here = (Participation.round_id == round.id, *criteria)
    answers = _answers(session, here)
    query = select(
        Participation.id,
        Participation.kind,
        Participation.size,
        Participation.province_size,
        Participation.headcount,
        Participation.roster_count,
    ).where(*here)
    targets: dict[int, Targets] = {}
    for key, kind, size, province_size, headcount, roster_count in session.execute(query):
        people = {InstrumentKind.IIT: headcount, InstrumentKind.EIT: roster_count or None}
        targets[key] = {
            survey: Target(
                survey,
                people[survey],
                sizes.minimum(survey, people[survey], kind=kind, size=size, province_size=province_size),
                answers.get((key, survey), 0),
            )
            for survey in SURVEYS
        }
    return targets


def _answers(session: Session, here: tuple[Any, ...]) -> dict[tuple[int, InstrumentKind], int]:
    seen = counts_seen(session)
    query = (
        select(seen.participation_id, seen.instrument, func.sum(seen.count))
        .join(Participation, Participation.id == seen.participation_id)
        .where(*here)
        .group_by(seen.participation_id, seen.instrument)
    )
    rows = session.execute(query)
    return {(participation, instrument): int(total) for participation, instrument, total in rows}
