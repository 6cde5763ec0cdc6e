"""The 13-digit citizen ID as a respondent types it: normalised and checked, never kept."""

from __future__ import annotations

import enum

from stdnum.th import pin

from models.thai import arabic_digits, thai_digits

LENGTH = 13
#: characters people put between the groups of digits
_SEPARATORS = str.maketrans("", "", " \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff-‐‑‒–—−._/")


class IdProblem(enum.Enum):
    """Why a typed ID is not accepted; values are English message ids."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    LENGTH = "length"
    FIRST_DIGIT = "first_digit"
    CHECK_DIGIT = "check_digit"


class InvalidCitizenId(ValueError):
    """The typed text is no acceptable ID.

    ``length`` tells how many digits there are; the typed text itself never travels with the error.
    """

    def __init__(self, reason: IdProblem, length: int = 0) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.length = length


def normalise(text: str) -> str:
    """The typed text with Arabic digits and without spaces and dashes."""
    return arabic_digits(text).translate(_SEPARATORS)


def are_first_digits(digits: str) -> bool:
    """True where a setting of accepted first digits takes IDs for real: one is made up and tried per digit.

    Digits of another script (๑๒๓) would refuse every ID of the country.
    """
    if not digits or len(digits) > 10:
        return False
    return all(accepts_first_digit(digit, digits) for digit in digits)


def accepts_first_digit(digit: str, first_digits: str) -> bool:
    """True where an ID that begins with the digit, made up and never kept, passes the respondents' check."""
    body = digit + "10170020345"
    try:
        check(thai_digits(body + pin.calc_check_digit(body)), first_digits=first_digits)
    except ValueError:  # also InvalidCitizenId
        return False
    return True


def check(text: str, *, first_digits: str) -> str:
    """Give the normalised ID.

    ``first_digits`` are the accepted first digits, a setting of the round. Raises InvalidCitizenId. The check
    digit finds most typing errors (none in the third digit, whose weight is the modulus) and does not tell
    that the number was issued. ``pin.validate`` would refuse first digits 0 and 9 whatever the round says.
    """
    digits = normalise(text)
    if not digits:
        raise InvalidCitizenId(IdProblem.EMPTY)
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidCitizenId(IdProblem.NOT_DIGITS, sum(letter.isdigit() for letter in digits))
    if len(digits) != LENGTH:
        raise InvalidCitizenId(IdProblem.LENGTH, len(digits))
    if digits[0] not in first_digits:
        raise InvalidCitizenId(IdProblem.FIRST_DIGIT, LENGTH)
    if pin.calc_check_digit(digits[:-1]) != digits[-1]:
        raise InvalidCitizenId(IdProblem.CHECK_DIGIT, LENGTH)
    return digits
