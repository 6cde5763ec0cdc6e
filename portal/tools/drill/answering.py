"""Respondents of the drill: so many answers to both surveys, some sent twice, each counted where it lies."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from sqlalchemy import func, select

from models.ballot import Mark
from models.survey import AnswerCount, SurveyLink
from portal.ballot import recount
from portal.core.database.session import privileged
from portal.tools.demo.citizen_ids import made_up_ids
from portal.tools.drill.ground import Ground
from portal.tools.drill.respondents import Crowd, Visit


def answer(ground: Ground, crowd: Crowd, visits: Sequence[Visit], before: Counter[str]) -> None:
    """Send whoever has not come yet; ``before`` is what became of those who have."""
    with ground.report.step("answers over HTTP") as step:
        outcomes = crowd.send(visits)
        step.count = outcomes["accepted"]
    outcomes += before
    ground.report.check("answers accepted", found=dict(outcomes), planned={"accepted": ground.plan.answers})
    with ground.report.step("second answers refused") as step:
        again = crowd.send(visits[: ground.plan.repeated])
        step.count = again["already"]
    ground.report.check("second answers", found=dict(again), planned={"already": ground.plan.repeated})
    with ground.app.app_context():
        with privileged("drill: counting answers") as session:
            counted = session.scalar(select(func.sum(AnswerCount.count)))
            marks = session.scalar(select(func.count()).select_from(Mark))
        ground.report.check("answers counted", found=counted, planned=ground.plan.answers)
        ground.report.check("marks", found=marks, planned=ground.plan.answers)
        ground.report.check("counters that differ", found=recount.differences(ground.round_id), planned=[])


def all_visits(ground: Ground) -> list[Visit]:
    """So many respondents for both surveys of the surveyed agencies, in mixed order."""
    agencies = [team.agency_id for team in ground.cast.teams[-ground.plan.surveyed :]]
    with ground.app.app_context(), privileged("drill: links") as session:
        codes = session.scalars(
            select(SurveyLink.code).where(SurveyLink.agency_id.in_(agencies)).order_by(SurveyLink.id)
        ).all()
    ids = made_up_ids(1)
    visits = [Visit(code, one) for code in codes for one in islice(ids, ground.plan.answers_each)]
    random.Random(2561).shuffle(visits)  # noqa: S311 - the order in which made-up people come
    return visits
