"""How notes of late agencies and extensions are said."""

from __future__ import annotations

from typing import Any

from portal.chasing.extended import Course
from portal.core.texts import lazy

NOTED: dict[str, Any] = {
    "none": lazy("Nobody noted anything"),
    "promised": lazy("Promised, not yet over"),
    "broken": lazy("The promised day is over"),
}
#: what became of an extension, in words and as a state
COURSES: dict[Course, tuple[Any, str]] = {
    Course.RUNNING: (lazy("The time runs"), "ok"),
    Course.OVER: (lazy("Time is over"), "idle"),
    Course.TAKEN_BACK: (lazy("Taken back"), "warn"),
}
