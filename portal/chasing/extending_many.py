"""More time for more agencies than one act holds: ordered as it was shown, given by a job in portions.

Each portion is one transaction, so that others who write wait no longer than for one of them. Killed anywhere
the job goes on after the last portion; who has the time already is left as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from models.job import Job, Lane
from models.round import Round, Stage
from models.thai import thai_date
from portal.chasing import extending
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import db, writing
from portal.core.jobs.kinds import JobContext, job_kind
from portal.core.jobs.queue import enqueue
from portal.core.stages import STAGE_NAMES
from portal.core.texts import _

KIND = "chasing.extend"
#: agencies that had finished meanwhile and that the result names before it counts the rest
NAMED = 10


def order(
    round: Round, stage: Stage, day: date, reason: str, whom: Collection[int], *, actor: Actor, url: str
) -> Job:
    """Order more time for agencies as the preview named them. ``url``: where the job's page leads.

    Raises NotFound for who may not, Refused for a day or reason that cannot be.
    """
    extending.require_may(actor)
    extending.require_possible(round, stage, day)
    arguments: dict[str, Any] = {
        "round_id": round.id,
        "stage": stage.value,
        "day": day.isoformat(),
        "reason": extending.require_reason(reason),
        "whom": sorted(set(whom)),
        "url": url,
    }
    title = _("Give more time for %(stage)s", stage=STAGE_NAMES[stage])
    return enqueue(KIND, title=title, arguments=arguments, actor=actor)


@job_kind(KIND, permission=P.EXTENSIONS_GIVE, lane=Lane.SHORT)
def run(context: JobContext) -> None:
    """Give the time to those who still lack it, portion after portion.

    Raises Refused for a day that has become impossible, and what ``JobContext.progress`` raises.
    """
    whom: list[int] = context.arguments["whom"]
    so_far = {"done": 0, "given": 0, "kept": 0, "finished": []}
    context.checkpoint = {**so_far, **context.checkpoint}
    words = _("The agencies get their time")
    context.progress(context.checkpoint["done"], len(whom), words)
    while some := whom[context.checkpoint["done"] :][: extending.AT_ONCE]:
        _give(context, some)
        context.progress(context.checkpoint["done"], len(whom), words)
    done, day = context.checkpoint, date.fromisoformat(context.arguments["day"])
    said = words_of(done["given"], day, finished=done["finished"], kept=done["kept"])
    context.finish({"words": said, "url": context.arguments["url"]})


def words_of(given: int, day: date, *, finished: Sequence[int], kept: int) -> str:
    """What was done: how many got time until a day, and who was left out since the preview."""
    said = [_("%(count)s agencies have until %(day)s", count=f"{given:,}", day=thai_date(day))]
    if finished:
        names = extending.names_of(finished[:NAMED])
        more = len(finished) - len(names)
        names += [_("and %(count)s more", count=f"{more:,}")] if more else []
        said.append(
            _(
                "%(count)s had finished meanwhile and were left out: %(names)s",
                count=f"{len(finished):,}",
                names=", ".join(names),
            )
        )
    if kept:
        said.append(_("%(count)s agencies have as much time already and keep it", count=f"{kept:,}"))
    return " · ".join(said)


def _give(context: JobContext, some: Sequence[int]) -> None:
    """One portion, with its checkpoint: both or neither."""
    arguments, before = context.arguments, context.checkpoint
    with writing():
        done = extending.give_some(
            db.session.get_one(Round, arguments["round_id"]),
            Stage(arguments["stage"]),
            date.fromisoformat(arguments["day"]),
            arguments["reason"],
            some,
            actor=context.asker,
        )
        context.checkpoint = {
            "done": before["done"] + len(some),
            "given": before["given"] + len(done.lines),
            "kept": before["kept"] + done.kept,
            "finished": [*before["finished"], *done.finished],
        }
        context.save(db.session())
        db.session.commit()
