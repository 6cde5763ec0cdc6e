"""A table that goes on says what goes on; a province's list says who is asked for what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from weasyprint.layout import block

from reports import table_heads
from reports.letter_data import AgencyStatus, DistrictStatus, ProvinceStatus, StepState, Typeface
from reports.letters import _text
from reports.press import the_press
from tests.reports.plain import read
from tests.reports.sample import province

DONE = (StepState(True, date(2018, 10, 16)),) * 4


def of(*districts: tuple[str, int]) -> ProvinceStatus:
    """A province of districts, each with so many agencies that are complete."""
    return replace(
        province(),
        districts=tuple(
            DistrictStatus(name, tuple(AgencyStatus(f"อบต.น้ำ{'ก' * (n % 5)}", DONE) for n in range(size)))
            for name, size in districts
        ),
    )


def pages_of(status: ProvinceStatus, folder: Path) -> list[str]:
    """The text of each page of the status, a space between two words."""
    press = the_press()
    pdf = press.bind([press.lay_out(_text("province_status.html", status=status, index=2), Typeface())])
    return [" ".join(page.split()) for page in read(pdf, folder).split("\f")[:-1]]


def test_a_district_that_goes_on_is_named_on_every_page(tmp_path: Path) -> None:
    pages = pages_of(of(("", 1), ("เมืองลำปาง", 90)), tmp_path)
    assert len(pages) >= 3
    assert "อำเภอเมืองลำปาง จำนวน ๙๐ แห่ง" in pages[0] and "(ต่อ)" not in pages[0]
    for page in pages[1:]:
        assert page.count("อำเภอเมืองลำปาง (ต่อ) จำนวน ๙๐ แห่ง") == 1
        assert page.index("ผล") < page.index("(ต่อ)")


def test_a_page_that_begins_with_a_district_says_of_none_that_it_goes_on(tmp_path: Path) -> None:
    """Districts as long as a page: sooner or later one of them begins a page."""
    starts = 0
    for size in range(20, 26):
        pages = pages_of(of(("", 1), ("เมืองลำปาง", size), ("เกาะคา", 4)), tmp_path)
        (page,) = (page for page in pages if "อำเภอเกาะคา จำนวน ๔ แห่ง" in page)
        before = page[: page.index("อำเภอเกาะคา จำนวน")]
        starts += before.endswith("ผล ")
        assert ("(ต่อ)" in before) is (page is not pages[0] and not before.endswith("ผล "))
    assert starts


def test_no_page_begins_or_ends_with_one_row_of_a_district(tmp_path: Path) -> None:
    for size in (25, 26, 27):
        pages = pages_of(of(("เมืองลำปาง", size)), tmp_path)
        assert all(page.count("อบต.") > 1 for page in pages)


def test_the_agency_of_the_province_stands_first_without_a_district(tmp_path: Path) -> None:
    (page,) = pages_of(of(("", 1), ("เกาะคา", 2)), tmp_path)
    assert "องค์การบริหารส่วนจังหวัด จำนวน ๑ แห่ง ครบทุกขั้นตอน ๑ แห่ง" in page
    assert page.index("องค์การบริหารส่วนจังหวัด จำนวน") < page.index("อำเภอเกาะคา จำนวน ๒ แห่ง")


def test_who_lacks_a_step_is_listed_with_the_steps_and_the_number_to_call(tmp_path: Path) -> None:
    half = (StepState(True), StepState(False), StepState(True), StepState(False))
    none = (StepState(False),) * 4
    agencies = (
        AgencyStatus("ทต.เกาะคา", half, "0 2555 0100"),
        AgencyStatus("อบต.ท่าผา", DONE, "0 2555 0199"),
        AgencyStatus("อบต.ใหม่พัฒนา", none),
        AgencyStatus("อบต.ศาลา", (*DONE[:3], StepState(False)), "0 2555 0101"),
    )
    whole = DistrictStatus("", (AgencyStatus("อบจ.ลำปาง", half, "0 2555 0001"),))
    (page,) = pages_of(replace(province(), districts=(whole, DistrictStatus("เกาะคา", agencies))), tmp_path)
    listed = page[page.index("ที่ยังเตรียมการไม่ครบ จำนวน ๔ แห่ง") : page.index("สถานะการเตรียมการรายแห่ง")]
    for row in (
        "๑ อบจ.ลำปาง ทั้งจังหวัด ๒ และ ๔ ๐ ๒๕๕๕ ๐๐๐๑",
        "๒ ทต.เกาะคา เกาะคา ๒ และ ๔ ๐ ๒๕๕๕ ๐๑๐๐",
        "๓ อบต.ใหม่พัฒนา เกาะคา ๑, ๒, ๓ และ ๔ –",
        "๔ อบต.ศาลา เกาะคา ๔ ๐ ๒๕๕๕ ๐๑๐๑",
    ):
        assert row in listed
    assert "ท่าผา" not in listed and "๐ ๒๕๕๕ ๐๑๙๙" not in page
    assert "แล้วเสร็จ ขั้นที่ ๑: ๓ ขั้นที่ ๒: ๒ ขั้นที่ ๓: ๓ ขั้นที่ ๔: ๑ แห่ง" in page


def test_nobody_is_listed_where_all_are_complete(tmp_path: Path) -> None:
    assert "ที่ยังเตรียมการไม่ครบ" not in pages_of(of(("เกาะคา", 2)), tmp_path)[0]


def test_weasyprint_still_has_what_the_heads_lean_on() -> None:
    the_press()
    assert block.table_layout is table_heads._table_layout
