"""The shipped content of 2561: official structure, own wording."""

from __future__ import annotations

import csv
import os
from collections import Counter
from decimal import Decimal
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from models.minimum_sample import bands_for, minimum_sample
from portal.content.year import YEARS, YearContent, load_year
from tests.support.rules import BANDS_2561

#: above this two sentences are the same sentence with a word changed
TOO_ALIKE = 0.8


@pytest.fixture(scope="module")
def year() -> YearContent:
    return load_year(2561)


def reference(name: str) -> list[dict[str, str]]:
    folder = os.environ.get("REFERENCE_DIR")
    if not folder:
        pytest.skip("needs the real lists: set REFERENCE_DIR to their folder (see README)")
    with (Path(folder) / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def reference_2561_items() -> list[dict[str, str]]:
    return [row for row in reference("oit-items.csv") if row["fiscal_year_from"] == "2561"]


def own_sentences(year: YearContent) -> list[tuple[str, str]]:
    found = []
    for instrument in year.instruments:
        for question in instrument.questions:
            found.append((question.code, question.text))
            found += [(question.code, question.note)] if question.note else []
            found += [(f"{question.code}.{line.position}", line.text) for line in question.lines if line.text]
        for item in instrument.items:
            found += [(item.code, item.title), (item.code, item.criterion)]
    return found


def test_every_shipped_year_can_be_read() -> None:
    for fiscal_year in YEARS:
        assert load_year(fiscal_year).fiscal_year == fiscal_year


def test_the_counts_of_2561(year: YearContent) -> None:
    iit, eit, oit = (year.instrument(code) for code in ("iit", "eit", "oit"))
    assert (len(iit.questions), iit.slots) == (30, 51)
    assert (len(eit.questions), eit.slots) == (15, 19)
    assert (len(oit.items), oit.slots) == (48, 0)
    assert [question.code for question in iit.questions] == [f"I{number}" for number in range(1, 31)]
    assert [question.code for question in eit.questions] == [f"E{number}" for number in range(1, 16)]
    assert [item.code for item in oit.items] == [f"O{number}" for number in range(1, 49)]
    assert [instrument.weight for instrument in year.instruments] == [30, 30, 40]
    for survey in (iit, eit):
        slots = [line.slot for question in survey.questions for line in question.lines]
        assert slots == list(range(survey.slots))


def test_indicators_and_their_parts(year: YearContent) -> None:
    tops = [i.code for instrument in year.instruments for i in instrument.indicators if not i.parent]
    assert tops == [str(number) for number in range(1, 11)]
    subs = {i.code: i.parent for i in year.instrument("oit").indicators if i.parent}
    assert subs == {**{f"9.{n}": "9" for n in range(1, 6)}, "10.1": "10", "10.2": "10"}
    sizes = Counter(item.indicator for item in year.instrument("oit").items)
    assert sizes == {"9.1": 9, "9.2": 8, "9.3": 7, "9.4": 4, "9.5": 5, "10.1": 8, "10.2": 7}


def test_the_rules_of_2561(year: YearContent) -> None:
    assert [band.grade for band in year.bands] == ["AA", "A", "B", "C", "D", "E", "F"]
    assert [int(band.lower) for band in year.bands] == [95, 85, 75, 65, 55, 50, 0]
    assert [band.grade for band in year.bands if band.passes] == ["AA", "A"]
    assert len(year.roster_groups) == len(set(year.roster_groups)) == 6
    assert (year.first_digits, year.detail_threshold, year.total_threshold) == ("12345678", 10, 3)
    for instrument in ("iit", "eit"):
        rows = [row for row in year.sample_rows if row.instrument == instrument]
        bands = bands_for(rows, "sao", "M")
        for people in (7, 30, 31, 300, 301, 4000, 4001):
            assert minimum_sample(people, bands) == minimum_sample(people, BANDS_2561)


def test_no_two_lines_of_a_question_and_no_two_items_read_the_same(year: YearContent) -> None:
    for instrument in year.instruments:
        for question in instrument.questions:
            assert len({line.text for line in question.lines}) == len(question.lines), question.code
        assert len({question.text for question in instrument.questions}) == len(instrument.questions)
        assert len({item.title for item in instrument.items}) == len(instrument.items)


def test_texts_are_clean(year: YearContent) -> None:
    for code, text in own_sentences(year):
        assert text == " ".join(text.split()), code
        assert not any(digit in text for digit in "๐๑๒๓๔๕๖๗๘๙"), code
        assert "\u200b" not in text, code


@pytest.mark.parametrize(("instrument", "file"), [("iit", "iit-questions.csv"), ("eit", "eit-questions.csv")])
def test_survey_structure_is_the_official_one(year: YearContent, instrument: str, file: str) -> None:
    official = [
        (
            row["code"],
            int(row["sub_no"]),
            row["indicator_no"],
            tuple(map(Decimal, row["option_points"].split("|"))),
        )
        for row in reference(file)
    ]
    points = {scale.code: scale.points for scale in year.scales}
    own = [
        (question.code, line.position, question.indicator, points[line.scale])
        for question in year.instrument(instrument).questions
        for line in question.lines
    ]
    assert own == official


def test_checklist_structure_is_the_official_one(year: YearContent) -> None:
    official = [(row["code"], row["sub_indicator_no"]) for row in reference_2561_items()]
    assert [(item.code, item.indicator) for item in year.instrument("oit").items] == official


def test_every_sentence_is_our_own(year: YearContent) -> None:
    theirs = {
        row[column]
        for file in ("iit-questions.csv", "eit-questions.csv")
        for row in reference(file)
        for column in ("question_th", "sub_item_th", "note_th")
        if row[column]
    }
    theirs |= {row[column] for row in reference("oit-items.csv") for column in ("title_th", "criteria_th")}
    alike = [
        (SequenceMatcher(None, own, their, autojunk=False).ratio(), code, own, their)
        for code, own in own_sentences(year)
        for their in theirs
        if their and 2 * min(len(own), len(their)) / (len(own) + len(their)) > 0.7
    ]
    for row in sorted(alike, reverse=True)[:5]:
        print(*row, sep=" | ")
    assert max(alike)[0] < TOO_ALIKE
