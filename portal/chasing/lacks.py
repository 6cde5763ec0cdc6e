"""What an agency can lack at a moment: the steps of the stages whose time runs, in the order of the work.

An agency that is not confirmed lacks steps of preparation and nothing else: without the confirmation it has
no surveys and no checklist (letter of 9 November 2561, parts 1 to 5).
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import object_session

from models.disclosure import Disclosure, DisclosureState
from models.instrument import InstrumentKind
from models.participation import EXTENDABLE, Extension, Participation, PreparationState
from models.round import Round, RoundState, Stage
from models.survey import AnswerCount
from models.windows import Phase, StageState, WindowSpan
from portal.core.stages import runs_longer, stage_state
from portal.core.texts import lazy
from portal.surveys.minimum_sql import minimum_of


class Lack(enum.Enum):
    """A step that an agency has not done; values are words of addresses."""

    PASSWORD = "password"  # noqa: S105 - the step's name
    HEADCOUNT = "headcount"
    ROSTER = "roster"
    SENDING = "sending"
    CONFIRMING = "confirming"
    IIT = "iit"
    EIT = "eit"
    OIT = "oit"
    OIT_REVIEW = "oit_review"


@dataclass(frozen=True)
class About:
    """A step in words: ``label`` of lists, ``hangs`` of tabs; its stage; whether the executive has to act."""

    stage: Stage
    label: Any
    hangs: Any
    of_executive: bool = False


ABOUT: dict[Lack, About] = {
    Lack.PASSWORD: About(Stage.PREPARATION, lazy("Activate the password"), lazy("Password")),
    Lack.HEADCOUNT: About(Stage.PREPARATION, lazy("Enter the internal headcount"), lazy("Headcount")),
    Lack.ROSTER: About(Stage.PREPARATION, lazy("Import the external roster"), lazy("Roster")),
    Lack.SENDING: About(
        Stage.PREPARATION, lazy("Send the data to the executive"), lazy("Sending to the executive")
    ),
    Lack.CONFIRMING: About(
        Stage.PREPARATION, lazy("The executive confirms the data"), lazy("Confirmation"), of_executive=True
    ),
    Lack.IIT: About(Stage.IIT, lazy("Answers of IIT up to the minimum"), lazy("IIT below the minimum")),
    Lack.EIT: About(Stage.EIT, lazy("Answers of EIT up to the minimum"), lazy("EIT below the minimum")),
    Lack.OIT: About(Stage.OIT, lazy("Answer and send OIT"), lazy("OIT answers")),
    Lack.OIT_REVIEW: About(
        Stage.OIT, lazy("The executive reviews OIT"), lazy("OIT review"), of_executive=True
    ),
}
#: the stages that agencies are chased for
CHASED = (Stage.PREPARATION, Stage.IIT, Stage.EIT, Stage.OIT)
EDITABLE = tuple(state for state in DisclosureState if state.editable)


@dataclass(frozen=True)
class Due:
    """What is chased at a moment: the stages whose time runs, each with its state.

    ``extended``: stages that are over for the round, and run for agencies with an extension alone. Their
    state is that of whoever has the longest.
    """

    stages: dict[Stage, StageState]
    extended: frozenset[Stage] = frozenset()

    @classmethod
    def of(cls, round: Round, now: datetime) -> Due:
        """The stages of an open round that have begun and whose last window, or extension, has not closed."""
        if round.state is not RoundState.OPEN:
            return cls({})
        states = {stage: stage_state(round, stage, now) for stage in CHASED}
        longer = _extended(round, {stage: states[stage] for stage in states if states[stage].is_over}, now)
        runs = (Phase.OPEN, Phase.BETWEEN)
        return cls(
            {stage: state for stage, state in {**states, **longer}.items() if state.phase in runs},
            frozenset(longer),
        )

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """The steps that can be lacking now, in the order of the work."""
        return tuple(lack for lack in Lack if ABOUT[lack].stage in self.stages)

    def state_of(self, lack: Lack) -> StageState:
        """The state of the stage that a step belongs to."""
        return self.stages[ABOUT[lack].stage]


def _extended(round: Round, over: dict[Stage, StageState], now: datetime) -> dict[Stage, StageState]:
    """The stages that are over for the round and run for somebody, as they are for the longest; one query."""
    asked = [stage for stage in over if stage in EXTENDABLE]
    session = object_session(round)
    if session is None or not asked:
        return {}
    query = (
        select(Extension.stage, func.min(Extension.given_at), func.max(Extension.until))
        .join(Participation, Participation.id == Extension.participation_id)
        .where(Participation.round_id == round.id, Extension.stage.in_(asked))
        .where(Extension.taken_back_at.is_(None), Extension.until > now)
        .group_by(Extension.stage)
    )
    return {
        stage: StageState.at(
            (*over[stage].spans, WindowSpan(first, last, "extension")), now, grace=over[stage].grace
        )
        for stage, first, last in session.execute(query)
    }


@dataclass(frozen=True)
class Sight:
    """Participations with what tells whether they lack something, as parts of one query.

    ``joined`` adds the tables to a select over Participation; ``conditions`` are in the order of the steps;
    ``answers`` and ``minimum`` of surveys that are due.
    """

    joined: Callable[[Any], Any]
    conditions: dict[Lack, ColumnElement[bool]]
    answers: dict[Lack, ColumnElement[int]]
    minimum: dict[Lack, ColumnElement[int | None]]

    @property
    def first(self) -> ColumnElement[Any]:
        """The first step that is lacking, by its place from 1; 0 where none is."""
        pairs = enumerate(self.conditions.values(), start=1)
        return case(*((condition, place) for place, condition in pairs), else_=0)


def sight(round: Round, due: Due) -> Sight:
    """What is due, over the participations of a round. Raises LookupError where nothing is."""
    if not due.lacks:
        raise LookupError("nothing is due")
    answers: dict[Lack, ColumnElement[int]] = {
        lack: _answers(InstrumentKind(lack.value)) for lack in (Lack.IIT, Lack.EIT) if lack in due.lacks
    }
    minimum = {lack: minimum_of(round.sample_rules, InstrumentKind(lack.value)) for lack in answers}
    surveys = {lack: and_(Participation.is_confirmed, answers[lack] < minimum[lack]) for lack in answers}
    conditions = {**_of_preparation(), **surveys, **_of_oit()}
    for lack in due.lacks:
        if ABOUT[lack].stage in due.extended:
            longer = runs_longer(round, ABOUT[lack].stage, due.state_of(lack).now)
            conditions[lack] = and_(conditions[lack], longer)

    def joined(query: Any) -> Any:
        if Stage.OIT in due.stages:
            query = query.outerjoin(Disclosure, Disclosure.participation_id == Participation.id)
        return query.where(Participation.round_id == round.id)

    return Sight(joined, {lack: conditions[lack] for lack in due.lacks}, answers, minimum)


def _answers(instrument: InstrumentKind) -> ColumnElement[int]:
    """The answers of an agency, looked up by its key: a sum over all costs a page of a few too much."""
    counted = (
        select(func.sum(AnswerCount.count))
        .where(AnswerCount.participation_id == Participation.id, AnswerCount.instrument == instrument)
        .correlate(Participation)
    )
    return func.coalesce(counted.scalar_subquery(), 0)


def _of_preparation() -> dict[Lack, ColumnElement[bool]]:
    entering = [state for state in PreparationState if state.editable]
    return {
        Lack.PASSWORD: ~Participation.is_activated,
        Lack.HEADCOUNT: ~Participation.is_counted,
        Lack.ROSTER: ~Participation.has_roster,
        Lack.SENDING: Participation.state.in_(entering),
        Lack.CONFIRMING: Participation.state == PreparationState.SUBMITTED,
    }


def _of_oit() -> dict[Lack, ColumnElement[bool]]:
    """A checklist that was not begun has no row: it is to be answered."""
    editable = or_(Disclosure.id.is_(None), Disclosure.state.in_(EDITABLE))
    reviewed = func.coalesce(Disclosure.state == DisclosureState.SUBMITTED, False)
    return {
        Lack.OIT: and_(Participation.is_confirmed, editable),
        Lack.OIT_REVIEW: and_(Participation.is_confirmed, reviewed),
    }
