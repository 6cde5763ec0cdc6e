"""The forms in which people type the names of agencies and places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.search import agency_key, district_key, found_in, province_key, words_of

BANGPU = (
    agency_key("อบต.", "บางปู", "องค์การบริหารส่วนตำบลบางปู", "06110101")
    + district_key("เมืองสมุทรปราการ", "1101")
    + province_key("สมุทรปราการ", "11", "Samut Prakan")
)
KOKDAENG = agency_key("ทต.", "กกแดง", "เทศบาลตำบลกกแดง", None) + district_key("นิคมคำสร้อย")
PATTAYA = agency_key("เมืองพัทยา", "พัทยา", "เมืองพัทยา", "08200801")


def found(key: str, typed: str) -> bool:
    return found_in(key, words_of(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "อบต.บางปู",
        "อบต. บางปู",
        "อบต บางปู",
        "อบตบางปู",
        "บางปู",
        "องค์การบริหารส่วนตำบล บางปู",
        "ต.บางปู",
        "ตำบลบางปู",
        "บางปู อ.เมือง",
        "บางปู เมืองสมุทรปราการ จ.สมุทรปราการ",
        "อบต.บางปูอ.เมืองจ.สมุทรปราการ",
        "อบต.บางปูอำเภอเมืองสมุทรปราการ",
        "06110101",
        "๐๖๑๑๐๑๐๑",
        "06-11-01-01",
        "0611",
        "samut prakan",
        "อบต.",
        "บางป\u200bู",
        "(อบต.) บางปู",
        "อ.เมืองฯ อบต.บางปู",
    ],
)
def test_an_agency_is_found_as_people_write_it(typed: str) -> None:
    assert found(BANGPU, typed)


@pytest.mark.parametrize("typed", ["ทต.บางปู", "อบต.บางเมือง", "บางปู อ.บางพลี", "ทน.", "เทศบาลบางปู", "จ.บางปู"])
def test_what_it_is_not_does_not_find_it(typed: str) -> None:
    assert not found(BANGPU, typed)


def test_a_municipality_is_found_by_each_of_its_forms() -> None:
    for typed in (
        "ทต. กกแดง",
        "ทต.กกแดง",
        "เทศบาลกกแดง",
        "เทศบาลตำบลกกแดง",
        "ต.กกแดง",
        "กกแดง นิคมค\u0e4dาสร้อย",
    ):
        assert found(KOKDAENG, typed), typed
    assert found(PATTAYA, "พัทยา") and found(PATTAYA, "เมืองพัทยา")


def test_signs_alone_are_no_words() -> None:
    assert found(BANGPU, "") and found(BANGPU, "อบต. - บางปู")
    assert not found(BANGPU, "%") and not found(BANGPU, "ฯ")


@given(st.text())
def test_any_text_can_be_looked_for(typed: str) -> None:
    assert found(BANGPU, typed) in (True, False)
