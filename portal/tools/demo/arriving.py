"""The answers of the demonstration's open round day by day: sealed, marked and counted as the box does it."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.ballot import ROW_KEY, Mark, SealedAnswer
from models.instrument import InstrumentKind
from models.participation import Participation
from models.round import Round, Stage
from models.survey import AnswerCount, Channel, DailyCount
from models.thai import local_day
from portal.ballot import interviews
from portal.ballot.box import Box
from portal.ballot.links import SURVEYS
from portal.ballot.questionnaire import load_questionnaire
from portal.ballot.seal import Content, seal
from portal.core.stages import stage_state
from portal.surveys.minimum import targets_in
from portal.tools.demo.present import random_answer

#: from when and until when answers come, as shares of a survey's time; and how common that is
HABITS = {"even": (0.0, 1.0), "late": (0.5, 1.0), "stopped": (0.0, 0.35), "nothing": (1.0, 1.0)}
COMMON = (5, 2, 2, 1)
#: answers until the end for each that is needed, least and most
ZEAL = (0.7, 1.9)


@dataclass(frozen=True)
class _Survey:
    """A survey of the round: its limits of answers, the days that are over, and all of its days."""

    kind: InstrumentKind
    limits: tuple[int, ...]
    over: list[date]
    days: int


def arrive(session: Session, round: Round, agencies: Sequence[Participation], now: datetime) -> None:
    """Give these agencies answers on the days of their surveys that are over, in bulk.

    Needs a privileged session and a round whose keys are made.
    """
    chance = random.Random(round.fiscal_year)  # noqa: S311 - demonstration data, the same at every start
    targets = targets_in(round, Participation.id.in_([one.id for one in agencies]), session=session)
    surveys = [_survey(session, round, kind, now) for kind in SURVEYS]
    for participation in agencies:
        habit, zeal = chance.choices(list(HABITS), COMMON)[0], chance.uniform(*ZEAL)
        for survey in surveys:
            target = targets[participation.id][survey.kind]
            most = min(target.population or 0, int(zeal * (target.minimum or 0)))
            came = list(_days(habit, most, survey, chance))
            if came:
                _put(session, interviews.box_of(session, participation, survey.kind), survey, came, chance)
    session.flush()


def _survey(session: Session, round: Round, kind: InstrumentKind, now: datetime) -> _Survey:
    spans = stage_state(round, Stage(kind.value), now).spans
    first, last = spans[0].first_day, spans[-1].last_day
    over = [first + timedelta(days=number) for number in range((local_day(now) - first).days)]
    limits = load_questionnaire(session, round.id, kind).limits
    return _Survey(kind, limits, over, (last - first).days + 1)


def _days(habit: str, most: int, survey: _Survey, chance: random.Random) -> Iterator[date]:
    """The day of each answer that came until yesterday; those of the days to come are still out."""
    begins, ends = HABITS[habit]
    for _answer in range(most):
        day = int(chance.uniform(begins, 1) * survey.days)
        if day < min(len(survey.over), ends * survey.days):
            yield survey.over[day]


def _put(session: Session, box: Box, survey: _Survey, came: list[date], chance: random.Random) -> None:
    """Answers in a box, with their marks (of nobody, so random bytes) and counters."""
    where = {"participation_id": box.participation_id, "instrument": survey.kind, "channel": Channel.SELF}
    owner = {"agency_id": box.agency_id, "province_id": box.province_id}
    execute = session.connection().execute
    execute(insert(SealedAnswer), [_sealed(box, survey, where, chance) for _day in came])
    execute(insert(Mark), [_mark(box) for _day in came])
    execute(insert(AnswerCount), [{**where, **owner, "count": len(came)}])
    execute(
        insert(DailyCount),
        [{**where, **owner, "day": day, "count": came.count(day)} for day in sorted(set(came))],
    )


def _sealed(box: Box, survey: _Survey, where: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    content = Content(random_answer(survey.limits, chance))
    sealed = seal(content, label=box.label(Channel.SELF), public_key=box.public_key)
    return {**where, "round_id": box.round_id, "key": secrets.token_bytes(ROW_KEY), "sealed": sealed}


def _mark(box: Box) -> dict[str, Any]:
    return {"round_id": box.round_id, "mark": secrets.token_bytes(32), "form": secrets.token_bytes(32)}
