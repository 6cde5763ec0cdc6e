"""One line of ``run.py check``: how a thing stands, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Grade(Enum):
    """How a thing stands; only ``WRONG`` lets the command fail."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """A thing by one word, its grade, and a sentence for who installs."""

    grade: Grade
    thing: str
    text: str

    def __str__(self) -> str:
        return f"{self.grade.value:<8} {self.thing:<11} {self.text}"


def ok(thing: str, text: str) -> Finding:
    """Nothing to do."""
    return Finding(Grade.OK, thing, text)


def warning(thing: str, text: str) -> Finding:
    """It works, and somebody should look."""
    return Finding(Grade.WARNING, thing, text)


def wrong(thing: str, text: str) -> Finding:
    """The installation must not stay so."""
    return Finding(Grade.WRONG, thing, text)
