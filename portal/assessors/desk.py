"""The assigned agencies of an assessor with what is to do, in one query however many they are.

An agency's interviews are done when everybody drawn was called at least once and the EIT answers of all
channels reach the minimum, or nobody is left in the roster to draw.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from models.disclosure import Disclosure, DisclosureState
from models.instrument import InstrumentKind
from models.participation import Participation, PreparationState
from models.roster import Interview, InterviewOutcome, RosterJudgement, RosterVerdict, SampleDraw
from models.round import Round
from models.search import found_in, words_of
from models.survey import AnswerCount
from portal.core.database.session import db
from portal.surveys.minimum import SampleSizes


class ToDo(enum.Enum):
    """What an assigned agency waits for, in the order in which the work is done."""

    JUDGE = "judge"
    DRAW = "draw"
    INTERVIEW = "interview"
    NAMES = "names"
    UNCONFIRMED = "unconfirmed"
    DONE = "done"


#: lists begin with what the assessor can do now, and of that with what comes last in the work
_ORDER = (ToDo.INTERVIEW, ToDo.DRAW, ToDo.JUDGE, ToDo.NAMES, ToDo.UNCONFIRMED, ToDo.DONE)


@dataclass(frozen=True)
class Assigned:
    """One assigned agency."""

    participation_id: int
    name: str
    district: str
    province: str
    sort_key: str
    search_key: str
    confirmed: bool
    roster: int
    roster_at: datetime | None
    verdict: RosterVerdict | None
    judged_at: datetime | None
    sample: int | None
    answered: int
    pending: int
    eit_answers: int
    minimum: int | None
    disclosure: DisclosureState | None

    @property
    def todo(self) -> ToDo:
        """What comes next here."""
        if not self.confirmed:
            return ToDo.UNCONFIRMED
        if self.sample is not None:
            return ToDo.DONE if self._interviewed else ToDo.INTERVIEW
        if self.verdict is None or self._judgement_outdated:
            return ToDo.JUDGE
        return ToDo.NAMES if self.verdict is RosterVerdict.MORE_NAMES else ToDo.DRAW

    @property
    def enough(self) -> bool:
        """True once the EIT answers of all channels reach the minimum."""
        return self.minimum is not None and self.eit_answers >= self.minimum

    @property
    def _interviewed(self) -> bool:
        return self.pending == 0 and (self.enough or (self.sample or 0) >= self.roster)

    @property
    def _judgement_outdated(self) -> bool:
        return None not in (self.roster_at, self.judged_at) and self.roster_at > self.judged_at  # type: ignore[operator]


@dataclass(frozen=True)
class Listing:
    """The agencies that fit. ``counts`` has every kind of work among those named, whatever is filtered."""

    rows: list[Assigned]
    counts: dict[ToDo | None, int]


def assigned_agencies(round: Round) -> list[Assigned]:
    """All agencies of the round in the actor's scope, unordered. One query."""
    sizes = SampleSizes(round.sample_rules)
    rows = []
    for row in db.session.execute(_query(round.id)).mappings():
        values = dict(row)
        group = {name: values.pop(name) for name in ("kind", "size", "province_size")}
        values["confirmed"] = values.pop("state") is PreparationState.CONFIRMED
        minimum = sizes.minimum(InstrumentKind.EIT, values["roster"], **group)
        rows.append(Assigned(**values, minimum=minimum))
    return rows


def listing(agencies: Iterable[Assigned], *, search: str = "", todo: ToDo | None = None) -> Listing:
    """Search by parts of names, filter by what is to do, order by what can be done now."""
    words = words_of(search)
    named = [row for row in agencies if found_in(row.search_key, words)]
    counts: Counter[ToDo | None] = Counter(row.todo for row in named)
    counts[None] = len(named)
    chosen = [row for row in named if todo is None or row.todo is todo]
    chosen.sort(key=lambda row: (_ORDER.index(row.todo), row.sort_key, row.participation_id))
    return Listing(chosen, dict(counts))


def _query(round_id: int) -> Any:
    calls = (
        select(
            Interview.participation_id,
            func.sum(case((Interview.outcome == InterviewOutcome.ANSWERED, 1), else_=0)).label("answered"),
            func.sum(case((Interview.outcome == InterviewOutcome.PENDING, 1), else_=0)).label("pending"),
        )
        .group_by(Interview.participation_id)
        .subquery()
    )
    answers = (
        select(AnswerCount.participation_id, func.sum(AnswerCount.count).label("answers"))
        .where(AnswerCount.instrument == InstrumentKind.EIT)
        .group_by(AnswerCount.participation_id)
        .subquery()
    )
    return (
        select(
            Participation.id.label("participation_id"),
            Participation.full_name.label("name"),
            Participation.district_name.label("district"),
            Participation.province_name.label("province"),
            Participation.sort_key,
            Participation.search_key,
            Participation.state,
            Participation.kind,
            Participation.size,
            Participation.province_size,
            Participation.roster_count.label("roster"),
            Participation.roster_at,
            RosterJudgement.verdict,
            RosterJudgement.judged_at,
            SampleDraw.sample_size.label("sample"),
            func.coalesce(calls.c.answered, 0).label("answered"),
            func.coalesce(calls.c.pending, 0).label("pending"),
            func.coalesce(answers.c.answers, 0).label("eit_answers"),
            Disclosure.state.label("disclosure"),
        )
        .outerjoin(RosterJudgement, RosterJudgement.participation_id == Participation.id)
        .outerjoin(SampleDraw, SampleDraw.participation_id == Participation.id)
        .outerjoin(calls, calls.c.participation_id == Participation.id)
        .outerjoin(answers, answers.c.participation_id == Participation.id)
        .outerjoin(Disclosure, Disclosure.participation_id == Participation.id)
        .where(Participation.round_id == round_id)
    )
