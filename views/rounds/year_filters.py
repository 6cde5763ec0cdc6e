"""By what the lists of a round's rows can be narrowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from models.instrument import Instrument, InstrumentKind, OitItem, Question
from models.participation import Participation
from models.year import WordingCorrection
from portal.core.texts import _, lazy
from portal.rounds.correcting.things import THINGS
from views.generated.filters import Filter


class _Choices(Filter):
    """A choice of named conditions."""

    kind = "choice"
    choices: Mapping[str, Any]

    def options(self, active: Mapping[str, str]) -> list[tuple[str, str]]:
        """Every choice."""
        return [(value, str(label)) for value, label in self.choices.items()]

    def words(self, value: str) -> str:
        """The choice's words."""
        return str(self.choices[self._known(value)])

    def _known(self, value: str) -> str:
        if value not in self.choices:
            raise ValueError(_("This choice is not in the list"))
        return value


class StepFilter(_Choices):
    """The first of the four steps of preparation that an agency has not done."""

    choices: Mapping[str, Any] = {
        "1": lazy("Step 1: activation"),
        "2": lazy("Step 2: headcount"),
        "3": lazy("Step 3: roster"),
        "4": lazy("Step 4: confirmation"),
        "0": lazy("All 4 steps done"),
    }

    def condition(self, value: str) -> ColumnElement[bool]:
        """Earlier steps are done, this one is not."""
        return Participation.step_to_do == int(self._known(value))


class InstrumentFilter(_Choices):
    """IIT or EIT."""

    choices: Mapping[str, Any] = {"iit": "IIT", "eit": "EIT"}

    def condition(self, value: str) -> ColumnElement[bool]:
        """Questions of the instrument."""
        kind = InstrumentKind(self._known(value))
        return Question.instrument_id.in_(select(Instrument.id).where(Instrument.kind == kind))


class CorrectedFilter(_Choices):
    """What kind of thing was corrected."""

    choices: Mapping[str, Any] = {name: thing.label for name, thing in THINGS.items()}

    def condition(self, value: str) -> ColumnElement[bool]:
        """Corrections of this kind of thing."""
        return WordingCorrection.thing == self._known(value)


class IndicatorFilter(Filter):
    """Part of an indicator's code ("9.1")."""

    def __init__(self, model: type[Question | OitItem]) -> None:
        super().__init__("indicator", lazy("Indicator"), None)
        self.relation = model.indicator

    def condition(self, value: str) -> ColumnElement[bool]:
        """Rows whose indicator's code begins so."""
        return self.relation.has(self.relation.property.mapper.class_.code.startswith(value, autoescape=True))
