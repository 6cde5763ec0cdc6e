"""How notes of late agencies, e-mails to them and extensions are said and shown."""

from __future__ import annotations

from typing import Any

from models.reminder import MailState, ReminderRule
from portal.chasing.extended import Course
from portal.core.stages import STAGE_NAMES
from portal.core.texts import _, lazy

NOTED: dict[str, Any] = {
    "none": lazy("Nobody noted anything"),
    "promised": lazy("Promised, not yet over"),
    "broken": lazy("The promised day is over"),
}

#: how the state of an e-mail is shown
KINDS: dict[MailState, str] = {
    MailState.WAITING: "info",
    MailState.SENDING: "info",
    MailState.SENT: "ok",
    MailState.REFUSED: "bad",
    MailState.UNSURE: "warn",
    MailState.STOPPED: "idle",
    MailState.HELD: "idle",
}


def rule_words(rule: ReminderRule) -> str:
    """A rule of reminders in words."""
    stage = STAGE_NAMES[rule.stage]
    if rule.days == 0:
        return _("%(stage)s: on the last day", stage=stage)
    return _("%(stage)s: %(days)s days before the last day", stage=stage, days=rule.days)


#: what became of an extension, in words and as a state
COURSES: dict[Course, tuple[Any, str]] = {
    Course.RUNNING: (lazy("The time runs"), "ok"),
    Course.OVER: (lazy("Time is over"), "idle"),
    Course.TAKEN_BACK: (lazy("Taken back"), "warn"),
}
