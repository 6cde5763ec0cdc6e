"""What an agency's executive does next."""

from __future__ import annotations

from models.disclosure import DisclosureState
from models.participation import PreparationState
from models.round import RoundState, Stage
from portal.core.stages import stage_of
from portal.core.texts import _
from portal.preparation.correcting import open_correction
from views.homes.agency_tasks import Look, Part, Task, dated, own_data, results_there


def preparation(look: Look) -> list[Task]:
    """What the executive does in the preparation stage."""
    participation, state = look.participation, look.preparation
    if participation.state is PreparationState.SUBMITTED:
        when = dated(state)
        return [
            Task(
                _("Confirm the data of the preparation stage"),
                "user-shield",
                _(
                    "%(people)s internal stakeholders, %(names)s names of external stakeholders",
                    people=f"{participation.headcount or 0:,}",
                    names=f"{participation.roster_count:,}",
                ),
                **when,
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


def correction(look: Look) -> list[Task]:
    """Whether the admin asks for another headcount."""
    asked = open_correction(look.participation) if look.participation.is_confirmed else None
    if asked is None:
        return []
    return [
        Task(
            _("Confirm the corrected headcount"),
            "users",
            _("%(after)s people instead of %(before)s", after=f"{asked.after:,}", before=f"{asked.before:,}"),
            endpoint="corrections_of_headcount.decide",
            action=_("Look and decide"),
        )
    ]


def disclosure(look: Look) -> list[Task]:
    """Whether OIT items wait for the executive."""
    progress = look.progress
    stage = stage_of(look.participation, Stage.OIT, look.now)
    if progress is None or progress.state is not DisclosureState.SUBMITTED or stage.is_over:
        return []
    when = dated(stage)
    return [
        Task(
            _("Review the OIT checklist"),
            "clipboard-list",
            _(
                "%(pending)s of %(total)s items wait for your mark",
                pending=progress.pending,
                total=progress.total,
            ),
            **when,
            endpoint="disclosure.review",
            action=_("Review the items"),
        )
    ]


#: what the list is made of, by the state of the round; as for the admin
PARTS: dict[RoundState, tuple[Part, ...]] = {
    RoundState.DRAFT: (),
    RoundState.OPEN: (preparation, correction, disclosure, own_data),
    RoundState.CLOSED: (correction, disclosure, own_data),
    RoundState.OPENED: (results_there, own_data),
}
