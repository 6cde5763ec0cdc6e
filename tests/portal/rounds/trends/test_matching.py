"""Suggestions by code and likeness of words: one-to-one, stable, whatever the order of the lists."""

from __future__ import annotations

import csv
import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.instrument import InstrumentKind
from models.year import Likeness
from portal.rounds.trends.matching import LEAST, SURE, all_likeness, likeness, suggested
from portal.rounds.trends.things import Thing


def item(code: str, title: str, body: str = "") -> Thing:
    return Thing(InstrumentKind.OIT, code, "9.1", title, body)


def found(later: Sequence[Thing], earlier: Sequence[Thing]) -> dict[str, tuple[str, Likeness, bool]]:
    return {
        (one.later.code if one.later else f"-{one.earlier.code if one.earlier else ''}"): (
            one.earlier.code if one.earlier else "",
            one.what,
            one.sure,
        )
        for one in suggested(later, earlier)
    }


def test_equal_words_are_the_same_whatever_the_code_spaces_and_typing() -> None:
    later = [item("O7", "นโยบาย  คุ้มครอง ข้อมูล", "มีนํ้าใจ")]
    earlier = [item("O10", "นโยบายคุ้มครองข้อมูล", "มีน้ำใจ")]
    assert found(later, earlier) == {"O7": ("O10", Likeness.SAME, True)}


def test_equal_titles_with_another_criterion_are_changed() -> None:
    later, earlier = [item("O1", "โครงสร้าง", "แผนผัง")], [item("O1", "โครงสร้าง", "รายชื่อ")]
    assert found(later, earlier) == {"O1": ("O1", Likeness.CHANGED, True)}


def test_equal_words_of_other_points_are_changed() -> None:
    words = {"kind": InstrumentKind.IIT, "code": "I1", "indicator": "1", "title": "ท่านเห็นด้วยเพียงใด"}
    later, earlier = Thing(**words, points=((0, 100),)), Thing(**words, points=((0, 50),))  # type: ignore[arg-type]
    assert found([later], [earlier]) == {"I1": ("I1", Likeness.CHANGED, True)}


def test_two_that_are_somewhat_alike_are_suggested_and_not_sure() -> None:
    later = [item("O9", "แผนดำเนินงานและการใช้งบประมาณประจำปี")]
    earlier = [item("O8", "แผนดำเนินงานประจำปี")]
    assert LEAST <= likeness(later[0], earlier[0]) < SURE
    assert found(later, earlier) == {"O9": ("O8", Likeness.CHANGED, False)}


def test_what_nothing_is_like_is_surely_new_and_surely_dropped() -> None:
    later, earlier = [item("O1", "ประมวลจริยธรรม")], [item("O2", "แผนการจัดซื้อจัดจ้าง")]
    expected = {"O1": ("", Likeness.NEW, True), "-O2": ("O2", Likeness.DROPPED, True)}
    assert found(later, earlier) == expected


def test_a_new_one_that_is_like_a_taken_one_is_not_sure() -> None:
    later = [item("O1", "รายงานผลประจำปี"), item("O2", "รายงานผลประจำปี ครั้งที่สอง")]
    assert found(later, [item("O1", "รายงานผลประจำปี")])["O2"] == ("", Likeness.NEW, False)


def test_the_code_decides_between_equals() -> None:
    later = [item("O1", "ข่าวประชาสัมพันธ์"), item("O2", "ข่าวประชาสัมพันธ์")]
    earlier = [item("O2", "ข่าวประชาสัมพันธ์"), item("O1", "ข่าวประชาสัมพันธ์")]
    assert {code: one[0] for code, one in found(later, earlier).items()} == {"O1": "O1", "O2": "O2"}


TITLES = st.text(alphabet="กขคงจาิเ ", max_size=9)
LISTS = st.lists(TITLES, max_size=7).map(
    lambda titles: [item(f"O{place}", title) for place, title in enumerate(titles, start=1)]
)


@given(later=LISTS, earlier=LISTS, seed=st.integers(0, 99))
def test_suggestions_are_one_to_one_stable_and_of_no_order(
    later: list[Thing], earlier: list[Thing], seed: int
) -> None:
    given_ = found(later, earlier)
    pairs = {code: one[0] for code, one in given_.items() if not code.startswith("-") and one[0]}
    assert len(set(pairs.values())) == len(pairs)
    dropped = {one[0] for code, one in given_.items() if code.startswith("-")}
    assert dropped | set(pairs.values()) == {thing.code for thing in earlier}
    assert dropped.isdisjoint(pairs.values())
    alike = all_likeness(later, earlier)
    holder = {earlier_code: code for code, earlier_code in pairs.items()}
    for (code, other), number in alike.items():
        mine = alike[code, pairs[code]] if code in pairs else LEAST - 1
        theirs = alike[holder[other], other] if other in holder else LEAST - 1
        assert number <= max(mine, theirs, LEAST - 1), "two are liker than each is to what it was given"
    mixed = random.Random(seed)
    assert found(mixed.sample(later, len(later)), mixed.sample(earlier, len(earlier))) == given_


@pytest.mark.reference
@pytest.mark.parametrize(
    ("earlier", "later", "same_title"),
    [("2561", "2563", 37), ("2563", "2566", 30), ("2566", "2567", 24), ("2567", "2568", 19)],
)
def test_items_of_equal_titles_find_one_another_in_the_real_sets(
    earlier: str, later: str, same_title: int
) -> None:
    folder = os.environ.get("REFERENCE_DIR")
    if not folder:
        pytest.skip("needs the real lists: set REFERENCE_DIR to their folder (see README)")
    with (Path(folder) / "oit-items.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    sets = {
        year: [
            item(row["code"], row["title_th"], row["criteria_th"])
            for row in rows
            if row["fiscal_year_from"] == year
        ]
        for year in (earlier, later)
    }
    pairs = [(one.later, one.earlier) for one in suggested(sets[later], sets[earlier])]
    assert sum(1 for one, other in pairs if one and other and one.title == other.title) == same_title
