"""Thai as typed in one normal form; digits, Buddhist years, dates in words, and the order of Thai names.

Screens use Arabic digits; letters wrap a text in ``thai_digits``.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from models.zone import BANGKOK

NBSP = "\u00a0"
BUDDHIST_ERA = 543

MONTHS = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
MONTHS_SHORT = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)

_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

#: a web address up to the next space, or a run of letters that are not Thai, with Thai digits
_WORDS = re.compile(r"(?:https?://|www\.)\S+|[!-~๐-๙]+", re.IGNORECASE)
_LATIN = re.compile("[A-Za-z]")

_LEADING_VOWELS = frozenset("เแโใไ")
_CONSONANTS = frozenset(map(chr, range(0x0E01, 0x0E2F)))
#: second-level marks with the letter that stands for each in a key, in their order
_MARKS = {
    "\u0e4e": "1",
    "\u0e4c": "2",
    "\u0e47": "3",
    "\u0e48": "4",
    "\u0e49": "5",
    "\u0e4a": "6",
    "\u0e4b": "7",
}
_SECOND_LEVEL = " "
_MOST_ROUNDS = 8

#: signs above and below a consonant in the order of the standard (WTT 2.0): vowel, tone, silencer
_RANK = {
    **dict.fromkeys("\u0e38\u0e39\u0e3a", 1),
    **dict.fromkeys("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47\u0e4d", 2),
    **dict.fromkeys("\u0e48\u0e49\u0e4a\u0e4b", 3),
    **dict.fromkeys("\u0e4c\u0e4e", 4),
}
_SIGNS = re.compile(f"[{''.join(_RANK)}]{{2,}}")
_TONE_AFTER_VOWEL = re.compile("([\u0e30\u0e32\u0e33])([\u0e48-\u0e4b]+)")
_TWO_SIGNED_AM = re.compile("\u0e4d([\u0e48-\u0e4b]*)\u0e32")
#: what is thrown away is invisible; NUL and lone surrogates are no typing: portal/core/outside.py minds them
_INVISIBLE = {"Cf", "Cc"}
_KEPT = frozenset("\t\n\r\0")
_LINES = {"\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\x0b": "\n", "\x0c": "\n"}


def normal_form(text: str) -> str:
    """The one form of a text, however it was typed or pasted; what people read stays the same.

    NFC; sara am as one sign, sara ae as one sign; the signs of a consonant in the order of the standard and
    none twice; no invisible sign (of direction, of a break or a join); every space a plain one. Lines stay.
    """
    if text.isascii() and text.isprintable():
        return text
    text = "".join(map(_seen, text))
    # signs put in order may stand beside others then: seldom does a second round change anything
    for _round in range(_MOST_ROUNDS):
        if (ordered := _ordered(text)) == text:
            break
        text = ordered
    return text


def _ordered(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("เเ", "แ")
    text = _TONE_AFTER_VOWEL.sub(r"\2\1", text)
    text = _SIGNS.sub(_in_order, text)
    # nikhahit now stands before the tone: with a sara aa behind it they are one sara am after the tone
    return _TWO_SIGNED_AM.sub("\\1\u0e33", text)


def one_line(text: str) -> str:
    """A name or another text of one line in its normal form, without spaces at its ends or two together."""
    return " ".join(normal_form(text).split())


def _seen(letter: str) -> str:
    if letter in _KEPT:
        return letter
    if letter in _LINES:
        return _LINES[letter]
    kind = unicodedata.category(letter)
    if kind in _INVISIBLE:
        return ""
    return " " if kind == "Zs" else letter


def _in_order(signs: re.Match[str]) -> str:
    return "".join(sorted(dict.fromkeys(signs[0]), key=_RANK.__getitem__))


def thai_digits(text: object) -> str:
    """The text with every digit 0–9 as ๐–๙."""
    return str(text).translate(_TO_THAI)


def letter_digits(text: object) -> str:
    """The text as an official letter prints it: ๐–๙, but 0–9 in addresses and codes, to be typed.

    An address (``https://…``, ``www.…``) goes to the next space; a code is a run of Latin letters, digits and
    signs: an e-mail address, "nacc.go.th/ita61", "O13".
    """
    return _WORDS.sub(_digits_of_word, str(text))


def _digits_of_word(match: re.Match[str]) -> str:
    word = match[0]
    return arabic_digits(word) if _LATIN.search(word) else thai_digits(word)


def arabic_digits(text: object) -> str:
    """The text with every digit ๐–๙ as 0–9."""
    return str(text).translate(_TO_ARABIC)


def local_day(moment: date | datetime) -> date:
    """The calendar day in Bangkok. Raises ValueError for a moment without a time zone."""
    return _local(moment).date() if isinstance(moment, datetime) else moment


def midnight_after(day: date) -> datetime:
    """The moment in Bangkok at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), BANGKOK)


def be_year(moment: date | datetime) -> int:
    """The calendar year of the Buddhist era."""
    return local_day(moment).year + BUDDHIST_ERA


def thai_date(moment: date | datetime) -> str:
    """A date in a sentence: "9 พฤศจิกายน 2561"."""
    day = local_day(moment)
    return f"{day.day} {MONTHS[day.month - 1]} {be_year(day)}"


def thai_date_short(moment: date | datetime) -> str:
    """A date in a table: "9 พ.ย. 2561", which never breaks."""
    return _day_short(local_day(moment))


@lru_cache(4_000)
def _day_short(day: date) -> str:
    return f"{day.day}{NBSP}{MONTHS_SHORT[day.month - 1]}{NBSP}{be_year(day)}"


def thai_time(moment: datetime) -> str:
    """The time of day: "10:24 น.", which never breaks. Raises ValueError without a time zone."""
    local = _local(moment)
    return _time(local.hour, local.minute)


@lru_cache(24 * 60)
def _time(hour: int, minute: int) -> str:
    return f"{hour:02}:{minute:02}{NBSP}น."


def thai_datetime(moment: datetime) -> str:
    """A moment in a sentence: "9 พฤศจิกายน 2561 เวลา 10:24 น."."""
    return f"{thai_date(moment)} เวลา {thai_time(moment)}"


def thai_datetime_short(moment: datetime) -> str:
    """A moment in a table: "9 พ.ย. 2561 เวลา 10:24 น."."""
    local = _local(moment)
    return f"{_day_short(local.date())} เวลา {_time(local.hour, local.minute)}"


def thai_deadline(moment: datetime) -> str:
    """The end of a half-open span as people say it: midnight is "24:00 น." of the day before."""
    day, time = _deadline(moment)
    return f"{thai_date(day)} เวลา {time}"


def thai_deadline_short(moment: datetime) -> str:
    """As ``thai_deadline``, with the short date of tables."""
    day, time = _deadline(moment)
    return f"{thai_date_short(day)} เวลา {time}"


def sort_key(name: str) -> str:
    """A plain string whose byte order is the Thai dictionary order of the names it is made from.

    A leading vowel goes after its consonant; tone marks and other signs count only between names that are
    equal without them; Thai digits are digits; case, spaces and punctuation count for nothing. Right in
    code-point order and in the C collation of both databases.
    """
    first: list[str] = []
    second: list[str] = []
    for letter in _swap_leading_vowels(arabic_digits(normal_form(name)).casefold()):
        if letter in _MARKS:
            second.append(_MARKS[letter])
        elif letter.isalnum() or "\u0e00" <= letter <= "\u0e7f":
            first.append(letter)
            second.append("0")
    marks = "".join(second).rstrip("0")
    return "".join(first) + (_SECOND_LEVEL + marks if marks else "")


def _swap_leading_vowels(text: str) -> list[str]:
    letters = list(text)
    place = 0
    while place < len(letters) - 1:
        if letters[place] in _LEADING_VOWELS and letters[place + 1] in _CONSONANTS:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
            place += 1
        place += 1
    return letters


def _deadline(moment: datetime) -> tuple[date, str]:
    local = _local(moment)
    if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0):
        return local.date() - timedelta(days=1), f"24:00{NBSP}น."
    return local.date(), thai_time(local)


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no local day")
    return moment.astimezone(BANGKOK)
