"""Something done to all rows that a list found: at once for few, as a job in portions for many.

The rows are those that the person confirmed, by their keys. Each portion is one transaction, so that others
who write wait no longer than for one of them; killed anywhere the job goes on after the last portion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.job import Job, Lane
from portal.core.access import Actor
from portal.core.database.session import db, writing
from portal.core.errors import NotFound
from portal.core.jobs.kinds import NO_RIGHT, JobContext, JobFailed, job_kind
from portal.core.jobs.queue import enqueue
from portal.core.texts import _

KIND = "lists.act"
#: rows of one portion, and how many are done while the person waits
AT_ONCE = 300
#: rows that were left out and that the result names with the reason before it counts the rest
NAMED = 20


@dataclass(frozen=True)
class Outcome:
    """What was done to some rows: how many changed, how many were so already, who was left out and why."""

    done: int = 0
    same: int = 0
    left_out: tuple[str, ...] = ()

    def and_then(self, other: Outcome) -> Outcome:
        """Both together."""
        return Outcome(self.done + other.done, self.same + other.same, self.left_out + other.left_out)

    def words(self) -> str:
        """The outcome for the person who asked."""
        said = [_("%(count)s rows changed", count=f"{self.done:,}")]
        if self.same:
            said.append(_("%(count)s were so already", count=f"{self.same:,}"))
        if self.left_out:
            names = list(self.left_out[:NAMED])
            more = len(self.left_out) - len(names)
            names += [_("and %(count)s more", count=f"{more:,}")] if more else []
            count = f"{len(self.left_out):,}"
            said.append(_("%(count)s were left out: %(names)s", count=count, names=", ".join(names)))
        return " · ".join(said)


Do = Callable[[Mapping[str, Any], Sequence[int]], Outcome]
#: what does the acts of a list, from an order's arguments and the keys of some rows; raises NotFound
#: where the person has no right to the act
DOERS: dict[str, Do] = {}

#: what takes back the person's own last change of one row, by the list; raises UserError with the reason
#: where it cannot
UNDOERS: dict[str, Callable[[Any], None]] = {}


def order(arguments: dict[str, Any], *, title: str, actor: Actor) -> Job:
    """Order an act as a job: ``arguments`` has ``list``, ``act``, ``rows`` and ``url``, where it leads."""
    return enqueue(KIND, title=title, arguments=arguments, actor=actor)


@job_kind(KIND, lane=Lane.SHORT)
def run(context: JobContext) -> None:
    """Do it to the rows that are not done yet, portion after portion. Raises JobFailed without the right."""
    rows: list[int] = context.arguments["rows"]
    context.checkpoint = {"at": 0, "done": 0, "same": 0, "left_out": [], **context.checkpoint}
    context.progress(context.checkpoint["at"], len(rows))
    while some := rows[context.checkpoint["at"] :][:AT_ONCE]:
        _portion(context, some)
        context.progress(context.checkpoint["at"], len(rows))
    so_far = context.checkpoint
    outcome = Outcome(so_far["done"], so_far["same"], tuple(so_far["left_out"]))
    context.finish({"words": outcome.words(), "url": context.arguments["url"]})


def _portion(context: JobContext, some: Sequence[int]) -> None:
    """One portion, with its checkpoint: both or neither."""
    before = context.checkpoint
    with writing():
        try:
            done = DOERS[context.arguments["list"]](context.arguments, some)
        except (KeyError, NotFound) as error:
            raise JobFailed(NO_RIGHT) from error
        context.checkpoint = {
            "at": before["at"] + len(some),
            "done": before["done"] + done.done,
            "same": before["same"] + done.same,
            "left_out": [*before["left_out"], *done.left_out],
        }
        context.save(db.session())
        db.session.commit()
