"""A short text, and the values of a letter, to try the language with."""

from __future__ import annotations

from datetime import date

from portal.letters.words.faults import FaultyText
from portal.letters.words.fields import Scope, Values
from portal.letters.words.reading import LetterText, read_text
from portal.letters.words.values import LetterFacts, of_province
from portal.letters.words.writing import Written, write_text
from tests.reports.sample import FACTS, province

HEAD = "เรื่อง: แจ้งสถานะ\nเรียน: ผู้ว่าราชการจังหวัด{จังหวัด}\nสิ่งที่ส่งมาด้วย: สรุปสถานะ\nสิ่งที่ส่งมาด้วย: วิธีการเก็บข้อมูล\n\n"
END = "\n\nจึงเรียนมาเพื่อโปรดทราบ"
#: 12 agencies, none of them complete, in the last window of preparation
VALUES = of_province(province(done=2), LetterFacts(FACTS, date(2018, 11, 9)))


def text_of(body: str, *, head: str = HEAD, end: str = END) -> LetterText:
    """A text about a province with this body."""
    return read_text(head + body + end, Scope.PROVINCE)


def written(body: str, values: Values = VALUES) -> Written:
    """What the body says."""
    return write_text(text_of(body), values)


def said(body: str, values: Values = VALUES) -> str:
    """The paragraph that the body says."""
    (paragraph,) = written(body, values).paragraphs
    return paragraph.text


def faults_of(source: str, scope: Scope = Scope.PROVINCE) -> list[tuple[int, int, str]]:
    """Line, column and name of each fault of a whole text."""
    try:
        read_text(source, scope)
    except FaultyText as faulty:
        return [(one.line, one.column, one.reason.name) for one in faulty.faults]
    return []
