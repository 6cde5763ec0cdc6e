"""What an agency's admin does next."""

from __future__ import annotations

from typing import Any

from models.disclosure import DisclosureState
from models.instrument import InstrumentKind
from models.participation import PreparationState
from models.round import RoundState, Stage
from portal.assessors.judgement import is_outdated
from portal.core.access import the_actor
from portal.core.calling import whom_to_call
from portal.core.holders import executive_name
from portal.core.stages import stage_of
from portal.core.texts import _
from portal.rosters.rows import request_for_names, visit_announced
from portal.surveys.links import STAGES
from portal.surveys.minimum import Target
from views.homes.agency_tasks import Look, Part, Task, dated, own_data, results_there


def preparation(look: Look) -> list[Task]:
    """What the admin still does in the preparation stage."""
    participation, state = look.participation, look.preparation
    if participation.is_confirmed:
        return []
    when = dated(state)
    if participation.state is PreparationState.SUBMITTED:
        name = executive_name(participation)
        return [
            Task(
                _("Waiting for the executive to confirm the data"),
                "user-shield",
                _("Your executive is %(name)s", name=name) if name else "",
                endpoint="preparation.overview",
                action=_("See the data"),
                **when,
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
                **when,
            )
        )
    return [*tasks, *_entering(look, when)]


def _entering(look: Look, when: dict[str, Any]) -> list[Task]:
    participation, tasks = look.participation, []
    if participation.headcount is None:
        tasks.append(
            Task(
                _("Enter the number of internal stakeholders"),
                "users",
                _("Everybody who has worked in the agency for at least one year"),
                endpoint="preparation.headcount",
                action=_("Enter the number"),
                **when,
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
                **when,
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
                **when,
            )
        )
    else:
        tasks.append(
            Task(
                _("Send the data to the executive"),
                "user-shield",
                due=_("Possible once the headcount and the roster are there"),
                due_kind="idle",
                closes_at=when["closes_at"],
            )
        )
    return tasks


def no_executive(look: Look) -> list[Task]:
    """That nobody could confirm or approve what the admin sends."""
    stages = (look.preparation, stage_of(look.participation, Stage.OIT, look.now))
    if all(stage.is_over for stage in stages) or executive_name(look.participation):
        return []
    return [
        Task(
            _("Nobody has an executive's account at your agency"),
            "user-shield",
            _where_to_ask(),
        )
    ]


def _where_to_ask() -> str:
    office = whom_to_call(the_actor())
    if office is None:
        return _(
            "Without one the data cannot be confirmed and OIT cannot be approved: "
            "ask the office that gave you your account for one"
        )
    return _(
        "Without one the data cannot be confirmed and OIT cannot be approved: ask %(office)s for one",
        office=office.words,
    )


def names(look: Look) -> list[Task]:
    """What the assessor asks for after judging the roster: more names, or to be received at the office."""
    participation = look.participation
    when = dated(stage_of(participation, Stage.EIT_INTERVIEW, look.now))
    visit = visit_announced(participation)
    if visit is not None:
        return [
            Task(
                _("The assessor collects answers at your office as well"),
                "building",
                visit.note,
                endpoint="links.show",
                action=_("See the link for your office's device"),
                **when,
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
            endpoint="preparation.roster",
            action=_("Add names"),
            **when,
        )
    ]


def surveys(look: Look) -> list[Task]:
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
        when = dated(stage)
        tasks.append(
            Task(
                _survey_title(target),
                "qrcode",
                _survey_text(target),
                **when,
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


def disclosure(look: Look) -> list[Task]:
    """How far the admin is with the OIT checklist."""
    progress = look.progress
    stage = stage_of(look.participation, Stage.OIT, look.now)
    if progress is None or stage.is_over or stage.first_opening is None:
        return []
    when = dated(stage)
    if progress.state is DisclosureState.RETURNED:
        return [
            Task(
                _("Mend the OIT items that the executive returned"),
                "arrow-back-up",
                _("%(failed)s items did not pass", failed=progress.failed),
                endpoint="disclosure.answers",
                action=_("See and change"),
                **when,
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
            **when,
        )
    ]


#: what the list is made of, by the state of the round: a draft has no work yet, and after the closing only
#: OIT goes on until the boxes are opened; people may ask about their data as long as these are kept
PARTS: dict[RoundState, tuple[Part, ...]] = {
    RoundState.DRAFT: (),
    RoundState.OPEN: (no_executive, preparation, names, surveys, disclosure, own_data),
    RoundState.CLOSED: (disclosure, own_data),
    RoundState.OPENED: (results_there, own_data),
}
