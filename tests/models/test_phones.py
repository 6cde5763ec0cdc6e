"""Telephone numbers: read where it is sure what was meant, else kept as typed; never another number."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ROOT
from models.phones import AS_TYPED, ZERO_ADDED, Number, Phone, numbers_of, read_phone, shown


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("081-234-5678", "0812345678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "0812345678"),
        ("+66 81 234 5678", "0812345678"),
        ("+66(0)812345678", "0812345678"),
        ("66812345678", "0812345678"),
        ("02 123 4567", "021234567"),
        ("(02) 123-4567", "021234567"),
        ("0-2123-4567", "021234567"),
        ("0-5428-1000 ต่อ 12", "054281000 ต่อ 12"),
        ("02-123-4567 ต่อ 11, 12", "021234567 ต่อ 11, 12"),
        ("02-123-4567 ต่อ 11-14", "021234567 ต่อ 11-14"),
        ("0-5428-1000 #12", "054281000 ต่อ 12"),
        ("1800-555-010", "1800555010"),
        ("+81 3-1234-5678", "+81312345678"),
        ("+44 20 7946 0958 ต่อ 5, 02-123-4567", "+442079460958 ต่อ 5, 021234567"),
        ("0671234567", "0671234567"),
        ("0812345678, 0898765432", "0812345678, 0898765432"),
        ("0812345678 0898765432", "0812345678, 0898765432"),
        ("081 234 5678 02 123 4567", "0812345678, 021234567"),
        ("081-234-5678 หรือ 02-123-4567 ต่อ 9", "0812345678, 021234567 ต่อ 9"),
        ("", ""),
    ],
)
def test_sure_numbers_are_kept_as_digits(typed: str, kept: str) -> None:
    assert read_phone(typed) == Phone(kept)


@pytest.mark.parametrize("typed", ["812345678", "21234567", "๘๑๒๓๔๕๖๗๘"])
def test_a_zero_that_a_spreadsheet_took_comes_back_and_is_said(typed: str) -> None:
    phone = read_phone(typed)
    assert phone.stored.startswith("0") and phone.remark == ZERO_ADDED


@pytest.mark.parametrize(
    "typed",
    [
        "0-2123-4567-9",  # a range of numbers, no mobile number
        "02 123 4567-8",
        "02-1234567 ถึง 9",
        "081-234-567",
        "81-234-5678 คุณแดง",
        "08 1234",
        "1567",
        "81234567",
        "0812345678 0898",
        "0812345678 ต่อ 1 0898765432",
        "ไม่มีโทรศัพท์",
        "081-234-56789",
        "030000000",  # no such area
        "+39 061 23",
        "1 650 253 0000",  # another country, without its sign
        "001 66 81 234 5678",
        "+999 12345678",
    ],
)
def test_what_is_not_sure_stays_as_typed_with_a_remark(typed: str) -> None:
    assert read_phone(typed) == Phone(typed, AS_TYPED)


@given(st.text(alphabet="0123456789 -+()/,.ต่อ#", max_size=40))
def test_no_number_becomes_another(typed: str) -> None:
    """All digits stay in their order; only a country code goes and a lost zero comes."""
    phone = read_phone(typed)
    sent, kept = re.sub(r"\D", "", typed), re.sub(r"\D", "", phone.stored)
    assert kept == sent or phone.remark == ZERO_ADDED or "66" in sent
    assert read_phone(phone.stored).stored == phone.stored


@pytest.mark.parametrize(
    ("stored", "numbers"),
    [
        ("", []),
        ("025550100", [Number("0 2555 0100", "025550100")]),
        ("054281000 ต่อ 12, 14", [Number("0 5428 1000 ต่อ 12, 14", "054281000")]),
        (
            "025550100 ต่อ 9, 0812345678",
            [Number("0 2555 0100 ต่อ 9", "025550100"), Number("08 1234 5678", "0812345678")],
        ),
        ("0-2123-4567-9", [Number("0-2123-4567-9")]),
        ("1800555010", [Number("1800 555 010", "1800555010")]),
        ("+81312345678", [Number("+81 3-1234-5678", "+81312345678")]),
    ],
)
def test_numbers_are_shown_in_groups_and_dialled_only_where_they_are_sure(
    stored: str, numbers: list[Number]
) -> None:
    assert numbers_of(stored) == numbers
    assert shown(stored) == ", ".join(number.shown for number in numbers)
    assert numbers_of(shown(stored)) == numbers


def test_stored_numbers_of_thailand_are_shown_without_the_library() -> None:
    """Web processes that only show numbers never load it; a list shows thousands of them."""
    asked = "from models.phones import shown; shown('025550100 ต่อ 12, 14, 0812345678'); import sys; "
    asked += (
        "assert 'phonenumbers' not in sys.modules; shown('02 555 0100'); assert 'phonenumbers' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", asked], check=True, cwd=ROOT)
