"""Passwords that people would choose, by rule: what many know in English and Thai, and names of their office.

No list is kept here: the English ones are the most frequent of zxcvbn's own list that are long enough.
"""

from __future__ import annotations

import itertools

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from portal.people.keyboard import as_latin

USERNAME = "05520401-a"
#: what others know of this person and their office
CONTEXT = ("นางสาวสมหญิง ใจดี", "เกาะคา", "เทศบาลตำบลเกาะคา", "ลำปาง", "ปลัดเทศบาล", "0812345678")
GREETINGS = ("สวัสดี", "หวัดดี", "ขอบคุณ", "ยินดีต้อนรับ", "สวัสดีปีใหม่", "ฉันรักเธอ", "คิดถึงทุกคน", "โชคดี")
ENDINGS = ("ครับผม", "ค่ะทุกคน", "มากๆครับ", "2561", " 123456", "นะคะ2561")
OFFICE = ("รหัสผ่าน", "ประเมินคุณธรรม", "ความโปร่งใส", "แอดมินเทศบาล", "ผู้บริหารเทศบาล", "องค์การบริหารส่วนตำบล")
NAMES = ("เกาะคา", "เทศบาลตำบลเกาะคา", "สมหญิง", "สมหญิงใจดี", "เกาะคาลำปาง", USERNAME)
NUMBERS = ("2561", "12345", "1234567890", "@2561", "0812345678")


def english(count: int = 300) -> list[str]:
    """The most frequent ones that are long enough."""
    return [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 10][:count]


def thai() -> list[str]:
    """Greetings, courtesies and words of the office, with what people put behind them."""
    return [
        "".join(pair)
        for pair in (*itertools.product(GREETINGS, ENDINGS), *itertools.product(OFFICE, ENDINGS, ("",)))
    ]


def on_the_other_layout() -> list[str]:
    """The same, typed while the keyboard was Latin."""
    return [as_latin(password) for password in thai()]


def of_the_office() -> list[str]:
    """Names of the agency and the person, with a number."""
    return ["".join(pair) for pair in itertools.product(NAMES, NUMBERS)]


#: words that have nothing to do with each other; four of them are a good password
WORDS = ("ช้าง", "ปลาทู", "ตะเกียง", "ภูเขา", "กระทะ", "ดินสอ", "ลำธาร", "มะพร้าว", "จักรยาน", "หมอน",
         "สับปะรด", "เข็มขัด", "ร่มกันแดด", "แมวส้ม", "ระฆัง", "ว่าวจุฬา")  # fmt: skip


def good() -> list[str]:
    """Three or four words in a row, as the hint on the page says."""
    count = len(WORDS)
    fours = ["".join(WORDS[(start + step * 5) % count] for step in range(4)) for start in range(count)]
    threes = [" ".join(WORDS[(start + step * 3) % count] for step in range(3)) for start in range(count)]
    return [*fours, *threes]
