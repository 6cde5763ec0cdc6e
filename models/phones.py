"""Telephone numbers as people and spreadsheet programs write them.

A number is read where it is sure what was meant; what is not sure stays as it was typed, with a remark. No
number ever becomes another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.thai import arabic_digits, one_line

AS_TYPED = "kept as typed, because it cannot be read for sure as a telephone number"
ZERO_ADDED = "a 0 was put in front, as a spreadsheet program takes it away"

_BETWEEN = re.compile(r"[,;/]|หรือ|และ")
_EXTENSION = re.compile(r"^(.*?\d.*?)(?:ต่อ|ภายใน|ext\.?|#)\s*(\d{1,6}(?:\s*-\s*\d{1,6})?)$", re.IGNORECASE)
_SHORT = re.compile(r"\d{1,6}(?:\s*-\s*\d{1,6})?")
_WRITTEN = re.compile(r"\+?[\d\s().\-–]+")
#: mobile numbers have ten digits, all others nine (numbering plan of the NBTC)
_MOBILE, _LANDLINE = re.compile(r"0[689]\d{8}"), re.compile(r"0[2-57]\d{7}")


@dataclass(frozen=True)
class Phone:
    """What is stored of an entry, and what is to be said of it (an English message id, or nothing)."""

    stored: str
    remark: str = ""


_STORED = re.compile(r"(0\d{8,9})(?: ต่อ (.+))?")


@dataclass(frozen=True)
class Number:
    """One number as a person reads it, and as a telephone dials it ("" where it is not sure to be one)."""

    shown: str
    dialled: str = ""


def numbers_of(text: str) -> list[Number]:
    """The numbers of an entry, in the groups in which people here write them: "0 2555 0100 ต่อ 12"."""
    phone = read_phone(text)
    if not phone.stored or phone.remark == AS_TYPED:
        return [Number(phone.stored)] if phone.stored else []
    found: list[Number] = []
    for piece in phone.stored.split(", "):
        whole = _STORED.fullmatch(piece)
        if whole is None:  # one more extension of the number before
            found[-1] = Number(f"{found[-1].shown}, {piece}", found[-1].dialled)
            continue
        extension = f" ต่อ {whole[2]}" if whole[2] else ""
        found.append(Number(_grouped(whole[1]) + extension, whole[1]))
    return found


def shown(text: str) -> str:
    """An entry as lists, files and letters print it."""
    return ", ".join(number.shown for number in numbers_of(text))


def _grouped(digits: str) -> str:
    """ "0 2555 0100", "08 1234 5678": the last eight digits by fours."""
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
    if digits.startswith("66") and (written.lstrip().startswith("+") or len(digits) == 11):
        digits = f"0{digits[2:].removeprefix('0')}"
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits, False
    # only a number without any sign can have come out of a spreadsheet program
    if written.strip().isdecimal() and (_MOBILE.fullmatch(f"0{digits}") or _LANDLINE.fullmatch(f"0{digits}")):
        return f"0{digits}", True
    return None
