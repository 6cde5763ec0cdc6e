"""The lines of an agency's "what to do next", and what they are made from.

Addresses are endpoint names, so that a page may leave out what is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.disclosure import DisclosureState
from models.participation import Participation
from models.thai import local_day, midnight_after, thai_date_short
from models.windows import StageState
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import can, the_actor
from portal.core.stages import closed, due_words
from portal.core.texts import _
from portal.personal.requests import NEAR, waiting_at
from portal.rounds.notices import PLAIN, Notices
from portal.surveys.minimum import Target


@dataclass(frozen=True)
class Task:
    """One line of the list. ``due_kind`` is a state; "idle": not possible yet, ``due`` says why."""

    title: str
    icon: str
    text: str = ""
    due: str = ""
    due_kind: str = ""
    endpoint: str = ""
    action: str = ""
    closes_at: datetime | None = None


@dataclass(frozen=True)
class Progress:
    """How far the OIT checklist is: items answered, and failed by the executive, of all."""

    done: int
    total: int
    state: DisclosureState
    failed: int = 0
    #: items that the executive has not marked
    pending: int = 0


@dataclass(frozen=True)
class Look:
    """An agency at one moment, with what several parts ask for."""

    participation: Participation
    now: datetime
    preparation: StageState
    targets: tuple[Target, ...]
    progress: Progress | None
    notices: Notices = PLAIN


#: one part of a list: its lines for an agency at one moment
Part = Callable[[Look], list[Task]]


def dated(stage: StageState) -> dict[str, Any]:
    """The fields of a task by its stage: until when, or why not now."""
    if stage.is_open and stage.closes_at is not None:
        due, kind = due_words(stage)
        return {"due": due, "due_kind": kind, "closes_at": stage.closes_at}
    return {"due": closed(stage).message, "due_kind": "idle", "closes_at": stage.closes_at or stage.opens_at}


def results_there(look: Look) -> list[Task]:
    """The way to the result, once the boxes are opened."""
    year = look.participation.round.year_and_scheme
    title = _("The results of fiscal year %(year)s are there", year=year)
    return [Task(title, "chart-bar", endpoint="results.show", action=_("See the results"))]


def own_data(look: Look) -> list[Task]:
    """Requests of people about their own data: they wait whatever stage is open."""
    waiting = waiting_at(look.participation)
    if waiting is None:
        return []
    days, last = (waiting.first_due - local_day(look.now)).days, thai_date_short(waiting.first_due)
    if days < 0:
        due = _("%(number)s days late, since %(day)s", number=f"{-days:,}", day=last)
    else:
        due = _("the first by %(day)s · %(number)s days left", day=last, number=f"{days:,}")
    may_answer = can(the_actor(), P.REQUESTS_ANSWER)
    return [
        Task(
            _("%(number)s requests about own data wait for an answer", number=f"{waiting.number:,}"),
            "shield-lock",
            "" if may_answer else _("The admin answers them"),
            due=due,
            due_kind="bad" if days < 0 else "warn" if days <= NEAR.days else "",
            endpoint="personal_requests.index",
            action=_("Answer them") if may_answer else _("See the requests"),
            closes_at=midnight_after(waiting.first_due),
        )
    ]


def in_order(tasks: list[Task]) -> list[Task]:
    """What can be done now first, each group by its deadline."""
    far = datetime.max.replace(tzinfo=clock.BANGKOK)
    return sorted(tasks, key=lambda task: (task.due_kind == "idle", task.closes_at or far))
