"""Telephone numbers as people and spreadsheet programs write them.

A number is read where it is sure what was meant; what is not sure stays as it was typed, with a remark. No
number ever becomes another one. Which digits are a number is said by ``phonenumbers`` (the numbering plan of
the NBTC and of other countries), which is imported when the first number is read: 45 ms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from models.thai import arabic_digits, one_line

AS_TYPED = "kept as typed, because it cannot be read for sure as a telephone number"
ZERO_ADDED = "a 0 was put in front, as a spreadsheet program takes it away"

_BETWEEN = re.compile(r"[,;/]|หรือ|และ")
_EXTENSION = re.compile(r"^(.*?\d.*?)(?:ต่อ|ภายใน|ext\.?|#)\s*(\d{1,6}(?:\s*-\s*\d{1,6})?)$", re.IGNORECASE)
_SHORT = re.compile(r"\d{1,6}(?:\s*-\s*\d{1,6})?")
_WRITTEN = re.compile(r"\+?[\d\s().\-–]+")
_THAILAND = 66
#: all mobile numbers: blocks of them are handed out before the library knows them
_MOBILE = re.compile(r"0[689]\d{8}")


@dataclass(frozen=True)
class Phone:
    """What is stored of an entry, and what is to be said of it (an English message id, or nothing)."""

    stored: str
    remark: str = ""


#: a number as ``read_phone`` stores it: of Thailand, one that costs who calls nothing, of another country
_STORED = re.compile(r"(0[689]\d{8}|0[2-57]\d{7}|1800\d{6}|\+\d{6,15})(?: ต่อ (.+))?")


@dataclass(frozen=True)
class Number:
    """One number as a person reads it, and as a telephone dials it ("" where it is not sure to be one)."""

    shown: str
    dialled: str = ""


def numbers_of(text: str) -> list[Number]:
    """The numbers of an entry, in the groups in which people here write them: "0 2555 0100 ต่อ 12"."""
    found = _of_stored(text)
    if found is None:
        phone = read_phone(text)
        found = None if phone.remark == AS_TYPED else _of_stored(phone.stored)
        return [Number(phone.stored)] if found is None else found
    return found


def _of_stored(stored: str) -> list[Number] | None:
    """The numbers of an entry in the one form; None where it is not."""
    found: list[Number] = []
    for piece in filter(None, stored.split(", ")):
        whole = _STORED.fullmatch(piece)
        if whole is not None:
            extension = f" ต่อ {whole[2]}" if whole[2] else ""
            found.append(Number(_grouped(whole[1]) + extension, whole[1]))
        elif found and " ต่อ " in found[-1].shown and _SHORT.fullmatch(piece):  # one more extension
            found[-1] = Number(f"{found[-1].shown}, {piece}", found[-1].dialled)
        else:
            return None
    return found


def shown(text: str) -> str:
    """An entry as lists, files and letters print it."""
    return ", ".join(number.shown for number in numbers_of(text))


def _grouped(digits: str) -> str:
    """ "0 2555 0100", "08 1234 5678": the last eight digits by fours; "1800 555 010"."""
    if digits.startswith("+"):
        library = _library()
        return str(library.format_number(library.parse(digits), library.PhoneNumberFormat.INTERNATIONAL))
    if digits.startswith("1800"):
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    return f"{digits[:-8]} {digits[-8:-4]} {digits[-4:]}"


def read_phone(text: str) -> Phone:
    """The telephone numbers of an entry, parted by commas: digits alone, with their extensions."""
    plain = one_line(arabic_digits(text))
    if not plain:
        return Phone("")
    numbers: list[str] = []
    added = False
    for piece in filter(None, (part.strip() for part in _BETWEEN.split(plain))):
        if numbers and " ต่อ " in numbers[-1] and _SHORT.fullmatch(piece):
            numbers[-1] += f", {_tight(piece)}"  # one more extension of the same number
            continue
        extension = _EXTENSION.fullmatch(piece)
        found = _numbers_in(extension[1] if extension else piece)
        if not found or (extension and len(found) > 1):
            return Phone(plain, AS_TYPED)
        added = added or any(was_added for _number, was_added in found)
        numbers += [number for number, _was_added in found]
        if extension:
            numbers[-1] += f" ต่อ {_tight(extension[2])}"
    return Phone(", ".join(numbers), ZERO_ADDED if added else "") if numbers else Phone(plain, AS_TYPED)


def _tight(extension: str) -> str:
    return re.sub(r"\s+", "", extension)


def _numbers_in(piece: str) -> list[tuple[str, bool]]:
    """The one number of a piece, or the numbers parted by spaces where they can be parted in one way only."""
    if not _WRITTEN.fullmatch(piece):
        return []
    whole = _number(piece)
    if whole:
        return [whole]
    groups = piece.split()
    ways = [
        [first, *rest]
        for at in range(1, len(groups))
        if (first := _number(" ".join(groups[:at]))) and (rest := _numbers_in(" ".join(groups[at:])))
    ]
    return ways[0] if len(ways) == 1 else []


def _number(written: str) -> tuple[str, bool] | None:
    """The digits of a sure number, and whether its 0 had been lost."""
    digits = re.sub(r"\D", "", written)
    if _MOBILE.fullmatch(digits):
        return digits, False
    found = _parsed(written)
    if found is None:
        return None
    national = str(found.national_number)
    if found.country_code != _THAILAND:
        whole = f"{found.country_code}{national}"
        return (f"+{whole}", False) if written.lstrip().startswith("+") and digits == whole else None
    stored = national if national.startswith("1800") else f"0{national}"
    if digits in (stored, f"66{national}", f"660{national}"):
        return stored, False
    # only a number without any sign can have come out of a spreadsheet program
    return (stored, True) if digits == national and written.strip().isdecimal() else None


def _parsed(written: str) -> Any:
    """What is written as a number of Thailand or, with a "+", of its country; None where it is none."""
    library = _library()
    try:
        found = library.parse(written, "TH")
    except library.NumberParseException:
        return None
    mobile = found.country_code == _THAILAND and _MOBILE.fullmatch(f"0{found.national_number}")
    return found if mobile or library.is_valid_number(found) else None


def _library() -> Any:
    import phonenumbers  # noqa: PLC0415 - 45 ms that only who reads a number waits for

    return phonenumbers
