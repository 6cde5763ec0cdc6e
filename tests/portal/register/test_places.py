"""The demonstration registry: whole, clean, in the form of the real one."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from models.thai import sort_key

FOLDER = Path(__file__).parents[3] / "portal" / "content" / "registry"
PREFIX = {"PAO": "02", "CITY": "03", "TOWN": "04", "SUBDIST_MUN": "05", "TAO": "06"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reference(name: str) -> Path:
    folder = os.environ.get("REFERENCE_DIR")
    if not folder:
        pytest.skip("needs the real lists: set REFERENCE_DIR to their folder (see README)")
    return Path(folder) / name


def test_all_provinces_and_districts_are_there() -> None:
    provinces = rows(FOLDER / "provinces.csv")
    districts = rows(FOLDER / "districts.csv")
    assert len(provinces) == len({row["name_th"] for row in provinces}) == 77
    assert len(districts) == len({row["code"] for row in districts}) == 928
    assert {row["province_code"] for row in districts} == {row["code"] for row in provinces}
    assert all(row["name_en"] and row["region"] for row in provinces)
    assert len({row["region"] for row in provinces}) == 6


def test_agencies_cover_every_province_but_bangkok() -> None:
    agencies = rows(FOLDER / "agencies.csv")
    provinces = {row["code"] for row in rows(FOLDER / "provinces.csv")}
    assert len(agencies) > 7000
    assert {row["province_code"] for row in agencies} == provinces - {"10"}
    kinds = Counter(row["type"] for row in agencies)
    assert kinds["PAO"] == kinds["CITY"] + kinds["TOWN"] == 76
    assert kinds["SPECIAL"] == 1
    assert min(kinds["CITY"], kinds["TOWN"], kinds["SUBDIST_MUN"]) >= 10
    assert {row["size"] for row in agencies} == {"", "S", "M", "L"}


def test_rows_are_consistent() -> None:
    provinces = {row["code"]: row["name_th"] for row in rows(FOLDER / "provinces.csv")}
    districts = {row["code"]: row["name_th"] for row in rows(FOLDER / "districts.csv")}
    agencies = rows(FOLDER / "agencies.csv")
    codes = [row["lao_code8"] for row in agencies if row["lao_code8"]]
    assert len(codes) == len(set(codes)) == len(agencies) - 1
    for row in agencies:
        assert row["full_name_th"] == row["type_th"] + row["name_th"]
        assert row["province_th"] == provinces[row["province_code"]]
        assert row["district_th"] == districts[row["district_code"]]
        assert row["district_code"].startswith(row["province_code"])
        if row["lao_code8"]:
            assert re.fullmatch(PREFIX[row["type"]] + row["district_code"] + r"\d\d", row["lao_code8"])


def test_names_are_thai_and_clean() -> None:
    for row in rows(FOLDER / "agencies.csv"):
        assert re.fullmatch(r"[\u0e01-\u0e4e.\- ]+", row["name_th"]), row["name_th"]
        assert row["name_th"] == row["name_th"].strip()
        assert len(sort_key(row["full_name_th"])) <= 500


def test_no_full_name_is_twice_in_a_district() -> None:
    names = Counter((row["district_code"], row["full_name_th"]) for row in rows(FOLDER / "agencies.csv"))
    assert max(names.values()) == 1


def test_the_header_is_the_one_of_the_real_list() -> None:
    real = reference("agencies-2560.csv")
    with real.open(encoding="utf-8-sig") as theirs, (FOLDER / "agencies.csv").open(encoding="utf-8") as own:
        assert own.readline() == theirs.readline()


@pytest.mark.parametrize("name", ["provinces.csv", "districts.csv"])
def test_names_and_codes_of_places_are_right(name: str) -> None:
    real = {row["code"]: row["name_th"] for row in rows(reference(name))}
    assert {row["code"]: row["name_th"] for row in rows(FOLDER / name)} == real


def test_english_names_of_provinces_are_right() -> None:
    real = {row["code"]: row["name_en"].replace(" ", "").lower() for row in rows(reference("provinces.csv"))}
    own = {row["code"]: row["name_en"].replace(" ", "").lower() for row in rows(FOLDER / "provinces.csv")}
    # the reference writes Loburi
    assert {code for code in real if own[code] != real[code]} <= {"16"}
