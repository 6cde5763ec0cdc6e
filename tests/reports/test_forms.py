"""Stamped letters and memoranda on paper, and enclosures as their letter lists them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reports.letter_data import Circular, EnclosedPart, LetterForm
from reports.letters import render_circular
from tests.reports.plain import read
from tests.reports.sample import circular, province, reader, text_of


def in_form(form: LetterForm, *parts: EnclosedPart) -> Circular:
    """The circular of the samples in another form, with these enclosures only."""
    paper = circular(province(done=2))
    enclosures = tuple(one for part in parts for one in paper.letter.enclosures if one.part is part)
    salutation, closing = ("ถึง", "") if form is LetterForm.STAMPED else ("เรียน", "")
    letter = replace(
        paper.letter, form=form, salutation=salutation, closing=closing, enclosures=enclosures, references=()
    )
    return replace(paper, letter=letter)


def in_order(text: str, parts: tuple[str, ...]) -> None:
    places = [text.find(part) for part in parts]
    assert -1 not in places, dict(zip(parts, places, strict=True))
    assert places == sorted(places)


def test_a_memorandum_names_its_office_number_day_and_matter(tmp_path: Path) -> None:
    text = read(render_circular(in_form(LetterForm.MEMORANDUM, EnclosedPart.STATUS)), tmp_path)
    in_order(
        text,
        (
            "บันทึกข้อความ",
            "กองตัวอย่าง กรมส่งเสริมการปกครองท้องถิ่น",
            "มท ๐๘๑๗.๒/ว ๑๒๓๔",
            "๙ พฤศจิกายน ๒๕๖๑",
            "ขอความร่วมมือแจ้ง",
            "ผู้ว่าราชการจังหวัดลำปาง",
            "จึงเรียนมา",
            "(นายสมมติ ตัวอย่าง)",
        ),
    )
    assert all(label in text for label in ("ส่วนราชการ", "ที่", "วันที่", "เรื่อง", "ด่วนที่สุด"))
    assert "ขอแสดงความนับถือ" not in text


def test_a_stamped_letter_has_no_subject_no_closing_and_no_signature(tmp_path: Path) -> None:
    text = read(render_circular(in_form(LetterForm.STAMPED)), tmp_path)
    office, day = "กรมส่งเสริมการปกครองท้องถิ่น\n", "๙ พฤศจิกายน ๒๕๖๑\n"
    in_order(text, ("ที่ มท ๐๘๑๗.๒/ว ๑๒๓๔", "ถึง", "จึงเรียนมา", office, day, "กองตัวอย่าง"))
    for absent in ("เรื่อง", "เรียน ", "ขอแสดงความนับถือ", "(นาย"):
        assert absent not in text.split("สิ่งที่ส่งมาด้วย")[0], absent


@pytest.mark.parametrize("form", LetterForm)
def test_a_letter_that_is_signed_first_leaves_its_day_blank_in_every_form(
    form: LetterForm, tmp_path: Path
) -> None:
    dated = in_form(form)
    undated = replace(dated, letter=replace(dated.letter, undated=True))
    day = "๙ พฤศจิกายน ๒๕๖๑"
    before, after = (read(render_circular(one), tmp_path).count(day) for one in (dated, undated))
    assert after == before - 1


@pytest.mark.parametrize(
    ("parts", "tags"),
    [
        ((EnclosedPart.PROCEDURE, EnclosedPart.STATUS), ["สิ่งที่ส่งมาด้วย ๑", "สิ่งที่ส่งมาด้วย ๒"]),
        ((EnclosedPart.STATUS, EnclosedPart.PROCEDURE), ["สิ่งที่ส่งมาด้วย ๑", "สิ่งที่ส่งมาด้วย ๒"]),
        ((EnclosedPart.STATUS,), ["สิ่งที่ส่งมาด้วย"]),
        ((), []),
    ],
)
def test_enclosures_follow_in_the_order_of_their_list(
    tmp_path: Path, parts: tuple[EnclosedPart, ...], tags: list[str]
) -> None:
    pages = text_of(render_circular(in_form(LetterForm.EXTERNAL, *parts)), tmp_path).split("\f")
    first_lines = [page.strip().splitlines()[0] for page in pages if page.strip()]
    assert [line.strip() for line in first_lines if line.startswith("สิ่งที่ส่งมาด้วย")] == tags
    if parts[:1] == (EnclosedPart.STATUS,):
        sheet = next(page for page in pages if page.strip().startswith("สิ่งที่ส่งมาด้วย"))
        assert "ลำปลายมาศ" in sheet, "the status comes first"


@pytest.mark.parametrize("form", [LetterForm.MEMORANDUM, LetterForm.STAMPED])
def test_the_forms_are_tagged_and_their_text_is_never_markup(form: LetterForm) -> None:
    paper = in_form(form)
    hostile = replace(paper.letter.office, owner_division="<b>กอง</b><script>", name="<i>กรม</i>")
    letter = replace(paper.letter, office=hostile, subject="<i>&เรื่อง", secrecy="ลับ")
    pdf = reader(render_circular(replace(paper, letter=letter)))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "<i>กรม</i>" in "".join(page.extract_text() for page in pdf.pages)
