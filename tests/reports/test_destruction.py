"""The certificate of key destruction: what the portal saw apart from what people state; kept for good."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from models.zone import BANGKOK
from reports.destruction import DATA_FILE, render_key_destruction
from reports.destruction_data import DestroyedCopy, KeyDestruction
from reports.letter_data import Office
from tests.reports.archive_rules import archive_faults
from tests.reports.plain import read
from tests.reports.tag_rules import tag_faults


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2018, 11, day, hour, minute, tzinfo=BANGKOK)


FIRST = DestroyedCopy(
    True, "ตู้นิรภัยชั้น 3 สำนักงาน ป.ป.ช. นนทบุรี", "แฟลชไดรฟ์หมายเลข 1", "เขียนทับด้วย shred แล้วทุบทำลาย", at(8, 9, 30),
    "นายทดลอง ถือกุญแจ", "นางสาวทดลอง เป็นพยาน",
)  # fmt: skip
SECOND = replace(
    FIRST, place="ห้องมั่นคง สำนักงาน ป.ป.ช. ประจำภาค 5 เชียงใหม่", medium="แฟลชไดรฟ์หมายเลข 2", at=at(9, 14),
    by="นางทดลอง ผู้ช่วย", witness="นายทดลอง ถือกุญแจ",
)  # fmt: skip
PAPER = KeyDestruction(
    Office("สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ"),
    number="2/2561",
    dated=date(2018, 11, 9),
    round="การประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2561",
    year="2561",
    fingerprint="0123456789abcdef" * 4,
    mark_file="round-3.mark",
    key_file="round-3.urn",
    opened_at=at(6, 16),
    marks_gone_at=at(5, 10),
    looked_at=at(9, 15),
    copies=(FIRST, SECOND),
    written_by="นายทดลอง บันทึก",
    replaces="1/2561",
    reason="บันทึกสถานที่เก็บสำเนาที่ 2 ผิด",
)


def words_of(paper: KeyDestruction, folder: Path) -> str:
    return " ".join(read(render_key_destruction(paper), folder).split())


def test_its_words_are_read_in_the_order_in_which_they_stand(tmp_path: Path) -> None:
    words, place = words_of(PAPER, tmp_path), 0
    for line in (
        "เลขที่ ๒/๒๕๖๑",
        "หนังสือรับรองการทำลายกุญแจของกล่องคำตอบ",
        "ประจำปีงบประมาณ พ.ศ. ๒๕๖๑",
        "ใช้แทนฉบับเลขที่ ๑/๒๕๖๑",
        "01234567 89abcdef",
        "วันที่ ๕ พฤศจิกายน ๒๕๖๑ เวลา ๑๐:๐๐ น.",
        "ไม่มีไฟล์ round-3.urn และ round-3.mark แล้ว",
        "แฟลชไดรฟ์หมายเลข ๑",
        "๙ พ.ย. ๒๕๖๑",
        "ระบบไม่อาจรู้ว่ามีสำเนาอื่น",
        "บันทึกในระบบโดย นายทดลอง บันทึก",
        "(นางทดลอง ผู้ช่วย)",
        "(นางสาวทดลอง เป็นพยาน)",
    ):
        found = words.find(line, place)
        assert found >= 0, (line, words)
        place = found + len(line)


def test_without_a_copy_it_says_who_says_so(tmp_path: Path) -> None:
    words = words_of(replace(PAPER, copies=(), replaces="", reason="", marks_gone_at=None), tmp_path)
    assert "ไม่เคยทำสำเนากุญแจของรอบนี้ไว้นอกระบบ" in words and "ใช้แทน" not in words
    assert "(นายทดลอง บันทึก)" in words and "ผู้ทำลาย (" not in words


def test_a_copy_of_the_key_of_the_marks_is_named_or_it_says_that_there_was_none(tmp_path: Path) -> None:
    def joined(paper: KeyDestruction) -> str:
        return words_of(paper, tmp_path).replace(" ", "")

    none = "แจ้งด้วยว่าไม่เคยทำสำเนากุญแจของเครื่องหมายไว้นอกระบบ"
    assert none in joined(PAPER)
    sealed = replace(FIRST, private=False, medium="ซองปิดผนึกหมายเลข 3")
    words = joined(replace(PAPER, copies=(FIRST, sealed)))
    assert none not in words and "ซองปิดผนึกหมายเลข๓" in words


@pytest.mark.parametrize(
    "paper",
    [
        PAPER,
        replace(PAPER, copies=()),
        replace(PAPER, copies=tuple(replace(FIRST, place=f"<b>{'ยาวมาก' * 40}{n}") for n in range(12))),
    ],
    ids=["two copies", "none", "hostile"],
)
def test_it_is_kept_for_good(paper: KeyDestruction) -> None:
    content = render_key_destruction(paper)
    assert archive_faults(content) == [] and tag_faults(content) == []


def test_its_data_lie_inside_and_the_same_data_give_the_same_bytes() -> None:
    content = render_key_destruction(PAPER)
    assert content == render_key_destruction(replace(PAPER))
    with pikepdf.open(BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
        told = json.loads(pdf.attachments[DATA_FILE].get_file().read_bytes())
    assert told["public_key_sha256"] == PAPER.fingerprint and told["replaces"] == "1/2561"
    assert [copy["by"] for copy in told["stated_by_people"]] == [FIRST.by, SECOND.by]
    assert told["seen_by_the_portal"]["looked_at"] == "2018-11-09T15:00:00+07:00"
