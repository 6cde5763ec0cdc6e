"""A whole text of a letter: lines at its head, an empty line, paragraphs with their points, the conclusion.

    แบบ: หนังสือภายนอก
    เวียน: ใช่
    เรื่อง: แจ้งสถานะการเตรียมการ ปีงบประมาณ พ.ศ. {ปีงบประมาณ}
    เรียน: ผู้ว่าราชการจังหวัด{จังหวัด}
    สิ่งที่ส่งมาด้วย: สรุปสถานะ

    ด้วยหน่วยงานในจังหวัด {ถ้า ยังไม่ครบ}ยังเตรียมการไม่ครบ {ยังไม่ครบ} แห่ง{มิฉะนั้น}เตรียมการครบแล้ว{จบ}

    จึงเรียนมาเพื่อโปรดทราบ

A line of the head that begins with a space goes on with the line above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from portal.letters.words.enclosures import EnclosureChoice
from portal.letters.words.faults import Faults, Reason, Source
from portal.letters.words.fields import Scope, key_of
from portal.letters.words.parsing import Part, PartReader, listed
from reports.letter_data import LetterForm

T = TypeVar("T")
MOST_OF_A_SOURCE = 20_000
FORMS = {
    "หนังสือภายนอก": LetterForm.EXTERNAL,
    "หนังสือประทับตรา": LetterForm.STAMPED,
    "บันทึกข้อความ": LetterForm.MEMORANDUM,
}
YES_OR_NO = {"ใช่": True, "ไม่": False}
FORM, CIRCULAR, SUBJECT, REFERENCE, ENCLOSED, CLOSING = (
    "แบบ",
    "เวียน",
    "เรื่อง",
    "อ้างถึง",
    "สิ่งที่ส่งมาด้วย",
    "คำลงท้าย",
)
#: how a letter of a form may begin
SALUTATIONS = {
    LetterForm.EXTERNAL: ("เรียน", "กราบเรียน", "นมัสการ"),
    LetterForm.STAMPED: ("ถึง",),
    LetterForm.MEMORANDUM: ("เรียน", "กราบเรียน", "นมัสการ"),
}
ALL_SALUTATIONS = tuple(dict.fromkeys(word for words in SALUTATIONS.values() for word in words))
HEADS = (FORM, CIRCULAR, SUBJECT, *ALL_SALUTATIONS, REFERENCE, ENCLOSED, CLOSING)
USUAL_CLOSING = "ขอแสดงความนับถือ"
_MANY = {REFERENCE, ENCLOSED}
_HEAD_LINE = re.compile(r"(?P<name>[^:{}\n]*):[ ]*(?P<words>.*(?:\n[ ]+\S.*)*)")


@dataclass(frozen=True)
class LetterText:
    """A text that was read and has no fault: what it says follows when values are filled in."""

    source: Source
    scope: Scope
    form: LetterForm
    circular: bool
    salutation: str
    addressee: Part
    subject: Part
    references: tuple[Part, ...]
    enclosures: tuple[EnclosureChoice, ...]
    body: Part
    closing: Part | None


@dataclass(frozen=True)
class _Head:
    """A line of the head: its name, where that stands, and what stands behind the colon, where."""

    name: str
    place: int
    words: str
    offset: int


def read_text(typed: str, scope: Scope) -> LetterText:
    """Read a text for letters about ``scope``. Raises FaultyText with all its faults."""
    source = Source(typed[: MOST_OF_A_SOURCE + 1])
    faults = Faults(source)
    if max(len(typed), len(source.text)) > MOST_OF_A_SOURCE:
        faults.add(0, Reason.SOURCE_TOO_LONG, most=f"{MOST_OF_A_SOURCE:,}")
        faults.raise_if_any()
    text = _Reader(source, scope, faults).read()
    faults.raise_if_any()
    assert text is not None
    return text


class _Reader:
    def __init__(self, source: Source, scope: Scope, faults: Faults) -> None:
        self._source, self._scope, self._faults = source, scope, faults

    def read(self) -> LetterText | None:
        """The text; None only where a fault was remembered."""
        text = self._source.text
        begin = len(text) - len(text.lstrip())
        blank = re.compile(r"\n[ ]*(?:\n|\Z)").search(text, begin)
        end = blank.start() if blank else len(text)
        heads = self._known(self._heads(text[begin:end], begin))
        enclosures = self._enclosures(heads)
        parts = PartReader(self._scope, self._faults, enclosures)
        form = self._chosen(heads, FORM, FORMS) or LetterForm.EXTERNAL
        circular = self._chosen(heads, CIRCULAR, YES_OR_NO)
        to = self._addressee(heads, form)
        closing = self._closing(heads, form, parts)
        references = tuple(parts.read(one.words, one.offset) for one in heads if one.name == REFERENCE)
        subject = self._needed(heads, SUBJECT, parts)
        addressee = None if to is None else parts.read(to.words, to.offset)
        body = parts.read(text[end:], end)
        if not text[end:].strip():
            self._faults.add(max(len(text) - 1, 0), Reason.NO_BODY)
        if to is None or subject is None or addressee is None:
            return None
        return LetterText(
            self._source,
            self._scope,
            form,
            bool(circular),
            to.name,
            addressee,
            subject,
            references,
            tuple(enclosures.values()),
            body,
            closing,
        )

    def _heads(self, text: str, begin: int) -> Iterator[_Head]:
        done = 0
        while done < len(text):
            found = _HEAD_LINE.match(text, done)
            if found:
                yield _Head(
                    " ".join(found["name"].split()),
                    begin + done,
                    found["words"],
                    begin + found.start("words"),
                )
                done = found.end() + 1
            else:
                self._faults.add(begin + done, Reason.NO_HEAD)
                done = (text.find("\n", done) + 1) or len(text)

    def _known(self, heads: Iterator[_Head]) -> list[_Head]:
        """The lines with known names, each of them as often as it may stand."""
        known: list[_Head] = []
        for head in heads:
            if head.name not in HEADS:
                self._faults.add(head.place, Reason.UNKNOWN_HEAD, name=head.name, names=", ".join(HEADS))
            elif head.name not in _MANY and any(one.name == head.name for one in known):
                self._faults.add(head.place, Reason.HEAD_TWICE, name=head.name)
            else:
                known.append(head)
        return known

    def _one(self, heads: list[_Head], name: str) -> _Head | None:
        return next((one for one in heads if one.name == name), None)

    def _needed(self, heads: list[_Head], name: str, parts: PartReader) -> Part | None:
        head = self._one(heads, name)
        if head is None:
            self._faults.add(0, Reason.HEAD_MISSING, name=name)
            return None
        return parts.read(head.words, head.offset)

    def _chosen(self, heads: list[_Head], name: str, choices: Mapping[str, T]) -> T | None:
        """What was chosen on a line; None without the line, or where there is no such choice."""
        head = self._one(heads, name)
        if head is None:
            return None
        words = " ".join(head.words.split())
        if words not in choices:
            self._faults.add(head.offset, Reason.WRONG_CHOICE, name=name, names=", ".join(choices))
        return choices.get(words)

    def _enclosures(self, heads: list[_Head]) -> dict[str, EnclosureChoice]:
        """The listed enclosures in their order, by the name as it is compared."""
        enclosures: dict[str, EnclosureChoice] = {}
        for head in (one for one in heads if one.name == ENCLOSED):
            choice = listed(" ".join(head.words.split()), head.offset, self._scope, self._faults)
            if choice is None:
                continue
            if key_of(choice.name) in enclosures:
                self._faults.add(head.offset, Reason.ENCLOSED_TWICE, name=choice.name)
            enclosures[key_of(choice.name)] = choice
        return enclosures

    def _addressee(self, heads: list[_Head], form: LetterForm) -> _Head | None:
        """The line whose name is the salutation."""
        found = [one for one in heads if one.name in ALL_SALUTATIONS]
        allowed = SALUTATIONS[form]
        if not found:
            self._faults.add(0, Reason.HEAD_MISSING, name=allowed[0])
            return None
        for other in found[1:]:
            self._faults.add(other.place, Reason.HEAD_TWICE, name=found[0].name)
        if found[0].name not in allowed:
            self._faults.add(found[0].place, Reason.WRONG_SALUTATION, names=", ".join(allowed))
        return found[0]

    def _closing(self, heads: list[_Head], form: LetterForm, parts: PartReader) -> Part | None:
        """The closing, which only an external letter has; None: the usual one of its form."""
        head = self._one(heads, CLOSING)
        if head is None:
            return None
        if form is not LetterForm.EXTERNAL:
            self._faults.add(head.place, Reason.NO_CLOSING)
        return parts.read(head.words, head.offset)
