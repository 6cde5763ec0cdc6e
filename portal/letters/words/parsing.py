"""A part of a text, read into words, fields and choices. Every fault is remembered, and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from portal.letters.words.conditions import Condition, read_condition, unknown
from portal.letters.words.enclosures import EnclosureChoice, enclosures_of
from portal.letters.words.faults import Faults, Reason
from portal.letters.words.fields import UNPRINTABLE, Field, FieldKind, Scope, field_named, key_of

IF, ELSE, END, ENCLOSURE = "ถ้า", "มิฉะนั้น", "จบ", "สิ่งที่ส่งมาด้วย:"
MOST_DEEP = 8

_BRACES = re.compile(
    r"\{\{(?P<doubled>[^{}\n]+)\}\}|(?P<literal>\{\{|\}\})|\{(?P<command>[^{}\n]*)\}|(?P<stray>[{}])"
)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_UNPRINTABLE = re.compile(f"[{re.escape(''.join(map(chr, UNPRINTABLE)))}]")


@dataclass(frozen=True)
class Literal:
    """Words as they stand."""

    text: str
    offset: int


@dataclass(frozen=True)
class FieldUse:
    """A field whose value is printed."""

    field: Field
    offset: int


@dataclass(frozen=True)
class EnclosureUse:
    """The number of an enclosure."""

    choice: EnclosureChoice
    offset: int


@dataclass(frozen=True)
class Choice:
    """Branches with their conditions, of which the first that holds is taken; the last may have none."""

    branches: tuple[tuple[Condition | None, tuple[Node, ...]], ...]
    offset: int


Node = Literal | FieldUse | EnclosureUse | Choice


@dataclass(frozen=True)
class Part:
    """A part of a text as it was read, and where it begins."""

    nodes: tuple[Node, ...]
    offset: int


@dataclass
class _Open:
    """A condition that is being read."""

    offset: int
    branches: list[tuple[Condition | None, tuple[Node, ...]]] = field(default_factory=list)
    condition: Condition | None = None
    nodes: list[Node] = field(default_factory=list)
    otherwise: bool = False

    def end_branch(self) -> None:
        self.branches.append((self.condition, tuple(self.nodes)))
        self.condition, self.nodes = None, []


@dataclass(frozen=True)
class _Sign:
    """Words, or a command in braces (without them)."""

    text: str
    offset: int
    command: bool = False


class PartReader:
    """Reads parts of one text. ``enclosed``: the enclosures that the text lists, which it may name."""

    def __init__(self, scope: Scope, faults: Faults, enclosed: Mapping[str, EnclosureChoice]) -> None:
        self._scope, self._faults, self._enclosed = scope, faults, enclosed
        self._open: list[_Open] = []

    def read(self, text: str, offset: int) -> Part:
        """The part that begins at this place of the source."""
        self._open = [_Open(offset)]
        for sign in self._signs(text, offset):
            if sign.command:
                self._command(sign)
            else:
                self._here.append(Literal(sign.text, sign.offset))
        for left in self._open[1:]:
            self._faults.add(left.offset, Reason.UNCLOSED)
        return Part(tuple(self._open[0].nodes), offset)

    @property
    def _here(self) -> list[Node]:
        return self._open[-1].nodes

    def _signs(self, text: str, offset: int) -> Iterator[_Sign]:
        """The signs of all lines; a line that holds nothing but conditions leaves no line behind."""
        for line in _LINE.findall(text):
            signs = list(self._signs_of_line(line, offset))
            offset += len(line)
            bare = [one for one in signs if one.command]
            if bare and all(is_choice(one.text) if one.command else not one.text.strip() for one in signs):
                signs = bare
            yield from signs

    def _signs_of_line(self, line: str, offset: int) -> Iterator[_Sign]:
        for found in _UNPRINTABLE.finditer(line):
            self._faults.add(offset + found.start(), Reason.UNPRINTABLE)
        done = 0
        for found in _BRACES.finditer(line):
            if found.start() > done:
                yield _Sign(line[done : found.start()], offset + done)
            done, here = found.end(), offset + found.start()
            if found["command"] is not None:
                yield _Sign(found["command"], here, command=True)
            elif found["doubled"] is not None:
                yield self._doubled(found["doubled"], here)
            elif found["literal"] is not None:
                yield _Sign(found["literal"][0], here)
            else:
                self._faults.add(here, Reason.STRAY, sign=found["stray"])
        if done < len(line):
            yield _Sign(line[done:], offset + done)

    def _doubled(self, words: str, offset: int) -> _Sign:
        """Words in two braces are printed in one, but for a name, which was meant as a field."""
        if field_named(words) or is_choice(words) or words.strip().startswith(ENCLOSURE):
            self._faults.add(offset, Reason.DOUBLED, name=words.strip())
        return _Sign(f"{{{words}}}", offset)

    def _command(self, sign: _Sign) -> None:
        words = sign.text.strip()
        if words == END:
            self._end(sign)
        elif words.startswith(ELSE):
            self._otherwise(words.removeprefix(ELSE).strip(), sign)
        elif words.startswith(IF):
            self._begin(sign)
        elif words.startswith(ENCLOSURE):
            self._enclosure(words.removeprefix(ENCLOSURE).strip(), sign.offset)
        elif not words:
            self._faults.add(sign.offset, Reason.EMPTY)
        else:
            self._field(words, sign.offset)

    def _begin(self, sign: _Sign) -> None:
        if len(self._open) > MOST_DEEP:
            self._faults.add(sign.offset, Reason.TOO_DEEP, most=MOST_DEEP)
        self._open.append(_Open(sign.offset, condition=self._condition(sign)))

    def _condition(self, sign: _Sign) -> Condition:
        """What stands behind the first ถ้า of a command."""
        begin = sign.text.index(IF) + len(IF)
        # one further for the brace that the sign's words are without
        return read_condition(sign.text[begin:], sign.offset + 1 + begin, self._scope, self._faults)

    def _otherwise(self, rest: str, sign: _Sign) -> None:
        here = self._open[-1]
        if len(self._open) == 1:
            self._faults.add(sign.offset, Reason.NOTHING_OPEN, name=ELSE)
        elif here.otherwise:
            self._faults.add(sign.offset, Reason.SECOND_ELSE)
        elif not rest:
            here.end_branch()
            here.otherwise = True
        elif rest.startswith(IF):
            here.end_branch()
            here.condition = self._condition(sign)
        else:
            unknown(sign.text.strip(), sign.offset, self._scope, self._faults)

    def _end(self, sign: _Sign) -> None:
        if len(self._open) == 1:
            self._faults.add(sign.offset, Reason.NOTHING_OPEN, name=END)
            return
        ended = self._open.pop()
        ended.end_branch()
        self._here.append(Choice(tuple(ended.branches), ended.offset))

    def _enclosure(self, name: str, offset: int) -> None:
        choice = listed(name, offset, self._scope, self._faults)
        if choice is None:
            return
        if key_of(choice.name) not in self._enclosed:
            self._faults.add(offset, Reason.NOT_ENCLOSED, name=choice.name)
        self._here.append(EnclosureUse(choice, offset))

    def _field(self, name: str, offset: int) -> None:
        found = field_named(name)
        if found is None:
            unknown(name, offset, self._scope, self._faults)
        elif self._scope not in found.scopes:
            self._faults.add(offset, Reason.ELSEWHERE, name=found.name)
        elif found.kind is FieldKind.FACT:
            self._faults.add(offset, Reason.FACT_PRINTED, name=found.name)
        else:
            self._here.append(FieldUse(found, offset))


def is_choice(words: str) -> bool:
    """True for the words of a condition: where it begins, turns or ends."""
    words = words.strip()
    return words == END or words.startswith((IF, ELSE))


def listed(name: str, offset: int, scope: Scope, faults: Faults) -> EnclosureChoice | None:
    """The enclosure of this name; None, and a fault, where letters of this kind have none."""
    choices = enclosures_of(scope)
    if (found := choices.get(key_of(name))) is None:
        names = ", ".join(one.name for one in choices.values())
        faults.add(offset, Reason.UNKNOWN_ENCLOSURE, name=name, names=names)
    return found
