"""Everybody on board: accounts for every agency in bulk, and all of them activate with their slips.

While they do, respondents answer beside them: what each of them waits is compared with before.
"""

from __future__ import annotations

import statistics
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import func, select

from models.account import Account
from models.granting import Notice
from models.job import Job, JobState
from models.onboarding import AccountBatch
from models.participation import Participation
from portal.core.database.session import privileged
from portal.core.jobs import worker
from portal.people.bulk import batches
from portal.people.bulk.standing import Which
from portal.tools.drill.cast import acting
from portal.tools.drill.ground import Ground
from portal.tools.drill.newcomers import Newcomers
from portal.tools.drill.respondents import Crowd, Visit
from portal.tools.drill.server import HOST


def make_accounts(ground: Ground) -> None:
    """Order the accounts that every agency lacks, as the back office does."""
    planned = 2 * (ground.agencies - ground.plan.agencies)
    with ground.report.step("accounts made in bulk") as step:
        with acting(ground.cast.dla) as actor:
            job_id = batches.order(Which(), actor=actor, url="/").id
        worker.work(ground.app, until_idle=True)
        with privileged("drill: the accounts' job") as session:
            state = session.get_one(Job, job_id).state
            step.count = sum(batch.counts["new"] for batch in session.scalars(select(AccountBatch)))
            waiting = session.scalar(select(func.count(Account.id)).where(Account.name == ""))
    ground.report.check("accounts' job", found=state, planned=JobState.DONE)
    ground.report.check("accounts made", found=(step.count, waiting), planned=(planned, planned))


def come_in(ground: Ground, port: int, codes: Sequence[str], visits: Iterator[Visit]) -> Counter[str]:
    """Everybody activates; gives what became of the respondents who came before and beside them."""
    report, plan = ground.report, ground.plan
    with report.step("respondents alone: answers") as step:
        alone, waits_alone = _respond(ground, port, visits)
        step.count = alone["accepted"]
    newcomers = Newcomers(HOST, port, at_once=plan.activate_at_once)
    outcomes: list[Counter[str]] = []
    coming = threading.Thread(target=lambda: outcomes.append(newcomers.come(codes)))
    with report.step("accounts activated") as step:
        coming.start()
        beside, waits_beside = _respond(ground, port, visits)
        coming.join()
        step.count = outcomes[0]["activated"] if outcomes else 0
    report.note(f"{step.count / step.seconds:.0f} activations a second")
    report.note(f"a respondent's wait alone {_words(waits_alone)}, beside them {_words(waits_beside)}")
    found = dict(outcomes[0]) if outcomes else {}
    report.check("activations", found=found, planned={"activated": len(codes)})
    in_time = _high(waits_beside) <= plan.longest_wait
    report.check(f"95 of 100 wait at most {plan.longest_wait} s", found=in_time, planned=True)
    return alone + beside


def count(ground: Ground, activated: int) -> None:
    """Step 1 of preparation is noted for each agency, and the other one of each agency was told."""
    with privileged("drill: counting who is on board") as session:
        query = select(func.count(Participation.id)).where(Participation.activated_at.is_not(None))
        first_step = session.scalar(query)
        left = session.scalar(select(func.count(Account.id)).where(Account.name == ""))
        told = session.scalar(select(func.count(Notice.id)).where(Notice.kind == "activated"))
    ground.report.check("agencies with step 1", found=first_step, planned=ground.agencies)
    ground.report.check("told of an activation", found=told, planned=activated + ground.plan.activated)
    ground.report.check("accounts without a person", found=left, planned=0)


def _respond(ground: Ground, port: int, visits: Iterator[Visit]) -> tuple[Counter[str], list[float]]:
    """The next respondents, as they come; what became of them, and what they waited."""
    plan = ground.plan
    crowd = Crowd(HOST, port, at_once=plan.respondents_at_once)
    return crowd.send(list(islice(visits, plan.beside)), every=plan.arrive_every), crowd.seconds


def _words(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.0f} ms (p95 {_high(seconds) * 1000:.0f} ms)"


def _high(seconds: Sequence[float]) -> float:
    """The 95th percentile."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
