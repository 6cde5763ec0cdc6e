"""What has closed for an agency, with which figures, and what follows: a home never calls a loss "done"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from models.disclosure import DisclosureState
from models.instrument import InstrumentKind
from models.round import RoundState, Stage
from models.thai import thai_deadline
from portal.core.stages import STAGE_NAMES, stage_of
from portal.core.texts import _
from portal.surveys.links import STAGES
from portal.surveys.minimum import Target
from views.homes.agency_tasks import Look, Progress


@dataclass(frozen=True)
class Ended:
    """One stage that is over: ``reached`` tells whether the agency did in time what it asks for."""

    title: str
    when: str
    figures: str
    follows: str
    reached: bool


def ended_stages(look: Look) -> tuple[Ended, ...]:
    """The surveys and OIT, as far as their last window has closed, each with its figures.

    Nothing for an agency that cannot be assessed: its page says that, and no figure of a stage matters then.
    """
    if not look.participation.is_confirmed:
        return ()
    return (*_surveys(look), *_disclosure(look))


def _surveys(look: Look) -> Iterable[Ended]:
    interviews = stage_of(look.participation, Stage.EIT_INTERVIEW, look.now)
    may_add = look.participation.round.state is RoundState.OPEN and not interviews.is_over
    for target in look.targets:
        stage = stage_of(look.participation, STAGES[target.instrument], look.now)
        if stage.is_over:
            more = may_add and target.instrument is InstrumentKind.EIT
            yield _ended(STAGES[target.instrument], stage.final_close, *_survey_words(target, more=more))


def _survey_words(target: Target, *, more: bool) -> tuple[str, str, bool]:
    """The figures, what follows, and whether it is reached; ``more``: interviews may still add answers."""
    number = f"{target.answers:,}"
    if target.minimum is None:
        return _("%(number)s answers", number=number), "", True
    figures = _("%(number)s answers of at least %(minimum)s", number=number, minimum=f"{target.minimum:,}")
    if target.reached:
        return figures, "", True
    if more:
        return (
            figures,
            _(
                "The assessor's interviews may still add answers; the result says that it "
                "stands below the minimum"
            ),
            False,
        )
    return figures, _("No more answers are taken; the result says that it stands below the minimum"), False


def _disclosure(look: Look) -> Iterable[Ended]:
    stage, progress = stage_of(look.participation, Stage.OIT, look.now), look.progress
    if progress is not None and stage.is_over:
        yield _ended(Stage.OIT, stage.final_close, *_disclosure_words(progress))


def _disclosure_words(progress: Progress) -> tuple[str, str, bool]:
    figures = _("%(done)s of %(total)s items are answered", done=progress.done, total=progress.total)
    if progress.state is DisclosureState.SCORED:
        return figures, _("The assessor has scored it"), True
    if progress.state.approved:
        return figures, _("The executive has approved it; the assessor scores it"), True
    follows = {
        DisclosureState.SUBMITTED: _(
            "Submitted, but the executive did not approve it in time: the assessor does not get it"
        ),
        DisclosureState.RETURNED: _(
            "Returned by the executive and not submitted again in time: the assessor does not get it"
        ),
    }
    never = _("It was not submitted in time: the assessor does not get it")
    return figures, follows.get(progress.state, never), False


def _ended(stage: Stage, at: datetime | None, figures: str, follows: str, reached: bool) -> Ended:
    when = _("Closed on %(when)s", when=thai_deadline(at)) if at else ""
    return Ended(str(STAGE_NAMES[stage]), when, figures, follows, reached)
