"""The certificate of a result: one page, its words in order, kept for good; hard names stay inside it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from reports.certificate_data import Certificate
from reports.certificates import DATA_FILE, render_certificate
from reports.letter_data import SIGNATURE_FIELD, Office
from tests.reports.archive_rules import archive_faults
from tests.reports.plain import read
from tests.reports.tag_rules import tag_faults

OFFICE = Office(
    "สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ",
    signatory_name="นายทดลอง ลงนาม",
    signatory_position=("รองเลขาธิการคณะกรรมการ ป.ป.ช. ปฏิบัติราชการแทน", "เลขาธิการคณะกรรมการ ป.ป.ช."),
)
URL = "https://ita.example.go.th/certificate/0123456789abcdef0123456789abcdef"
#: the longest name of the register
LONGEST = "องค์การบริหารส่วนตำบลบ้านน้อยซุ้มขี้เหล็ก"
ONE = Certificate(
    OFFICE, "7852/2561", date(2018, 11, 9), LONGEST, "เนินมะปราง", "พิษณุโลก", "2561", Decimal("95.21"), "AA",
    passes=True, pass_mark=Decimal(85), verify_url=URL,
)  # fmt: skip
HOSTILE = '<b>หนา</b> {{ 7*7 }} "&copy; ' + "ชื่อยาวมาก" * 12


def words_of(one: Certificate, folder: Path) -> str:
    return " ".join(read(render_certificate(one), folder).split())


def test_its_words_are_read_in_the_order_in_which_they_stand(tmp_path: Path) -> None:
    words = words_of(ONE, tmp_path)
    place = 0
    for line in (
        "เลขที่ ๗๘๕๒/๒๕๖๑",
        "สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ",
        "หนังสือรับรองผลการประเมินคุณธรรมและความโปร่งใส",
        "ในการดำเนินงานขององค์กรปกครองส่วนท้องถิ่น",
        "ประจำปีงบประมาณ พ.ศ. ๒๕๖๑",
        LONGEST,
        "อำเภอเนินมะปราง จังหวัดพิษณุโลก",
        "คะแนนรวม ๙๕.๒๑ คะแนน จากคะแนนเต็ม ๑๐๐ คะแนน",
        "ระดับ AA",
        "ผ่านเกณฑ์การประเมิน (เกณฑ์ผ่าน ๘๕.๐๐ คะแนนขึ้นไป)",
        "ให้ไว้ ณ วันที่ ๙ พฤศจิกายน พ.ศ. ๒๕๖๑",
        "(นายทดลอง ลงนาม)",
        "รองเลขาธิการคณะกรรมการ ป.ป.ช. ปฏิบัติราชการแทน",
        "เลขาธิการคณะกรรมการ ป.ป.ช.",
        "ตรวจสอบหนังสือรับรองฉบับนี้ได้ที่",
        URL,
    ):
        found = words.find(line, place)
        assert found >= 0, (line, words)
        place = found + len(line)


@pytest.mark.parametrize(
    ("change", "said", "not_said"),
    [
        ({"passes": False}, "ไม่ถึงเกณฑ์การประเมิน (เกณฑ์ผ่าน ๘๕.๐๐", " ผ่านเกณฑ์การประเมิน"),
        ({"passes": None, "pass_mark": None}, "ระดับ AA ให้ไว้ ณ วันที่", "เกณฑ์"),
        ({"verify_url": ""}, "ตัวอย่างก่อนออก ยังไม่ใช่หนังสือรับรอง", "ตรวจสอบหนังสือรับรองฉบับนี้ได้ที่"),
        ({"district": ""}, f"{LONGEST} จังหวัดพิษณุโลก", "อำเภอ"),
        ({"total": Decimal("7.5"), "year": "2561 (ITA-2)"}, "พ.ศ. ๒๕๖๑ (ITA-2)", "๗.๕ "),
    ],
)
def test_it_says_what_holds_of_its_round(
    tmp_path: Path, change: dict[str, object], said: str, not_said: str
) -> None:
    words = words_of(replace(ONE, **change), tmp_path)  # type: ignore[arg-type]
    assert said in words and not_said not in words, words


@pytest.mark.parametrize(
    "one",
    [
        ONE,
        replace(ONE, signature_field=True),
        replace(ONE, verify_url=""),
        replace(ONE, agency=HOSTILE, office=replace(OFFICE, signatory_position=("ตำแหน่งยาว" * 6,) * 3)),
    ],
    ids=["by hand", "by key", "proof", "hostile"],
)
def test_it_is_one_page_that_is_kept(one: Certificate) -> None:
    content = render_certificate(one)
    assert archive_faults(content) == [] and tag_faults(content) == []
    with pikepdf.open(BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
        _left, _bottom, width, height = map(float, pdf.pages[0].mediabox)
        assert width < height


def test_the_space_for_a_signature_holds_a_field_where_it_is_asked_for() -> None:
    with pikepdf.open(BytesIO(render_certificate(replace(ONE, signature_field=True)))) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert str(field.T) == SIGNATURE_FIELD
        _left, bottom, _right, top = map(float, field.Rect)
        assert top - bottom > 30 and bottom > 100, "above the name, and the name above the code"
    with pikepdf.open(BytesIO(render_certificate(ONE))) as pdf:
        assert "/AcroForm" not in pdf.Root


def test_its_data_lie_inside() -> None:
    with pikepdf.open(BytesIO(render_certificate(ONE))) as pdf:
        told = json.loads(pdf.attachments[DATA_FILE].get_file().read_bytes())
    assert told["agency"] == LONGEST and (told["total"], told["grade"]) == ("95.21", "AA")
    assert told["dated"] == "2018-11-09" and told["emblem"] is None and told["verify_url"] == URL


def test_the_same_data_give_the_same_bytes() -> None:
    assert render_certificate(ONE) == render_certificate(replace(ONE))
    assert render_certificate(ONE) != render_certificate(replace(ONE, grade="A"))
