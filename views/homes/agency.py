"""What an agency does next: the home of its admin and of its executive, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from models.account import Role
from models.participation import STEPS, Participation
from models.round import RoundState, Stage
from models.thai import thai_deadline
from portal.core import clock
from portal.core.stages import closed, stage_of, time_left
from portal.core.texts import _
from portal.disclosure.checklist import items_asked
from portal.disclosure.progress import OitCounts, oit_counts
from portal.preparation.desk import is_not_assessable
from portal.preparation.steps import StepLine, steps_of
from portal.rounds.notices import PLAIN, Notices, Told, announced, notices_of
from portal.surveys.minimum import Target, targets_of
from views.homes import admin_tasks, executive_tasks
from views.homes.agency_ended import Ended, ended_stages
from views.homes.agency_tasks import Look, Progress, Task, in_order, own_data

#: stages in which agencies work or are spoken of
OF_AGENCIES = (Stage.PREPARATION, Stage.IIT, Stage.EIT, Stage.OIT)


@dataclass(frozen=True)
class Countdown:
    """The one deadline of the page."""

    number: str
    unit: str
    title: str
    text: str
    kind: str


@dataclass(frozen=True)
class Todo:
    """Everything that the home of an agency shows."""

    countdown: Countdown | None
    steps: tuple[StepLine, ...]
    tasks: tuple[Task, ...]
    targets: tuple[Target, ...]
    progress: Progress | None = None
    not_assessable: bool = False
    ended: tuple[Ended, ...] = ()
    notices: Notices = PLAIN
    told: tuple[Told, ...] = ()

    @property
    def steps_done(self) -> int:
        """How many of the four steps are done."""
        return sum(step.state == "ok" for step in self.steps)


def disclosure_progress(participation: Participation) -> Progress | None:
    """How far the OIT checklist is; None where no item asks agencies of this kind."""
    total = items_asked(participation.round_id)[participation.kind]
    if not total:
        return None
    counts = oit_counts(participation_ids=[participation.id]).get(participation.id, OitCounts())
    return Progress(counts.answered, total, counts.state, counts.failed, counts.pending)


def todo_of(participation: Participation, *, role: Role) -> Todo:
    """What the admin or the executive (``role``) of an agency does next in its round."""
    now = clock.now()
    look = Look(
        participation=participation,
        now=now,
        preparation=stage_of(participation, Stage.PREPARATION, now),
        targets=tuple(targets_of(participation).values()),
        progress=disclosure_progress(participation),
        notices=notices_of(participation.round),
    )
    not_assessable = is_not_assessable(participation, now)
    parts = (executive_tasks.PARTS if role is Role.EXECUTIVE else admin_tasks.PARTS)[
        participation.round.state
    ]
    if not_assessable:  # people may ask about their data all the same
        parts = (own_data,)
    tasks = [task for part in parts for task in part(look)]
    return Todo(
        countdown=countdown_of(look, not_assessable=not_assessable),
        steps=steps_of(participation),
        tasks=tuple(in_order(tasks)),
        targets=look.targets,
        progress=look.progress,
        not_assessable=not_assessable,
        ended=ended_stages(look),
        notices=look.notices,
        told=announced(participation.round, look.notices, OF_AGENCIES, participation),
    )


def countdown_of(look: Look, *, not_assessable: bool) -> Countdown | None:
    """The deadline of the preparation stage; None once the data are confirmed or the round is not open."""
    if not_assessable:
        closed_at = look.preparation.final_close
        return Countdown(
            "!",
            "",
            look.notices.of("notice.not_assessable"),
            look.notices.of("notice.not_confirmed", when=thai_deadline(closed_at) if closed_at else "–"),
            "bad",
        )
    if look.participation.is_confirmed or look.participation.round.state is not RoundState.OPEN:
        return None
    state = look.preparation
    if not state.is_open or state.closes_at is None:
        return Countdown("–", "", _("The preparation stage is not open"), closed(state).message, "info")
    left = len(STEPS) - look.participation.steps_done
    final = state.final_close
    again = final is not None and final > state.closes_at
    closes = "notice.preparation_window" if again else "notice.preparation_closes"
    return Countdown(
        *time_left(look.now, state.closes_at),
        look.notices.of(closes, when=thai_deadline(state.closes_at)),
        look.notices.of("notice.steps_left", left=left),
        "bad" if (state.closes_at - look.now).days < 2 else "warn",
    )
