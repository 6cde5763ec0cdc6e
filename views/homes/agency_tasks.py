"""The lines of an agency's "what to do next": of its admin and of its executive.

Addresses are endpoint names, so that a page may leave out what is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.disclosure import DisclosureState
from models.instrument import InstrumentKind
from models.participation import Participation, PreparationState
from models.round import Stage
from models.windows import StageState
from portal.assessors.judgement import is_outdated
from portal.core import clock
from portal.core.holders import executive_name
from portal.core.stages import closed, due_words, stage_of
from portal.core.texts import _
from portal.rosters.rows import request_for_names, visit_announced
from portal.surveys.links import STAGES
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


def admin_preparation(look: Look) -> list[Task]:
    """What the admin still does in the preparation stage."""
    participation, state = look.participation, look.preparation
    if participation.is_confirmed:
        return []
    due, kind, closes_at = _due(look, state)
    dated: dict[str, Any] = {"due": due, "due_kind": kind, "closes_at": closes_at}
    if participation.state is PreparationState.SUBMITTED:
        name = executive_name(participation)
        return [
            Task(
                _("Waiting for the executive to confirm the data"),
                "user-shield",
                _("Your executive is %(name)s", name=name) if name else "",
                endpoint="preparation.overview",
                action=_("See the data"),
                **dated,
            )
        ]
    tasks = []
    if participation.state is PreparationState.RETURNED:
        tasks.append(
            Task(
                _("Change the data that the executive returned"),
                "arrow-back-up",
                participation.return_reason,
                endpoint="preparation.overview",
                action=_("See and change"),
                **dated,
            )
        )
    return [*tasks, *_entering_tasks(look, dated)]


def admin_executive(look: Look) -> list[Task]:
    """That nobody could confirm or approve what the admin sends."""
    stages = (look.preparation, stage_of(look.participation, Stage.OIT, look.now))
    if all(stage.is_over for stage in stages) or executive_name(look.participation):
        return []
    return [
        Task(
            _("Nobody has an executive's account at your agency"),
            "user-shield",
            _(
                "Without one the data cannot be confirmed and OIT cannot be approved: "
                "ask the office that gave you your account for one"
            ),
        )
    ]


def results_there(look: Look) -> list[Task]:
    """The way to the result, once the boxes are opened."""
    year = look.participation.round.fiscal_year
    title = _("The results of fiscal year %(year)s are there", year=year)
    return [Task(title, "chart-bar", endpoint="results.show", action=_("See the results"))]


def admin_names(look: Look) -> list[Task]:
    """What the assessor asks for after judging the roster: more names, or to be received at the office."""
    participation = look.participation
    due, kind, closes_at = _due(look, stage_of(participation, Stage.EIT_INTERVIEW, look.now))
    visit = visit_announced(participation)
    if visit is not None:
        return [
            Task(
                _("The assessor collects answers at your office as well"),
                "building",
                visit.note,
                due=due,
                due_kind=kind,
                endpoint="preparation.roster",
                action=_("See the names"),
                closes_at=closes_at,
            )
        ]
    asked = request_for_names(participation)
    if asked is None or is_outdated(participation, asked):
        return []
    return [
        Task(
            _("The assessor asks for more names"),
            "address-book",
            asked.note,
            due=due,
            due_kind=kind,
            endpoint="preparation.roster",
            action=_("Add names"),
            closes_at=closes_at,
        )
    ]


def _entering_tasks(look: Look, dated: dict[str, Any]) -> list[Task]:
    participation, tasks = look.participation, []
    if participation.headcount is None:
        tasks.append(
            Task(
                _("Enter the number of internal stakeholders"),
                "users",
                _("Everybody who has worked in the agency for at least one year"),
                endpoint="preparation.headcount",
                action=_("Enter the number"),
                **dated,
            )
        )
    if not participation.roster_count:
        tasks.append(
            Task(
                _("Import the roster of external stakeholders"),
                "address-book",
                _("People, companies and offices that dealt with the agency in the fiscal year"),
                endpoint="preparation.roster",
                action=_("Import names"),
                **dated,
            )
        )
    if not tasks or participation.state is PreparationState.RETURNED:
        tasks.append(
            Task(
                _("Send the data to the executive"),
                "send",
                _("Look through the data once more, then send them"),
                endpoint="preparation.overview",
                action=_("Look and send"),
                **dated,
            )
        )
    else:
        tasks.append(
            Task(
                _("Send the data to the executive"),
                "user-shield",
                due=_("Possible once the headcount and the roster are there"),
                due_kind="idle",
                closes_at=dated["closes_at"],
            )
        )
    return tasks


def admin_surveys(look: Look) -> list[Task]:
    """Which answers are still missing."""
    tasks = []
    for target in look.targets:
        stage = stage_of(look.participation, STAGES[target.instrument], look.now)
        if not look.participation.is_confirmed:
            if not stage.is_over:
                tasks.append(_survey_locked(target))
            continue
        if target.reached or target.missing is None or stage.is_over:
            continue
        due, kind, closes_at = _due(look, stage)
        tasks.append(
            Task(
                _survey_title(target),
                "qrcode",
                _survey_text(target),
                due=due,
                due_kind=kind,
                closes_at=closes_at,
                endpoint="links.show",
                action=_("See link and QR"),
            )
        )
    return tasks


def _survey_title(target: Target) -> str:
    if target.instrument is InstrumentKind.IIT:
        return _("Invite %(number)s more of the staff to answer IIT", number=f"{target.missing:,}")
    return _("Invite %(number)s more people from outside to answer EIT", number=f"{target.missing:,}")


def _survey_text(target: Target) -> str:
    if target.instrument is InstrumentKind.IIT:
        return _("Spread link and QR by internal channels only, such as a circular")
    return _("Spread link and QR by external channels only, such as the web site")


def _survey_locked(target: Target) -> Task:
    name = target.instrument.value.upper()
    return Task(
        _("Invite people to answer %(name)s", name=name),
        "qrcode",
        due=_("Possible once the executive has confirmed the data"),
        due_kind="idle",
    )


def admin_disclosure(look: Look) -> list[Task]:
    """How far the admin is with the OIT checklist."""
    progress = look.progress
    stage = stage_of(look.participation, Stage.OIT, look.now)
    if progress is None or stage.is_over or stage.first_opening is None:
        return []
    due, kind, closes_at = _due(look, stage)
    dated: dict[str, Any] = {"due": due, "due_kind": kind, "closes_at": closes_at}
    if progress.state is DisclosureState.RETURNED:
        return [
            Task(
                _("Mend the OIT items that the executive returned"),
                "arrow-back-up",
                _("%(failed)s items did not pass", failed=progress.failed),
                endpoint="disclosure.answers",
                action=_("See and change"),
                **dated,
            )
        ]
    if progress.state is not DisclosureState.DRAFT:
        return []
    left = progress.total - progress.done
    return [
        Task(
            _("Answer %(left)s more OIT items", left=left) if left else _("Submit OIT for approval"),
            "clipboard-list",
            _("%(done)s of %(total)s items are answered", done=progress.done, total=progress.total),
            endpoint="disclosure.answers",
            action=_("Go on answering") if left else _("Look and submit"),
            **dated,
        )
    ]


def executive_preparation(look: Look) -> list[Task]:
    """What the executive does in the preparation stage."""
    participation, state = look.participation, look.preparation
    if participation.state is PreparationState.SUBMITTED:
        due, kind, closes_at = _due(look, state)
        return [
            Task(
                _("Confirm the data of the preparation stage"),
                "user-shield",
                _(
                    "%(people)s internal stakeholders, %(names)s names of external stakeholders",
                    people=f"{participation.headcount or 0:,}",
                    names=f"{participation.roster_count:,}",
                ),
                due=due,
                due_kind=kind,
                closes_at=closes_at,
                endpoint="preparation.confirmation",
                action=_("Look and confirm"),
            )
        ]
    if participation.state.editable and state.final_close and look.now < state.final_close:
        return [
            Task(
                _("The admin is entering the data of the preparation stage"),
                "hourglass",
                due=_("You confirm once the admin has sent them"),
                due_kind="idle",
                endpoint="preparation.confirmation",
                action=_("See the data"),
            )
        ]
    return []


def executive_disclosure(look: Look) -> list[Task]:
    """Whether OIT items wait for the executive."""
    progress = look.progress
    stage = stage_of(look.participation, Stage.OIT, look.now)
    if progress is None or progress.state is not DisclosureState.SUBMITTED or stage.is_over:
        return []
    due, kind, closes_at = _due(look, stage)
    return [
        Task(
            _("Review the OIT checklist"),
            "clipboard-list",
            _(
                "%(pending)s of %(total)s items wait for your mark",
                pending=progress.pending,
                total=progress.total,
            ),
            due=due,
            due_kind=kind,
            closes_at=closes_at,
            endpoint="disclosure.review",
            action=_("Review the items"),
        )
    ]


def _due(look: Look, stage: StageState) -> tuple[str, str, datetime | None]:
    if stage.is_open and stage.closes_at is not None:
        return (*due_words(stage), stage.closes_at)
    return closed(stage).message, "idle", stage.closes_at or stage.opens_at


def in_order(tasks: list[Task]) -> list[Task]:
    """What can be done now first, each group by its deadline."""
    far = datetime.max.replace(tzinfo=clock.BANGKOK)
    return sorted(tasks, key=lambda task: (task.due_kind == "idle", task.closes_at or far))
