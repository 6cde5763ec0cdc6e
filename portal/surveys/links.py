"""The links room: what an agency's admin sees of each survey, and replacing a link."""

from __future__ import annotations

from dataclasses import dataclass

from models.instrument import InstrumentKind
from models.participation import Participation
from models.round import RoundState, Stage
from models.survey import SurveyLink
from models.windows import StageState
from portal.ballot.links import SURVEYS, living_links, rotate_link, survey_url
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.errors import NotFound, Refused
from portal.core.lookup import hold
from portal.core.stages import closed, stage_of
from portal.surveys.minimum import Target, targets_of

STAGES = {InstrumentKind.IIT: Stage.IIT, InstrumentKind.EIT: Stage.EIT}


@dataclass(frozen=True)
class OwnSurvey:
    """One survey of one agency: its link (None before the executive's confirmation), window and answers."""

    instrument: InstrumentKind
    link: SurveyLink | None
    url: str
    stage: StageState
    target: Target
    #: why it takes no answers now; None while it does
    shut: Refused | None
    #: True once it never takes answers again: there is nothing to spread
    over: bool

    @property
    def internal(self) -> bool:
        """True for the survey that is spread by internal channels only."""
        return self.instrument is InstrumentKind.IIT


def surveys_of(participation: Participation) -> list[OwnSurvey]:
    """Both surveys of an agency, as its links room shows them."""
    links, targets = living_links(participation), targets_of(participation)
    return [_survey(participation, kind, link=links.get(kind), target=targets[kind]) for kind in SURVEYS]


def living_link(participation: Participation, instrument: InstrumentKind) -> SurveyLink:
    """The link that works. Raises NotFound before the executive's confirmation or for another instrument."""
    link = living_links(participation).get(instrument)
    if link is None:
        raise NotFound
    return link


def replace_link(
    participation: Participation, instrument: InstrumentKind, *, seen_link: int, actor: Actor
) -> SurveyLink:
    """Make a new link; the old one, which the page showed (``seen_link``), stops working within seconds.

    (That is what the form's door keeps of links.) Raises NotFound where the actor may not do it or there is
    no link yet, Refused once the survey is over or where somebody replaced the link meanwhile.
    """
    if not can(actor, P.LINKS_ROTATE, participation):
        raise NotFound
    hold(participation)
    if living_link(participation, instrument).id != seen_link:
        raise Refused("This link was replaced at the same moment: the page of links shows the new one")
    require_running(participation, instrument)
    return rotate_link(participation, instrument)


def require_running(participation: Participation, instrument: InstrumentKind) -> None:
    """Ask that a survey may still take answers, now or later. Raises Refused."""
    if is_over(participation, stage_of(participation, STAGES[instrument])):
        raise Refused("This survey is over: its link takes no answers, so there is nothing to spread")


def is_over(participation: Participation, stage: StageState) -> bool:
    """True once a survey never takes answers again: its last window or its round has closed."""
    return participation.round.state in {RoundState.CLOSED, RoundState.OPENED} or stage.is_over


def why_shut(participation: Participation, stage: StageState) -> Refused | None:
    """Why a survey takes no answers now (confirmation, round, window); None while it takes them."""
    if not participation.is_confirmed:
        return Refused("The survey opens once the executive has confirmed the data of the preparation stage")
    if participation.round.state is not RoundState.OPEN:
        return Refused("This round is not open, so its surveys take no answers")
    return None if stage.is_open else closed(stage)


def _survey(
    participation: Participation, kind: InstrumentKind, *, link: SurveyLink | None, target: Target
) -> OwnSurvey:
    stage = stage_of(participation, STAGES[kind])
    return OwnSurvey(
        instrument=kind,
        link=link,
        url=survey_url(link) if link else "",
        stage=stage,
        target=target,
        shut=why_shut(participation, stage),
        over=is_over(participation, stage),
    )
