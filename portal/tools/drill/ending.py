"""The end of the drill: letters, closing, opening, and every total beside the plan."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from models.ballot import Mark, OpenedAnswer
from models.job import Job, JobState
from models.letter_office import OfficeKind
from models.result import Result
from models.round import Round, RoundState
from models.thai import local_day
from portal.core import clock
from portal.core.database.session import privileged
from portal.core.jobs import worker
from portal.letters import dispatches as letters
from portal.letters import drafting
from portal.letters import offices as letter_offices
from portal.results.opening import open_round_boxes
from portal.rounds import desk as rounds
from portal.tools.drill.cast import acting
from portal.tools.drill.ground import Ground

AFTER_EVERYTHING = timedelta(days=120)
OFFICE = {
    "name": "กรมตัวอย่าง",
    "address": "ถนนทดลอง เขตทดลอง กรุงเทพฯ",
    "number_prefix": "มท",
}


def send_letters(ground: Ground) -> None:
    """Make the letters to the governors."""
    with ground.report.step("letters to governors, in one ZIP") as step:
        with acting(ground.cast.dla) as actor:
            office = letter_offices.save_texts(OfficeKind.DLA, OFFICE)
            signs = letter_offices.save_signatory(
                office, None, name="นายทดลอง ลงนาม", position="อธิบดีกรมตัวอย่าง"
            )
            draft = drafting.Draft(signs.id)
            dispatch = drafting.begin(ground.this_round(), OfficeKind.DLA, draft, actor=actor)
            job_id = letters.issue(
                dispatch, number="1", dated=local_day(clock.now()), actor=actor, seen_version=None
            ).id
        worker.work(ground.app, until_idle=True)
        with privileged("drill: the letters' job") as session:
            job = session.get_one(Job, job_id)
            ground.report.check("letters' job", found=job.state, planned=JobState.DONE)
            step.count = int(job.result.get("letters", 0))
    ground.report.check("letters", found=step.count, planned=ground.plan.letters)


def close(ground: Ground) -> None:
    """Close the round, long after its last day."""
    with ground.report.step("marks deleted at closing") as step:
        ground.set_clock(clock.now() + AFTER_EVERYTHING)
        with acting(ground.cast.nacc) as actor:
            rounds.close_round(ground.this_round(), actor=actor)
        worker.work(ground.app, until_idle=True)
        with privileged("drill: counting marks") as session:
            left = session.scalar(select(func.count()).select_from(Mark)) or 0
            step.count = ground.plan.answers - left
    ground.report.check("marks left", found=left, planned=0)


def open_boxes(ground: Ground, key_file: Path) -> None:
    """Open the boxes with the key that had left, and count everything."""
    with ground.report.step("answers opened, agencies scored") as step:
        report, grades = open_round_boxes(ground.round_id, private_key=key_file.read_bytes())
        step.count = report.opened
    with privileged("drill: counting results") as session:
        opened = session.scalar(select(func.count()).select_from(OpenedAnswer))
        scored = session.scalar(select(func.count()).where(Result.total.is_not(None)))
        state = session.get_one(Round, ground.round_id).state
    ground.report.check("answers opened", found=(report.opened, opened), planned=(ground.plan.answers,) * 2)
    ground.report.check("answers set aside", found=report.set_aside, planned=0)
    ground.report.check("state of the round", found=state, planned=RoundState.OPENED)
    ground.report.check("agencies with a total", found=scored, planned=ground.plan.disclosures)
    ground.report.check("results in all", found=sum(grades.values()), planned=ground.agencies)
    late = ground.agencies - ground.plan.confirmed
    ground.report.check("not assessable", found=grades.get("not_assessable", 0), planned=late)
