"""What a respondent sent, read from the body without WTForms: choices, errors, and the ID in memory only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from models.citizen_id import IdProblem, InvalidCitizenId, check
from portal.ballot.public_words import say
from portal.ballot.questionnaire import Questionnaire

#: a form of 200 lines is smaller
LARGEST_BODY = 64 * 1024
MOST_FIELDS = 500


@dataclass(frozen=True)
class Submission:
    """A form as it was sent. ``typed_id`` lives as long as the request and is echoed into its answer only."""

    fields: Mapping[str, str] = field(repr=False)
    typed_id: str = field(repr=False)
    chosen: Mapping[int, int] = field(repr=False)

    @property
    def token(self) -> str:
        """The form's token."""
        return self.fields.get("t", "")

    @property
    def wants_back(self) -> bool:
        """True where the person comes back from "already answered" to mend the ID."""
        return "back" in self.fields


def read_submission(body: bytes, questionnaire: Questionnaire) -> Submission:
    """Read a form's body. Fields that are not of the form, and values that are no choice, are left out."""
    fields = _fields(body.decode("utf-8", "replace"))
    packed = fields.get("a", "").split(".")
    chosen = {}
    for line in questionnaire.lines:
        value = fields.get(line.field) or (packed[line.slot] if line.slot < len(packed) else "")
        if value.isascii() and value.isdigit() and 1 <= int(value[:4]) <= len(line.choices):
            chosen[line.slot] = int(value[:4])
    return Submission(fields, fields.get("id", "")[:80], chosen)


def _fields(body: str) -> dict[str, str]:
    """The fields of an urlencoded body. Almost all are plain ("q12=3"): only the others are decoded."""
    fields = {}
    for pair in body.split("&", MOST_FIELDS)[:MOST_FIELDS]:
        name, _equals, value = pair.partition("=")
        fields[name] = unquote_plus(value) if "%" in value or "+" in value else value
    return fields


def pack(submission: Submission, questionnaire: Questionnaire) -> str:
    """All choices in one field, to carry them through "already answered"."""
    return ".".join(str(submission.chosen.get(slot, "")) for slot in range(len(questionnaire.limits)))


@dataclass(frozen=True)
class Errors:
    """Why a form cannot be taken: a message for the ID, and the slots without an answer."""

    citizen_id: str = ""
    unanswered: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.citizen_id or self.unanswered)

    def __len__(self) -> int:
        return bool(self.citizen_id) + len(self.unanswered)


def validate(
    submission: Submission, questionnaire: Questionnaire, *, first_digits: str
) -> tuple[str, Errors]:
    """The normalised ID ("" where it is not acceptable) and the errors."""
    citizen_id, message = "", ""
    try:
        citizen_id = check(submission.typed_id, first_digits=first_digits)
    except InvalidCitizenId as problem:
        message = id_message(problem.reason, problem.length, first_digits)
    missing = tuple(line.slot for line in questionnaire.lines if line.slot not in submission.chosen)
    return citizen_id, Errors(message, missing)


def id_hint(first_digits: str) -> str:
    """What stands at the field of the ID, before any question: which numbers are taken, and whom to ask."""
    words = say("13 digits; dashes and spaces may stay")
    if len(set(first_digits)) == 10:
        return words
    first = say(
        "Numbers that begin with %(digits)s are taken. With another number ask the agency's administrator"
        " before you begin.",
        digits=digits_in_words(first_digits),
    )
    return f"{words} {first}"


def digits_in_words(digits: str) -> str:
    """Digits as a sentence has them: "1–8", "1, 3, 5"."""
    numbers = sorted({int(digit) for digit in digits})
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}–{numbers[-1]}"
    return ", ".join(map(str, numbers))


def id_message(reason: IdProblem, length: int | str, first_digits: str) -> str:
    """What to mend in the ID, in words."""
    if reason is IdProblem.EMPTY:
        return say("Enter your citizen ID of 13 digits")
    if reason is IdProblem.NOT_DIGITS:
        return say("A citizen ID has digits only: enter its 13 digits")
    if reason is IdProblem.LENGTH:
        return say("A citizen ID has 13 digits, there are %(n)s now", n=length)
    if reason is IdProblem.FIRST_DIGIT:
        return say(
            "Numbers that begin with %(digits)s are taken: check the first digit. If it is right, this survey"
            " cannot take it yet: ask the agency's administrator",
            digits=digits_in_words(first_digits),
        )
    return say("The citizen ID does not fit its pattern: check the digits, one may be swapped or mistyped")
