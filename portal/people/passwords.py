"""Which passwords are not accepted: too short as seen, too much alike, or what many would choose.

Length is over rules: nobody has to mix in capitals or signs. What everybody chooses is known here in Thai,
also typed with the other layout of the keyboard; zxcvbn knows it in English. Measured in docs/adr/0023.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable

from zxcvbn import matching, zxcvbn

from models.thai import normal_form
from portal.people.keyboard import as_latin, as_thai, is_thai

SHORTEST_PASSWORD = 10
#: letters that have to be there besides greetings and words of the office
SHORTEST_REST = 5
#: below this score zxcvbn takes a password for guessed within some hours
LEAST_SCORE = 3
#: zxcvbn looks at so many letters, and at none of a text with more kinds of signs that stand for letters: its
#: search grows with both, to seconds
_LOOKED_AT, _MOST_SIGNS = 40, 10
_SIGNS = frozenset(sign for signs in matching.L33T_TABLE.values() for sign in signs)
#: zxcvbn keeps the words of one person in its module
_one_at_a_time = threading.Lock()
COMMON_WORDS = (
    "password",
    "123456789",
    "qwertyuiop",
    "รหัสผ่าน",
    "itaportal",
    "1q2w3e4r5t",
    "thailand",
    "0123456789",
)
#: what stands before a name, often without a space
TITLES = ("นางสาว", "นาง", "นาย")
#: greetings, courtesies and words of every agency: a password is more than these; longer ones first
COMMON_PHRASES = (
    "องค์การบริหารส่วนตำบล",
    "องค์การบริหารส่วนจังหวัด",
    "สวัสดีปีใหม่",
    "ยินดีต้อนรับ",
    "ความโปร่งใส",
    "ขอบพระคุณ",
    "ประเทศไทย",
    "เทศบาลตำบล",
    "เทศบาลเมือง",
    "เทศบาลนคร",
    "ฉันรักเธอ",
    "จำไม่ได้",
    "ลืมแล้ว",
    "ผู้บริหาร",
    "ผู้ประเมิน",
    "ผู้ดูแล",
    "กรุงเทพ",
    "เทศบาล",
    "คุณธรรม",
    "โปร่งใส",
    "สุจริต",
    "ธรรมาภิบาล",
    "ประเมิน",
    "คิดถึง",
    "แอดมิน",
    "ขอบคุณ",
    "สวัสดี",
    "หวัดดี",
    "รักเธอ",
    "จังหวัด",
    "อำเภอ",
    "โชคดี",
    "คนไทย",
    "ไม่บอก",
    "มากๆ",
    "ครับ",
    "ค่ะ",
    "คะ",
    "จ้า",
    "มาก",
    "ผม",
    "อบต",
    "อบจ",
    "ทุกคน",
    "administrator",
    "iloveyou",
    "welcome",
    "sawasdee",
    "sawatdee",
    "hello",
    "admin",
    "user",
    "local",
    "krub",
    "krab",
    "ita",
    "nacc",
    "dla",
)


def problem_with(password: str, *, username: str, context: Iterable[str] = ()) -> str | None:
    """Why a password is not accepted, as an English message id; None where it is.

    ``context``: names that others know: of the agency and its place, of the person.
    """
    folded = normal_form(password).casefold()
    letters = seen(folded)
    if len(letters) < SHORTEST_PASSWORD:
        return "The password needs at least 10 characters"
    if len(set(letters)) < 5:
        return "The password repeats too few characters: mix in more"
    as_typed = normal_form(password)  # shifted keys are other letters on the other layout
    typed = (folded, (as_latin(as_typed) if is_thai(folded) else as_thai(as_typed)).casefold())
    if any(word in one for one in typed for word in COMMON_WORDS):
        return "This password is too common: choose words that only you would put together"
    if any(_little_besides(one, COMMON_PHRASES) for one in typed):
        return "This password is too common: choose words that only you would put together"
    if len(username) >= 4 and username.casefold() in folded:
        return "The password must not contain the user name"
    names = _names(context)
    if any(_little_besides(one, (*names, *COMMON_PHRASES)) for one in typed):
        return (
            "This password is little more than a name that others know: add words that nobody expects there"
        )
    if _guessed(folded, [username, *names]):
        return "A computer guesses this password soon: put three or four words together that nobody expects"
    return None


def _names(context: Iterable[str]) -> list[str]:
    """The words of some names, longer ones first; one or two letters are no name."""
    whole = [normal_form(name).casefold().strip() for name in context]
    words = {word for name in whole for word in (name, *name.split())}
    words |= {word.removeprefix(title) for word in words for title in TITLES}
    return sorted((word for word in words if len(word) > 2), key=len, reverse=True)


def _guessed(folded: str, names: list[str]) -> bool:
    looked_at = folded[:_LOOKED_AT]
    if len(_SIGNS.intersection(looked_at)) > _MOST_SIGNS:
        return False
    with _one_at_a_time:
        return bool(zxcvbn(looked_at, user_inputs=names)["score"] < LEAST_SCORE)


def seen(text: str) -> str:
    """The letters that stand in the line: a vowel sign or tone mark above or below adds little to guess."""
    marks = {"Mn", "Me", "Mc", "Cf", "Cc"}
    return "".join(letter for letter in text if unicodedata.category(letter) not in marks)


def _little_besides(folded: str, phrases: Iterable[str]) -> bool:
    """True where one of the phrases is in the text, and too little besides them."""
    rest = folded
    for phrase in phrases:
        rest = rest.replace(phrase, " ")
    if rest == folded:
        return False
    return sum(letter.isalpha() for letter in seen(rest)) < SHORTEST_REST
