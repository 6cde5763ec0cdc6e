"""Whether a change of words is a correction of spelling, and what changed between two wordings.

What was answered was answered to the words that stood. A number, a negation or a word of degree that comes or
goes turns an answer round, so these are refused and not asked about: a tick would be given in good faith by
whoever noticed the mistake, and the answers given before it would count as the opposite of what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA, Levenshtein

from models.thai import arabic_digits
from portal.core.errors import Refused

#: letters that may change in one place: a syllable, a word written twice or left out
MOST_TOGETHER = 4
#: places nearer than so many letters are one place
NEAR = 3
#: of so many letters one may change, between these bounds
ONE_OF, FEWEST, MOST = 6, 2, 20
#: shorter texts, most of them choices, may change by one letter
SHORT = 6

_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")
_SIGNS = re.compile("[\\s\u0e47-\u0e4c]")
_TURNING = re.compile(
    "ไม่|มิได้|มิให้|มิใช่|ห้าม|ปราศจาก|ไร้|ยกเว้น|เว้นแต่|มาก|น้อย|กว่า|สูง|ต่ำ|เพิ่ม|ลดลง|เกิน|ก่อน|หลัง|ทุก(?!ข)|บาง"
    "|หรือ|และ|ใกล้|ไกล|ภายใน|ภายนอก|ครึ่ง|หนึ่ง|สอง|สาม(?!ารถ)|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ร้อย|พัน|หมื่น|แสน|ล้าน"
)
_TURNING_ENGLISH = re.compile(
    r"\b(?:not?|never|without|cannot|none|except|more|most|less|least|few|fewer|before|after|all|some|any|and|or|\w+n't)\b"
)
#: what people read as one sign: a letter with what stands above and below it
_CLUSTER = re.compile(".[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e\u0300-\u036f]*", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A piece of a wording; ``changed``: it stands in this wording only."""

    text: str
    changed: bool


def require_spelling(before: str, after: str, *, field: str = "") -> None:
    """Let a correction of spelling through. Raises Refused, with the field, for another question."""
    if _numbers(before) != _numbers(after):
        raise Refused(
            "A number has changed: that is another question. It can be asked so in the round of next year",
            field=field,
        )
    bare, new = _bare(before), _bare(after)
    if OSA.distance(bare, new) <= 1 or _written_twice(bare, new):
        return
    if _turning(before) != _turning(after):
        raise Refused(
            "A word that turns the meaning round has come or gone (such as “not”, “more”, “before”): that is "
            "another question. It can be asked so in the round of next year",
            field=field,
        )
    if not _alike(bare, new):
        raise Refused(
            "Too much has changed for a correction of spelling: a question that is asked differently is "
            "another question. Correct a few letters only, or word it anew in the round of next year",
            field=field,
        )


def pieces(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both wordings in pieces, each saying whether it changed; a letter keeps the signs on it."""
    old, new = _CLUSTER.findall(before), _CLUSTER.findall(after)
    was: list[Piece] = []
    now: list[Piece] = []
    for step in Levenshtein.opcodes(old, new):
        same = step.tag == "equal"
        _add(was, "".join(old[step.src_start : step.src_end]), changed=not same)
        _add(now, "".join(new[step.dest_start : step.dest_end]), changed=not same)
    return was, now


def _add(found: list[Piece], text: str, *, changed: bool) -> None:
    if not text:
        return
    if found and found[-1].changed is changed:
        text = found.pop().text + text
    found.append(Piece(text, changed))


def _bare(text: str) -> str:
    """The letters: spaces and signs of tone, which are left out and doubled most, count for nothing."""
    return _SIGNS.sub("", text)


def _numbers(text: str) -> list[str]:
    return _NUMBERS.findall(arabic_digits(text))


def _turning(text: str) -> list[str]:
    return _TURNING.findall("".join(text.split())) + _TURNING_ENGLISH.findall(text.lower())


def _written_twice(before: str, after: str) -> bool:
    """True where something that stood twice in a row now stands once."""
    gone = len(before) - len(after)
    place = next(
        (at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), len(after)
    )
    return (
        0 < gone <= place
        and before[place + gone :] == after[place:]
        and before[place - gone : place] == before[place : place + gone]
    )


def _alike(before: str, after: str) -> bool:
    """True where few letters changed, and few in one place."""
    allowed = 1 if len(before) < SHORT else max(FEWEST, min(MOST, len(before) // ONE_OF))
    changes = list(_places(before, after))
    return sum(changes) <= allowed and all(letters <= MOST_TOGETHER for letters in changes)


def _places(before: str, after: str) -> Iterator[int]:
    """How many letters changed in each place."""
    letters, ended = 0, -NEAR
    for step in Levenshtein.opcodes(before, after):
        if step.tag == "equal":
            continue
        if letters and step.src_start - ended >= NEAR:
            yield letters
            letters = 0
        letters += max(step.src_end - step.src_start, step.dest_end - step.dest_start)
        ended = step.src_end
    if letters:
        yield letters
