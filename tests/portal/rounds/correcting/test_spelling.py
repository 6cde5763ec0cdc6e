"""What is a correction of spelling and what is another question; which letters are marked as changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Refused
from portal.core.web import Portal
from portal.rounds.correcting.spelling import pieces, require_spelling

MISSPELT = (
    ("ท่านเห็นว่าเจ้าหนาที่ปฏิบัติงานอย่างโปรงใส", "ท่านเห็นว่าเจ้าหน้าที่ปฏิบัติงานอย่างโปร่งใส"),
    ("ได้รับอนุญาติจากผู้บริหาร", "ได้รับอนุญาตจากผู้บริหาร"),
    ("การให้บริการประชน", "การให้บริการประชาชน"),
    ("แผนปฎิบัติการ", "แผนปฏิบัติการ"),
    ("หน่วยงานหน่วยงานของท่าน", "หน่วยงานของท่าน"),
    ("ไม่ไม่ปฏิบัติ", "ไม่ปฏิบัติ"),
    ("ถูกต้งอ", "ถูกต้อง"),
    ("มกา", "มาก"),
    ("มากทีสุด", "มากที่สุด"),
    ("ไมมี", "ไม่มี"),
    ("แสดงรายงานผลดำเนินงาน", "แสดงรายงานผลการดำเนินงาน"),
    ("สังเกตุและผลประโยชย์ทับซ้อน", "สังเกตและผลประโยชน์ทับซ้อน"),
    ("เผยแพร่บนเว็ปไซท์", "เผยแพร่บนเว็บไซต์"),
    ("จำนวน ๓ เรื่อง", "จำนวน 3 เรื่อง"),
    ("ขั้นตอนและระยะเวลาให้บริการณ์", "ขั้นตอนและระยะเวลาการให้บริการ"),
    ("I was askd for money", "I was asked for money"),
)
ANOTHER = (
    ("มีการรับสินบน", "ไม่มีการรับสินบน", "A word that turns"),
    ("เห็นด้วย", "ไม่เห็นด้วย", "A word that turns"),
    ("มาก", "น้อย", "A word that turns"),
    ("มากกว่าปีก่อน", "น้อยกว่าปีก่อน", "A word that turns"),
    ("ก่อนรับบริการ", "หลังรับบริการ", "A word that turns"),
    ("ภายในหน่วยงานของท่านมีความโปร่งใส", "ภายนอกหน่วยงานของท่านมีความโปร่งใส", "A word that turns"),
    ("I was asked", "I was not asked", "A word that turns"),
    ("อย่างน้อย 3 ครั้ง", "อย่างน้อย 4 ครั้ง", "A number"),
    ("ร้อยละ 1.5", "ร้อยละ 15", "A number"),
    ("ภายใน 15 วัน", "ภายใน วัน", "A number"),
    ("น้อย", "น้อยที่สุด", "Too much"),
    ("ผู้บริหารของหน่วยงานท่านให้ความสำคัญ", "ประชาชนของหน่วยงานท่านให้ความสำคัญ", "Too much"),
    ("เจ้าหน้าที่เรียกรับเงิน", "เจ้าหน้าที่ขอรับเงิน", "Too much"),
)


@pytest.mark.parametrize(("before", "after"), MISSPELT)
def test_what_was_misspelt_is_corrected(before: str, after: str) -> None:
    require_spelling(before, after)


@pytest.mark.parametrize(("before", "after", "words"), ANOTHER)
@pytest.mark.parametrize("backwards", [False, True])
def test_what_asks_something_else_is_refused_in_either_direction(
    before: str, after: str, words: str, backwards: bool
) -> None:
    one, other = (after, before) if backwards else (before, after)
    with pytest.raises(Refused, match=words) as refused:
        require_spelling(one, other, field="text")
    assert refused.value.field == "text"


def test_the_refusal_says_what_can_be_done(app: Portal) -> None:
    with app.app_context(), pytest.raises(Refused) as refused:
        require_spelling("มีการรับสินบน", "ไม่มีการรับสินบน")
    with app.app_context():
        assert "รอบปีถัดไป" in refused.value.message


@given(st.text(alphabet="กขคงาิ่้ ๑1", max_size=30), st.text(alphabet="กขคงาิ่้ ๑1", max_size=30))
def test_pieces_are_the_two_wordings_again_and_what_did_not_change_is_in_both(one: str, other: str) -> None:
    was, now = pieces(one, other)
    assert "".join(piece.text for piece in was) == one
    assert "".join(piece.text for piece in now) == other
    assert "".join(p.text for p in was if not p.changed) == "".join(p.text for p in now if not p.changed)


def test_a_sign_is_marked_with_the_letter_below_it() -> None:
    _was, now = pieces("โปรงใส", "โปร่งใส")
    assert [piece.text for piece in now if piece.changed] == ["ร่"]
