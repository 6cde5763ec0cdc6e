"""Thai digits, dates and the order of names."""

from __future__ import annotations

import csv
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models import thai
from models.zone import BANGKOK

PROVINCES_IN_ORDER = "กระบี่ กาญจนบุรี ขอนแก่น โคราช เชียงใหม่ แพร่ เลย".split()
MOMENT = datetime(2018, 11, 9, 10, 24, tzinfo=BANGKOK)


def test_dates_are_written_in_the_buddhist_era() -> None:
    assert thai.thai_date(date(2018, 11, 9)) == "9 พฤศจิกายน 2561"
    assert thai.thai_date_short(date(2018, 11, 9)) == "9\u00a0พ.ย.\u00a02561"
    assert thai.thai_digits(thai.thai_date(MOMENT)) == "๙ พฤศจิกายน ๒๕๖๑"
    assert thai.be_year(date(2019, 1, 1)) == 2562


def test_times_are_bangkok_times() -> None:
    assert thai.thai_time(MOMENT) == "10:24\u00a0น."
    assert thai.thai_time(datetime(2018, 11, 9, 18, 0, tzinfo=UTC)) == "01:00\u00a0น."
    assert thai.thai_date(datetime(2018, 11, 9, 18, 0, tzinfo=UTC)) == "10 พฤศจิกายน 2561"
    assert thai.thai_datetime_short(MOMENT) == "9\u00a0พ.ย.\u00a02561 เวลา 10:24\u00a0น."
    assert thai.thai_datetime(MOMENT) == "9 พฤศจิกายน 2561 เวลา 10:24\u00a0น."


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        thai.thai_date(datetime(2018, 11, 9, 10, 24))  # noqa: DTZ001


def test_midnight_ends_the_day_before() -> None:
    end = datetime(2018, 11, 16, tzinfo=BANGKOK)
    assert thai.thai_deadline(end) == "15 พฤศจิกายน 2561 เวลา 24:00\u00a0น."
    assert thai.thai_deadline_short(MOMENT) == thai.thai_datetime_short(MOMENT)


@given(st.text())
def test_digits_go_there_and_back(text: str) -> None:
    plain = thai.arabic_digits(text)
    assert thai.arabic_digits(thai.thai_digits(plain)) == plain


def test_names_sort_in_dictionary_order() -> None:
    assert sorted(reversed(PROVINCES_IN_ORDER), key=thai.sort_key) == PROVINCES_IN_ORDER


def test_tone_marks_count_only_between_equal_names() -> None:
    words = ["กา", "ก่า", "ก้า", "ก๊า", "ก๋า", "การ", "เก", "เก่า", "เก้า", "แก", "โก", "ใก", "ไก", "ขา"]
    assert sorted(reversed(words), key=thai.sort_key) == words


def test_thai_digits_sort_as_digits() -> None:
    assert thai.sort_key("หมู่ ๕") == thai.sort_key("หมู่ 5")
    assert sorted(["หนอง", "๒", "1", "Ban"], key=thai.sort_key) == ["1", "๒", "Ban", "หนอง"]


@given(st.lists(st.text(alphabet="กขคงเแโใไาิี่้๊๋์็ 0๙", max_size=12), max_size=8))
def test_byte_order_is_code_point_order(names: list[str]) -> None:
    keys = [thai.sort_key(name) for name in names]
    assert sorted(keys) == sorted(keys, key=lambda key: key.encode("utf-8"))
    assert all(len(key) <= 2 * len(name) + 1 for key, name in zip(keys, names, strict=True))


def test_reference_names_keep_their_order_and_fit_the_column() -> None:
    folder = os.environ.get("REFERENCE_DIR")
    if not folder:
        pytest.skip("needs the real lists: set REFERENCE_DIR to their folder (see README)")
    with (Path(folder) / "agencies-2560.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {row["full_name_th"] for row in csv.DictReader(file)}
    assert max(len(thai.sort_key(name)) for name in names) <= 500
    with (Path(folder) / "provinces.csv").open(encoding="utf-8-sig", newline="") as file:
        provinces = [row["name_th"] for row in csv.DictReader(file)]
    ordered = sorted(provinces, key=thai.sort_key)
    assert ordered[:4] == ["กระบี่", "กรุงเทพมหานคร", "กาญจนบุรี", "กาฬสินธุ์"]
    assert ordered[-3:] == ["อุตรดิตถ์", "อุทัยธานี", "อุบลราชธานี"]
    leads = [name for name in ordered if name[0] in "เแโใไ"]
    assert leads == ["เชียงราย", "เชียงใหม่", "เพชรบุรี", "เพชรบูรณ์", "แพร่", "แม่ฮ่องสอน", "เลย"]


# -- one normal form ---------------------------------------------------------------------------------------

#: what people type or paste, and what it is
TYPED = {
    "น\u0e4d\u0e49า": "น้ำ",  # sara am as two signs, the tone between or before
    "น\u0e49\u0e4dา": "น้ำ",
    "น\u0e33\u0e49": "น้ำ",
    "บางน\u0e4dา": "บางนำ",
    "เเม่ริม": "แม่ริม",
    "ท\u0e48\u0e35": "ที่",
    "ป\u0e48\u0e39": "ปู่",
    "ท\u0e35\u0e48\u0e48": "ที่",
    "จะ\u0e49": "จ้ะ",
    "\ufeffเกาะ\u200bคา\u200c\u00ad": "เกาะคา",
    "ลำ\u00a0ปาง": "ลำ ปาง",
    "\u202eเกาะคา\u202c\u2066\u200f": "เกาะคา",
    "e\u0301": "é",
    "สอง\u2028บรรทัด": "สอง\nบรรทัด",
}
THAI_LETTERS = "กขนบปทเแโใไะาำิีึืุู\u0e4d่้๊๋์็ฺ \u200b\u200c\u00ad\ufeff\u00a0\u202e\u0301e|."


@pytest.mark.parametrize(("typed", "meant"), TYPED.items())
def test_what_looks_alike_is_one_text(typed: str, meant: str) -> None:
    assert thai.normal_form(typed) == meant
    assert thai.sort_key(typed) == thai.sort_key(meant)


@given(st.one_of(st.text(), st.text(alphabet=THAI_LETTERS)))
@example("\u0300\x1f\u0e38")
@example("\u0300\u0e34\u0e38")
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    once = thai.normal_form(text)
    assert thai.normal_form(once) == once
    assert thai.one_line(thai.one_line(text)) == thai.one_line(text)


@given(st.text(alphabet=THAI_LETTERS))
def test_nothing_that_is_seen_is_lost(text: str) -> None:
    consonants = [letter for letter in text if "ก" <= letter <= "ฮ"]
    assert [letter for letter in thai.normal_form(text) if "ก" <= letter <= "ฮ"] == consonants


def test_lines_and_tabs_stay_and_plain_text_is_untouched() -> None:
    for text in ("บรรทัดหนึ่ง\r\nบรรทัดสอง\n\tย่อหน้า", "สิทธิ์ พันธุ์ ญี่ปุ่น ซ้ำ ๆ ฯลฯ ฤๅษี", "plain {text}"):
        assert thai.normal_form(text) == text


def test_a_line_has_no_spaces_at_its_ends_or_two_together() -> None:
    assert thai.one_line("  เกาะคา\u00a0\u200b  ลำปาง\n") == "เกาะคา ลำปาง"


def test_real_names_are_in_their_normal_form_already() -> None:
    for name in ("agencies", "districts", "provinces"):
        file = Path(__file__).parents[2] / "portal" / "content" / "registry" / f"{name}.csv"
        text = file.read_text(encoding="utf-8-sig")
        assert thai.normal_form(text) == text
    folder = os.environ.get("REFERENCE_DIR")
    for file in Path(folder).glob("*.csv") if folder else ():
        text = file.read_text(encoding="utf-8-sig")
        assert thai.normal_form(text) == text, file.name
