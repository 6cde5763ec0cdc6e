"""Letters as files that are kept: PDF/A-3u with their data inside, tagged and prepared for PDF/UA-1."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pikepdf
import pytest
from PIL import Image

from reports.letter_data import (
    AgencyStatus,
    Audience,
    Circular,
    DistrictStatus,
    LetterForm,
    PosterData,
    ProvinceStatus,
    ProvinceSummary,
    StepState,
)
from reports.letter_files import status_csv
from reports.letters import (
    render_circular,
    render_nacc_letter,
    render_province_summary,
    render_results_letter,
)
from reports.poster import render_poster
from tests.reports.archive_rules import archive_faults, drawn, meanings
from tests.reports.sample import (
    OFFICE,
    circular,
    country_results,
    nacc_letter,
    province,
    results_letter,
)
from tests.reports.tag_rules import tag_faults

WAITING = (StepState(False),) * 4


def large(count: int = 90) -> ProvinceStatus:
    """A province whose table runs over three pages, each district with a page's end in it."""
    districts = tuple(
        DistrictStatus(
            f"ทดสอบ {number}", tuple(AgencyStatus(f"อบต.ที่ {one}", WAITING) for one in range(count // 3))
        )
        for number in range(3)
    )
    return ProvinceStatus("ลำปาง", 2561, date(2018, 11, 8), districts)


def with_field(paper: Circular) -> Circular:
    url = "https://ita.example.go.th/v/8hF3kQ2mZ7pLw9RtYx12"
    return replace(paper, letter=replace(paper.letter, signature_field=True, verify_url=url))


def in_form(form: LetterForm) -> Circular:
    """A letter with everything in another form."""
    paper = with_field(circular())
    return replace(paper, letter=replace(paper.letter, form=form))


def papers() -> dict[str, bytes]:
    """Every kind of letter, one with all that a letter may have, one over many pages."""
    return {
        "circular": render_circular(circular()),
        "with everything": render_circular(with_field(circular())),
        "long": render_circular(circular(large())),
        "memorandum": render_circular(in_form(LetterForm.MEMORANDUM)),
        "stamped": render_circular(in_form(LetterForm.STAMPED)),
        "nacc": render_nacc_letter(nacc_letter()),
        "results": render_results_letter(results_letter()),
        "results of the country": render_results_letter(results_letter(country_results())),
        "summary": render_province_summary(ProvinceSummary(OFFICE, province(), date(2018, 11, 9))),
    }


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return papers()


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def held(pdf: bytes) -> dict[str, bytes]:
    """The files inside."""
    with opened(pdf) as file:
        return {name: one.get_file().read_bytes() for name, one in file.attachments.items()}


def test_every_letter_can_be_kept(made: dict[str, bytes]) -> None:
    assert {name: faults for name, pdf in made.items() if (faults := archive_faults(pdf))} == {}


def test_every_letter_is_prepared_for_whoever_does_not_see_it(made: dict[str, bytes]) -> None:
    assert {name: faults for name, pdf in made.items() if (faults := tag_faults(pdf))} == {}


def test_rules_are_broken_by_a_paper_that_is_made_for_a_wall() -> None:
    """The two tests above can fail."""
    poster = render_poster(
        PosterData("อบต.น้ำคำ", "แบบวัด", Audience.INTERNAL, "https://ita.example.go.th/s/7Kq2", "2561")
    )
    assert {"it has no metadata", "it has not one output intent"} <= set(archive_faults(poster))
    assert "it is not said for which standard it is prepared" in tag_faults(poster)


def spoil_action(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.beep()"))


def spoil_font(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        del font.DescendantFonts[0].FontDescriptor["/FontFile2"]


def spoil_meaning(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        font.ToUnicode.write(font.ToUnicode.read_bytes().replace(b"<00", b"<ff"))


def spoil_file(pdf: pikepdf.Pdf) -> None:
    del spec(pdf)["/AFRelationship"]


def spec(pdf: pikepdf.Pdf) -> Any:
    """The first file inside."""
    return next(iter(pdf.Root.AF))


def spoil_title(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = "อื่น"


def spoil_scope(pdf: pikepdf.Pdf) -> None:
    next(one for one in structure(pdf) if one.S == "/TH").A["/Scope"] = pikepdf.Name.Nothing


def spoil_alt(pdf: pikepdf.Pdf) -> None:
    del next(one for one in structure(pdf) if one.S == "/Figure")["/Alt"]


def spoil_heading(pdf: pikepdf.Pdf) -> None:
    next(one for one in structure(pdf) if one.S == "/H1")["/S"] = pikepdf.Name.H3


def spoil_content(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    content = re.sub(rb"/Artifact\s+BMC", b"/Span <</MCID 0>> BDC", page.Contents.read_bytes())
    page.Contents.write(content.replace(b"<</MCID 1>>", b"<</MCID 0>>"))


def structure(pdf: pikepdf.Pdf) -> list[Any]:
    return [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/P" in one]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (spoil_action, "acts"),
        (spoil_font, "not embedded"),
        (spoil_meaning, "means nothing"),
        (spoil_file, "what it is to the letter"),
        (spoil_title, "do not agree"),
        (spoil_scope, "what a head is the head of"),
        (spoil_alt, "not told in words"),
        (spoil_heading, "a heading of level 3"),
        (spoil_content, "are not the same"),
    ],
)
def test_a_letter_that_is_spoiled_is_found(made: dict[str, bytes], spoil: Any, told: str) -> None:
    with opened(made["circular"]) as pdf:
        spoil(pdf)
        out = BytesIO()
        pdf.save(out)
    faults = [*archive_faults(out.getvalue()), *tag_faults(out.getvalue())]
    assert any(told in fault for fault in faults), faults


def test_an_encrypted_letter_is_found(made: dict[str, bytes]) -> None:
    out = BytesIO()
    with opened(made["circular"]) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user=""))
    assert archive_faults(out.getvalue()) == ["it is encrypted"]


def test_a_letter_says_what_it_is(made: dict[str, bytes]) -> None:
    with opened(made["circular"]) as pdf:
        assert str(pdf.docinfo.Title).startswith("ขอความร่วมมือแจ้งแนวทาง")
        assert str(pdf.docinfo.Author) == OFFICE.name
        assert str(pdf.docinfo.CreationDate) == "D:20181109000000+07'00"


def page_of(entry: Any) -> pikepdf.Page:
    """Where a bookmark leads."""
    return pikepdf.Page(entry.destination[0])


def test_bookmarks_lead_to_the_letter_and_to_what_is_enclosed(made: dict[str, bytes]) -> None:
    with opened(made["circular"]) as pdf, pdf.open_outline() as outline:
        titles = [entry.title for entry in outline.root]
        pages = [pdf.pages.index(page_of(entry)) for entry in outline.root]
        sections = [len(entry.children) for entry in outline.root]
    assert titles[0].startswith("ขอความร่วมมือ")
    assert titles[1].startswith("สิ่งที่ส่งมาด้วย ๑ ขั้นตอน")
    assert titles[2] == "สิ่งที่ส่งมาด้วย ๒ สรุปสถานะการเตรียมการประเมิน จังหวัดลำปาง"
    assert pages == [0, 2, 3] and sections[1] == 4


def test_a_cell_has_the_head_of_its_column_and_of_its_district_alone(made: dict[str, bytes]) -> None:
    with opened(made["circular"]) as pdf:
        names = list(pdf.Root.StructTreeRoot.IDTree.Names)
        heads = {bytes(key): text_under(pdf, head) for key, head in zip(names[::2], names[1::2], strict=True)}
        cell = next(one for one in structure(pdf) if one.S == "/TD" and "ทต.ก่ำป้อ" in text_under(pdf, one))
        column, district = (heads[bytes(key)] for key in cell.A.Headers)
        assert column == "องค์กรปกครองส่วนท้องถิ่น"
        assert district.startswith("อำเภอเมืองอำนาจเจริญ จำนวน ๔ แห่ง")


def text_under(pdf: pikepdf.Pdf, element: Any) -> str:
    """The words that a tag leads to, as the font's own table reads them."""
    wanted = set(mcids(element))
    words, inside, font = "", False, None
    for operands, name in drawn(pikepdf.Page(element.Pg)):
        if name == "BDC":
            inside = int(operands[1].MCID) in wanted
        elif name == "Tf":
            font = meanings(element.Pg.Resources.Font[operands[0]])
        elif name in ("Tj", "TJ") and inside and font is not None:
            shown = operands[0] if name == "TJ" else [operands[0]]
            codes = b"".join(bytes(part) for part in shown if isinstance(part, pikepdf.String))
            words += "".join(font[codes[at : at + 2]] for at in range(0, len(codes), 2))
    return words.strip()


def mcids(element: Any) -> list[int]:
    found: list[int] = []
    for kid in element.K:
        found += [int(kid)] if isinstance(kid, int) else mcids(kid)
    return found


def test_a_letter_carries_the_rows_that_it_was_made_from() -> None:
    content = held(render_circular(circular(province(done=3))))["status.csv"]
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["ที่", "จังหวัด", "อำเภอ", "องค์กรปกครองส่วนท้องถิ่น"] and len(rows) == 13
    assert rows[1] == [
        *("1", "ลำปาง", "เมืองอำนาจเจริญ", "องค์การบริหารส่วนตำบลน้ำปลีก", ""),
        *("2018-10-16", "2018-10-17", "2018-10-18", "รอดำเนินการ", "ไม่ครบ"),
    ]


def test_the_letter_to_dla_carries_the_rows_of_the_country() -> None:
    rows = list(
        csv.reader(StringIO(held(render_nacc_letter(nacc_letter()))["status.csv"].decode("utf-8-sig")))
    )
    assert rows[1] == ["1", "ลำปาง", "100", "90", "80", "70", "60", "60"] and len(rows) == 4


def test_a_letter_carries_its_fields_and_the_facts_of_its_round(made: dict[str, bytes]) -> None:
    told = json.loads(held(made["circular"])["letter.json"])
    assert told["kind"] == "circular"
    assert told["letter"]["number"] == "มท 0817.2/ว 1234" and told["letter"]["dated"] == "2018-11-09"
    assert told["facts"]["deadline"] == "2018-11-15"
    assert told["status"]["total"] == 12 and told["status"]["complete"] == 12
    assert told["status"]["rows"] in held(made["circular"])
    summary = json.loads(held(made["summary"])["letter.json"])
    assert summary["printed_on"] == "2018-11-09" and "letter" not in summary


@pytest.mark.parametrize("sign", "=+-@")
def test_no_cell_inside_a_letter_becomes_a_formula(sign: str) -> None:
    hostile = AgencyStatus(f"{sign}cmd|'/C calc'!A0", WAITING, phone=f"{sign}66")
    status = replace(province(), districts=(DistrictStatus(f"{sign}1", (hostile,)),))
    (_head, row) = csv.reader(StringIO(status_csv(status).decode("utf-8-sig")))
    assert row[2:5] == [f"'{sign}1", f"'{sign}cmd|'/C calc'!A0", f"'{sign}66"]


def test_a_number_to_call_stands_in_the_file_where_it_stands_in_the_letter() -> None:
    done = AgencyStatus("อบต.ก", (StepState(True),) * 4, phone="0 2555 0100")
    waiting = AgencyStatus("อบต.ข", WAITING, phone="0 2555 0199")
    status = replace(province(), districts=(DistrictStatus("เมือง", (done, waiting)),))
    rows = list(csv.reader(StringIO(status_csv(status).decode("utf-8-sig"))))
    assert [row[4] for row in rows[1:]] == ["", "0 2555 0199"]
    assert rows[1][5:] == ["แล้ว"] * 4 + ["ครบ"]


def test_an_emblem_is_told_by_its_digest() -> None:
    emblem = BytesIO()
    Image.new("RGB", (4, 4)).save(emblem, "PNG")
    paper = circular()
    office = replace(OFFICE, emblem=emblem.getvalue())
    told = json.loads(
        held(render_circular(replace(paper, letter=replace(paper.letter, office=office))))["letter.json"]
    )
    assert told["letter"]["office"]["emblem"].startswith("sha256:")


def test_the_same_data_gives_the_same_bytes_and_other_data_others(made: dict[str, bytes]) -> None:
    assert papers() == made
    paper = circular()
    assert render_circular(replace(paper, facts=None)) != made["circular"]


def test_a_letter_of_results_carries_its_rows() -> None:
    """Each score as the paper prints it, an empty cell where none may be shown; the sums beside the words."""
    inside = held(render_results_letter(results_letter()))
    rows = list(csv.DictReader(StringIO(inside["results.csv"].decode("utf-8-sig"))))
    assert len(rows) == 12 and rows[0]["อำเภอ"] == "เมืองอำนาจเจริญ"
    assert [rows[0][name] for name in ("IIT", "EIT", "OIT", "คะแนน", "ระดับ", "หมายเหตุ")] == [
        "92.50", "88.13", "100.00", "93.37", "A", "ผ่านเกณฑ์",
    ]  # fmt: skip
    assert rows[1]["EIT"] == "" and rows[1]["หมายเหตุ"].startswith("ไม่ผ่านเกณฑ์ ผู้ตอบ IIT")
    assert (rows[2]["คะแนน"], rows[2]["ระดับ"]) == ("", "")
    told = json.loads(inside["letter.json"])
    assert told["kind"] == "results" and "procedure" not in told
    assert told["results"]["by_grade"] == {"AA": 0, "A": 3, "B": 0, "C": 3, "D": 0, "E": 0, "F": 0}
    assert (told["results"]["graded"], told["results"]["mean"]) == (6, "79.69")


def test_a_letter_of_the_country_s_results_carries_its_provinces() -> None:
    inside = held(render_results_letter(results_letter(country_results())))
    rows = list(csv.DictReader(StringIO(inside["results.csv"].decode("utf-8-sig"))))
    assert [row["จังหวัด"] for row in rows] == ["ลำปาง", "ลำพูน", "กำแพงเพชร"]
    assert (rows[0]["คะแนนเฉลี่ย"], rows[0]["ระดับ AA"], rows[2]["คะแนนเฉลี่ย"]) == ("78.07", "1012", "")
