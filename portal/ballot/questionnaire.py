"""A survey's questions in the order of its form, as plain data that can be kept in memory.

Both ways of answering read it: the public form, and the assessor's interview form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.answer_codec import encode
from models.instrument import Indicator, Instrument, InstrumentKind, Question, Scale, SubItem
from models.round import Round
from portal.ballot.languages import THAI, Wording
from portal.content.places import place_of


@dataclass(frozen=True)
class QuestionLine:
    """One scored line. ``choices``: the labels; a choice's number is its place, from 1."""

    slot: int
    number: int
    code: str
    text: str
    choices: tuple[str, ...]

    @property
    def field(self) -> str:
        """The line's name in a form."""
        return f"q{self.slot}"


@dataclass(frozen=True)
class Block:
    """Lines that share their choices, under the question they belong to ("" where each is its own)."""

    lead: str
    note: str
    choices: tuple[str, ...]
    lines: tuple[QuestionLine, ...]


@dataclass(frozen=True)
class Section:
    """An indicator's questions: one screen of the form."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Questionnaire:
    """A survey of a round in one edition of its wording."""

    instrument_id: int
    edition: int
    kind: InstrumentKind
    name: str
    #: as people read it, with the scheme of assessment where that must be said
    year: str
    sections: tuple[Section, ...]
    #: the language that it is read in; a text that is not translated is in Thai
    language: str = THAI

    @cached_property
    def lines(self) -> tuple[QuestionLine, ...]:
        """All lines in the order of the form."""
        return tuple(line for section in self.sections for block in section.blocks for line in block.lines)

    @property
    def codes(self) -> set[str]:
        """The codes of its questions."""
        return {line.code.rpartition(".")[0] for line in self.lines}

    @cached_property
    def limits(self) -> tuple[int, ...]:
        """The number of choices of each line, in the order of their slots."""
        return tuple(len(line.choices) for line in sorted(self.lines, key=lambda line: line.slot))

    def encode(self, chosen: Mapping[int, int]) -> bytes:
        """The stored form of the choices by slot. Raises BadAnswer for a choice that is not of its scale."""
        limits = self.limits
        return encode([chosen.get(slot) for slot in range(len(limits))], limits=limits)


def load_questionnaire(
    session: Session, round_id: int, kind: InstrumentKind, *, wording: Wording | None = None
) -> Questionnaire:
    """Read a survey's questions, in Thai or in the wording of a further language.

    Raises NoResultFound where the round has no such instrument.
    """
    said = wording or Wording()
    options = (
        selectinload(Question.sub_items).joinedload(SubItem.own_scale).selectinload(Scale.choices),
        joinedload(Question.scale).selectinload(Scale.choices),
    )
    query = (
        select(Instrument)
        .where(Instrument.round_id == round_id, Instrument.kind == kind)
        .options(selectinload(Instrument.indicators).selectinload(Indicator.questions).options(*options))
    )
    instrument = session.scalars(query).one()
    year = session.get_one(Round, round_id).year_and_scheme
    sections = []
    number = 0
    for indicator in instrument.indicators:
        if not indicator.questions:
            continue
        blocks, number = _blocks(kind.value, indicator.questions, number, said)
        title = said.of("indicator", place_of(kind.value, indicator.code), "name", indicator.name)
        sections.append(Section(title, blocks))
    name = said.of("instrument", kind.value, "name", instrument.name)
    return Questionnaire(instrument.id, instrument.edition, kind, name, year, tuple(sections), said.language)


def _blocks(
    survey: str, questions: Sequence[Question], number: int, said: Wording
) -> tuple[tuple[Block, ...], int]:
    """Blocks of an indicator, and the last number given. Lone questions of one scale share a block."""
    blocks: list[Block] = []
    for question in questions:
        lone = len(question.sub_items) == 1 and not question.sub_items[0].text
        name = place_of(survey, question.code)
        asked = said.of("question", name, "text", question.text)
        lines = []
        for item in question.sub_items:
            number += 1
            text = asked if lone else said.of("line", f"{name}.{item.position}", "text", item.text)
            lines.append(QuestionLine(item.slot, number, item.code, text, _labels(item.scale, said)))
        note = said.of("question", name, "note", question.note)
        lead = "" if lone else asked
        for block in _split_by_choices(lead, note, lines):
            if blocks and _joins(blocks[-1], block):
                last = blocks.pop()
                blocks.append(Block("", "", last.choices, last.lines + block.lines))
            else:
                blocks.append(block)
    return tuple(blocks), number


def _labels(scale: Scale, said: Wording) -> tuple[str, ...]:
    return tuple(
        said.of("choice", f"{scale.code}.{choice.position}", "label", choice.label)
        for choice in scale.choices
    )


def _split_by_choices(lead: str, note: str, lines: Sequence[QuestionLine]) -> list[Block]:
    """A line may have a scale of its own; where the labels differ it stands in a block of its own."""
    blocks: list[Block] = []
    for line in lines:
        if blocks and blocks[-1].choices == line.choices:
            last = blocks.pop()
            blocks.append(Block(last.lead, last.note, last.choices, (*last.lines, line)))
        else:
            blocks.append(
                Block(lead if not blocks else "", note if not blocks else "", line.choices, (line,))
            )
    return blocks


def _joins(last: Block, block: Block) -> bool:
    return not (last.lead or last.note or block.lead or block.note) and last.choices == block.choices
