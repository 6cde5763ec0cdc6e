"""What of a round has words, where each stands, and what people call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from models.base import Base
from models.instrument import Choice, Indicator, Instrument, OitItem, Question, Scale, SubItem
from models.round import RosterGroup, Round
from models.year import RoundText, RoundTranslation
from portal.core.corrected import corrections_of
from portal.core.database.session import db
from portal.core.errors import NotFound
from portal.core.texts import lazy

#: a word of any length, as every form of the builder takes it
LONGEST = 4000
#: so long is the code of a correction
LONGEST_CODE = 60


@dataclass(frozen=True)
class Field:
    """A field with words; ``lines``: it may have several."""

    label: Any
    lines: bool = False


@dataclass(frozen=True)
class Thing:
    """A table whose rows have words. ``of_round``: its rows of a round; ``code``: how people name a row."""

    model: type[Base]
    label: Any
    fields: Mapping[str, Field]
    of_round: Callable[[int], Select[Any]]
    code: Callable[[Any], str]
    #: the instruments whose form says it; none where no form keeps it
    instruments: Callable[[Any], list[Instrument]]


def _own(model: Any) -> Callable[[int], Select[Any]]:
    return lambda round_id: select(model).where(model.round_id == round_id)


def _of_instrument(model: Any) -> Callable[[int], Select[Any]]:
    return lambda round_id: (
        select(model)
        .join(Instrument, Instrument.id == model.instrument_id)
        .where(Instrument.round_id == round_id)
        .options(contains_eager(model.instrument))
    )


def _lines(round_id: int) -> Select[Any]:
    of_round = select(SubItem).join(SubItem.question).join(Question.instrument)
    read = contains_eager(SubItem.question).contains_eager(Question.instrument)
    return of_round.where(Instrument.round_id == round_id).options(read)


def _choices(round_id: int) -> Select[Any]:
    of_round = select(Choice).join(Choice.scale).where(Scale.round_id == round_id)
    return of_round.options(contains_eager(Choice.scale))


def _asking_on(scale: Scale) -> list[Instrument]:
    """The surveys of a scale's round: each may ask on it."""
    query = select(Instrument).where(Instrument.round_id == scale.round_id)
    return list(db.session.scalars(query))


_NAME = {"name": Field(lazy("Name"))}

#: by the names of their tables, in the order in which people meet them
THINGS: dict[str, Thing] = {
    "instrument": Thing(
        Instrument,
        lazy("Instrument"),
        _NAME,
        _own(Instrument),
        lambda row: str(row.kind.name),
        lambda row: [row],
    ),
    "indicator": Thing(
        Indicator,
        lazy("Indicator"),
        _NAME,
        _of_instrument(Indicator),
        lambda row: f"{row.instrument.kind.name} {row.code}",
        lambda row: [row.instrument],
    ),
    "question": Thing(
        Question,
        lazy("Question"),
        {"text": Field(lazy("Text"), True), "note": Field(lazy("Note for respondents"), True)},
        _of_instrument(Question),
        lambda row: str(row.code),
        lambda row: [row.instrument],
    ),
    "sub_item": Thing(
        SubItem,
        lazy("Line of the question"),
        {"text": Field(lazy("Text of the line"), True)},
        _lines,
        lambda row: str(row.code),
        lambda row: [row.question.instrument],
    ),
    "oit_item": Thing(
        OitItem,
        lazy("OIT item"),
        {
            "title": Field(lazy("What is disclosed")),
            "criterion": Field(lazy("Criterion"), True),
            "example": Field(lazy("Example"), True),
        },
        _of_instrument(OitItem),
        lambda row: str(row.code),
        lambda row: [row.instrument],
    ),
    "scale": Thing(Scale, lazy("Scale"), _NAME, _own(Scale), str, _asking_on),
    "choice": Thing(
        Choice,
        lazy("Choice"),
        {"label": Field(lazy("Choice"))},
        _choices,
        lambda row: f"{row.scale} · {row.position}",
        lambda row: _asking_on(row.scale),
    ),
    "roster_group": Thing(
        RosterGroup,
        lazy("Group of the roster"),
        _NAME,
        _own(RosterGroup),
        lambda row: str(row.position),
        lambda row: [],
    ),
    "round_text": Thing(
        RoundText,
        lazy("Text of a page"),
        {"words": Field(lazy("Text"), True)},
        _own(RoundText),
        lambda row: str(row.key),
        lambda row: [],
    ),
    "round_translation": Thing(
        RoundTranslation,
        lazy("Translation"),
        {"words": Field(lazy("Text"), True)},
        _own(RoundTranslation),
        lambda row: f"{row.language} · {row.code}",
        lambda row: [],
    ),
}


@dataclass(frozen=True)
class Place:
    """A row of a round with its words. ``version``: its last correction, 0 where there is none."""

    round: Round
    name: str
    thing: Thing
    row: Any
    version: int

    @property
    def code(self) -> str:
        """What people call it, as long as a correction keeps it."""
        return self.thing.code(self.row)[:LONGEST_CODE]

    @property
    def words(self) -> dict[str, str]:
        """The fields that say something: nothing is added where nothing stood."""
        return {
            field: getattr(self.row, field) for field in self.thing.fields if getattr(self.row, field).strip()
        }

    def longest(self, field: str) -> int:
        """How long its column is."""
        return getattr(self.thing.model.__table__.c[field].type, "length", None) or LONGEST


def place_of(round: Round, name: str, row_id: int) -> Place:
    """A row with words of a round, as it is now. Raises NotFound, also for one that says nothing."""
    thing = THINGS.get(name)
    if thing is None:
        raise NotFound
    query = thing.of_round(round.id).where(thing.model.__table__.c.id == row_id)
    row = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    last = corrections_of(name, row_id)
    place = Place(round, name, thing, row, last[0].id if last else 0)
    if not place.words:
        raise NotFound
    return place
