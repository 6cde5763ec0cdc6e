"""The four steps of preparation as an agency's pages show them: done, current, or why not yet."""

from __future__ import annotations

from dataclasses import dataclass

from models.participation import Participation, PreparationState
from models.thai import thai_date_short
from portal.core.texts import _


@dataclass(frozen=True)
class StepLine:
    """One of the four steps as a page shows it."""

    label: str
    state: str
    detail: str


def steps_of(participation: Participation) -> tuple[StepLine, ...]:
    """The four steps of preparation: done, current, or why not yet."""
    labels = (
        _("Activate the password"),
        _("Number of internal stakeholders"),
        _("Roster of external stakeholders"),
        _("The executive confirms the data"),
    )
    details = (
        thai_date_short(participation.activated_at) if participation.activated_at else "",
        _headcount_detail(participation),
        _roster_detail(participation),
        _confirmation_detail(participation),
    )
    states = ["ok" if done else "idle" for done in participation.steps]
    if participation.step_to_do:
        states[participation.step_to_do - 1] = _current_state(participation)
    return tuple(StepLine(*line) for line in zip(labels, states, details, strict=True))


def _current_state(participation: Participation) -> str:
    waits = participation.step_to_do == 4 and participation.state is PreparationState.SUBMITTED
    return "warn" if waits else "info"


def _headcount_detail(participation: Participation) -> str:
    if participation.headcount is None:
        return ""
    text: str = _("%(number)s people", number=f"{participation.headcount:,}")
    if participation.headcount_at:
        text += f" · {thai_date_short(participation.headcount_at)}"
    return text


def _roster_detail(participation: Participation) -> str:
    if not participation.roster_count:
        return ""
    text: str = _("%(number)s names", number=f"{participation.roster_count:,}")
    if participation.roster_at:
        text += f" · {thai_date_short(participation.roster_at)}"
    return text


def _confirmation_detail(participation: Participation) -> str:
    if participation.confirmed_at is not None:
        return thai_date_short(participation.confirmed_at)
    return {
        PreparationState.SUBMITTED: _("sent, waiting for the executive"),
        PreparationState.RETURNED: _("returned for changes"),
    }.get(participation.state) or _("possible once steps 1 to 3 are done and the data were sent")
