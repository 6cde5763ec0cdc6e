"""A text with the values of one letter filled in. What a value holds is never read as language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.letters.words.conditions import Condition, holds
from portal.letters.words.enclosures import EnclosureChoice
from portal.letters.words.faults import Faults, Reason
from portal.letters.words.fields import Values, key_of, printed
from portal.letters.words.parsing import Choice, EnclosureUse, FieldUse, Literal, Node, Part, PartReader
from portal.letters.words.reading import USUAL_CLOSING, LetterText
from reports.letter_data import Enclosure, LetterForm, Paragraph

MOST_OF_A_LETTER = 20_000
#: as many are kept with a letter
MOST_OF_A_SUBJECT = 500
POINT = "- "


@dataclass(frozen=True)
class Written:
    """What a text says in one letter."""

    subject: str
    addressee: str
    references: tuple[str, ...]
    enclosures: tuple[Enclosure, ...]
    paragraphs: tuple[Paragraph, ...]
    conclusion: str
    closing: str


@dataclass(frozen=True)
class _Piece:
    """Words on their way to paper. ``ours``: they stand in the text, and are no value."""

    text: str
    offset: int
    ours: bool


@dataclass
class _Line:
    """A line of the body: whether it begins a point is seen from the text's own words alone."""

    pieces: list[_Piece]

    @property
    def offset(self) -> int:
        return self.pieces[0].offset

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def begins_point(self) -> bool:
        first = next((piece for piece in self.pieces if piece.text.strip()), None)
        return first is not None and first.ours and first.text.lstrip().startswith(POINT)


@dataclass
class _Block:
    """A paragraph in the making: its lines, and those of each of its points."""

    offset: int
    lines: list[str]
    points: list[list[str]]

    def paragraph(self) -> Paragraph:
        return Paragraph(flowing(self.lines), tuple(map(flowing, self.points)))


def write_text(text: LetterText, values: Values) -> Written:
    """Fill a letter's values into its text.

    Raises FaultyText where a field that is reached has no value, where a part comes out empty, or where the
    letter grows too long.
    """
    faults = Faults(text.source)
    writer = _Writer(text, values, faults)
    closing = USUAL_CLOSING if text.form is LetterForm.EXTERNAL else ""
    subject, addressee = writer.line(text.subject), writer.line(text.addressee)
    if len(subject) > MOST_OF_A_SUBJECT:
        faults.add(text.subject.offset, Reason.SUBJECT_TOO_LONG, most=MOST_OF_A_SUBJECT)
    references = tuple(filled for one in text.references if (filled := writer.words(one)))
    closing = writer.line(text.closing) if text.closing else closing
    *paragraphs, last = writer.blocks() or [_Block(text.body.offset, [], [])]
    if not paragraphs or not last.lines:
        faults.add(last.offset, Reason.NO_BODY)
    if last.points:
        faults.add(last.offset, Reason.POINTS_LAST)
    enclosures = tuple(writer.enclosure(choice) for choice in text.enclosures)
    faults.raise_if_any()
    return Written(
        subject,
        addressee,
        references,
        enclosures,
        tuple(block.paragraph() for block in paragraphs),
        flowing(last.lines),
        closing,
    )


def flowing(lines: Iterable[str]) -> str:
    """Lines as one text, with one space where they broke or where spaces stand together."""
    return " ".join(" ".join(lines).split())


class _Writer:
    def __init__(self, text: LetterText, values: Values, faults: Faults) -> None:
        self._text, self._values, self._faults = text, values, faults
        self._left = MOST_OF_A_LETTER
        self._numbers = {key_of(one.name): place for place, one in enumerate(text.enclosures, start=1)}

    def words(self, part: Part) -> str:
        """A part of one line."""
        return flowing(["".join(piece.text for piece in self._pieces(part.nodes))])

    def line(self, part: Part) -> str:
        """A part of one line, which must not come out empty."""
        words = self.words(part)
        if not words:
            self._faults.add(part.offset, Reason.NOTHING_LEFT)
        return words

    def enclosure(self, choice: EnclosureChoice) -> Enclosure:
        """A line of the enclosures; its title is a small text of its own."""
        reader = PartReader(self._text.scope, self._faults, {})
        return Enclosure(self.words(reader.read(choice.titles[self._text.scope], 0)), choice.part)

    def blocks(self) -> list[_Block]:
        """The paragraphs of the body, the conclusion among them."""
        blocks: list[_Block] = []
        here: list[str] | None = None
        for line in _lines(self._pieces(self._text.body.nodes)):
            words = line.text.strip()
            if not words:
                here = None
            elif line.begins_point:
                here = [words.removeprefix(POINT)]
                self._point(blocks, here, line)
            elif here is None:
                here = [words]
                blocks.append(_Block(line.offset, here, []))
            else:
                here.append(words)
        return blocks

    def _point(self, blocks: list[_Block], words: list[str], line: _Line) -> None:
        if blocks:
            blocks[-1].points.append(words)
        else:
            self._faults.add(line.offset, Reason.LONE_POINT)

    def _pieces(self, nodes: Iterable[Node]) -> Iterator[_Piece]:
        for node in nodes:
            if isinstance(node, Choice):
                yield from self._pieces(self._taken(node))
                continue
            piece = self._piece(node)
            self._left -= len(piece.text)
            if self._left < 0:
                self._faults.add(piece.offset, Reason.LETTER_TOO_LONG, most=f"{MOST_OF_A_LETTER:,}")
                self._faults.raise_if_any()
            yield piece

    def _piece(self, node: Literal | FieldUse | EnclosureUse) -> _Piece:
        if isinstance(node, Literal):
            return _Piece(node.text, node.offset, ours=True)
        if isinstance(node, EnclosureUse):
            return _Piece(self._number(node), node.offset, ours=False)
        words = printed(node.field, self._values.get(node.field.name))
        if not words:
            self._faults.add(node.offset, Reason.NO_VALUE, name=node.field.name)
        return _Piece(words, node.offset, ours=False)

    def _number(self, node: EnclosureUse) -> str:
        """The number of an enclosure; a lone one has none on paper."""
        return str(self._numbers[key_of(node.choice.name)]) if len(self._numbers) > 1 else ""

    def _taken(self, choice: Choice) -> tuple[Node, ...]:
        for condition, nodes in choice.branches:
            if condition is None or self._holds(condition):
                return nodes
        return ()

    def _holds(self, condition: Condition) -> bool:
        for term in (term for terms in condition for term in terms):
            if term.lacks(self._values):
                self._faults.add(term.offset, Reason.NO_VALUE, name=term.field.name)
        return holds(condition, self._values)


def _lines(pieces: Iterable[_Piece]) -> Iterator[_Line]:
    """Pieces by lines; a value never ends one."""
    here: list[_Piece] = []
    for piece in pieces:
        if not piece.ours:
            here.append(piece)
            continue
        for found in re.finditer(r"[^\n]+|\n", piece.text):
            offset = piece.offset + found.start()
            if found[0] != "\n":
                here.append(_Piece(found[0], offset, ours=True))
            else:
                yield _Line(here or [_Piece("", offset, ours=True)])
                here = []
    if here:
        yield _Line(here)
