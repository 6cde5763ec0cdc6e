"""Which passwords are not accepted: too short as seen, too much alike, or what many would choose."""

from __future__ import annotations

import unicodedata

from models.thai import normal_form

SHORTEST_PASSWORD = 10
#: letters that have to be there besides greetings and words of the office
SHORTEST_REST = 5
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
    "krub",
    "krab",
)


def problem_with(password: str, *, username: str) -> str | None:
    """Why a password is not accepted, as an English message id; None where it is."""
    folded = normal_form(password).casefold()
    letters = seen(folded)
    if len(letters) < SHORTEST_PASSWORD:
        return "The password needs at least 10 characters"
    if len(set(letters)) < 5:
        return "The password repeats too few characters: mix in more"
    if any(word in folded for word in COMMON_WORDS) or _is_courtesy(folded):
        return "This password is too common: choose words that only you would put together"
    if len(username) >= 4 and username.casefold() in folded:
        return "The password must not contain the user name"
    return None


def seen(text: str) -> str:
    """The letters that stand in the line: a vowel sign or tone mark above or below adds little to guess."""
    marks = {"Mn", "Me", "Mc", "Cf", "Cc"}
    return "".join(letter for letter in text if unicodedata.category(letter) not in marks)


def _is_courtesy(folded: str) -> bool:
    rest = folded
    for phrase in COMMON_PHRASES:
        rest = rest.replace(phrase, " ")
    if rest == folded:
        return False
    return sum(letter.isalpha() for letter in seen(rest)) < SHORTEST_REST
