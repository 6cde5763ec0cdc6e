"""Lines and choices move, are copied and go; what they say in other languages follows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.year import ContentScale, ContentTranslation, YearContent, load_year
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.rounds.building.edits import indicators, items, questions, scales
from portal.rounds.building.edits.places import order_moved, order_without, places_before


@pytest.fixture(autouse=True)
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def year() -> YearContent:
    """The shipped year, whose first question and first scale are said in English too."""
    content = load_year(2561)
    lines = content.instrument("iit").questions[0].lines
    rows = [
        ContentTranslation("en", "line", f"iit:I1.{row.position}", "text", f"line {row.text}")
        for row in lines
    ]
    scale = content.scales[0]
    rows += [
        ContentTranslation("en", "choice", f"{scale.code}.{place}", "label", f"choice {label}")
        for place, label in enumerate(scale.labels, start=1)
    ]
    rows.append(ContentTranslation("en", "question", "iit:I1", "text", "Question one"))
    return replace(content, translations=tuple(rows))


def lines(content: YearContent, code: str = "I1") -> list[str]:
    """The lines of a question, each with its English where it has one."""
    question = next(row for row in content.instrument("iit").questions if row.code == code)
    said = {row.code: row.words for row in content.translations if row.thing == "line"}
    for row in question.lines:
        assert said.get(f"iit:{code}.{row.position}") in (None, f"line {row.text}")
    return [row.text for row in question.lines]


def choices(content: YearContent, code: str) -> list[str]:
    """The choices of a scale, each with its English where it has one."""
    scale = next(row for row in content.scales if row.code == code)
    said = {row.code: row.words for row in content.translations if row.thing == "choice"}
    for place, label in enumerate(scale.labels, start=1):
        assert said.get(f"{code}.{place}") in (None, f"choice {label}")
    return list(scale.labels)


def test_a_line_moves_is_copied_and_goes_with_its_words(year: YearContent) -> None:
    first, second, *rest = lines(year)
    moved = questions.move_line(year, "iit", "I1", place=1, to=2)
    assert lines(moved) == [second, first, *rest]
    assert {row.slot for row in moved.instrument("iit").questions[0].lines} == set(range(len(lines(year))))
    copied = questions.copy_line(year, "iit", "I1", place=1)
    assert lines(copied) == [first, first, second, *rest]
    assert sum(row.words == f"line {first}" for row in copied.translations) == 2
    assert copied.instrument("iit").questions[1].lines[0].slot == len(lines(year)) + 1
    assert lines(questions.remove_line(year, "iit", "I1", place=1)) == [second, *rest]


def test_the_only_line_is_the_question_itself(year: YearContent) -> None:
    single = next(row.code for row in year.instrument("iit").questions if len(row.lines) == 1)
    with pytest.raises(Refused, match="delete the question"):
        questions.remove_line(year, "iit", single, place=1)
    for place in (0, 2):
        with pytest.raises(NotFound):
            questions.move_line(year, "iit", single, place=place, to=1)


def test_lines_of_a_form_keep_the_words_of_what_stayed(year: YearContent) -> None:
    question = year.instrument("iit").questions[0]
    texts = [line.text for line in question.lines]
    says = {"indicator": "1", "text": question.text, "scale": question.scale, "note": "", "new_code": "I1"}
    after = questions.change_question(year, "iit", "I1", lines=[(text, "") for text in texts[1:]], **says)
    assert lines(after) == texts[1:], "the first line went, and its English with it"
    assert len([row for row in after.translations if row.thing == "line"]) == len(texts) - 1


def test_choices_move_and_go_with_their_words_and_points(year: YearContent) -> None:
    code = year.scales[0].code
    first, second, *rest = choices(year, code)
    moved = scales.move_choice(year, code, place=1, to=99)
    assert choices(moved, code) == [second, *rest, first]
    assert moved.scales[0].points[-1] == year.scales[0].points[0]
    assert choices(scales.remove_choice(year, code, place=1), code) == [second, *rest]
    copied = scales.copy_scale(year, code)
    assert choices(copied, "S1") == choices(year, code)
    assert copied.scales[1].points == year.scales[0].points
    two = scales.add_scale(year, ContentScale("T", ("ใช่", "ไม่เกี่ยวข้อง"), (Decimal(1), None)))
    with pytest.raises(Refused, match="two choices at least"):
        scales.remove_choice(two, "T", place=1)


def test_a_scale_with_another_code_keeps_the_words_of_its_choices(year: YearContent) -> None:
    scale = year.scales[0]
    corrected = replace(scale, code="NEW", labels=("แก้คำแล้ว", *scale.labels[1:]))
    after = scales.change_scale(year, scale.code, corrected)
    assert {row.code for row in after.translations if row.thing == "choice"} == {
        f"NEW.{place}" for place in range(1, len(scale.labels) + 1)
    }


def test_an_indicator_is_copied_with_all_that_is_in_it(year: YearContent) -> None:
    after = indicators.copy_indicator(year, "iit", "1")
    one = after.instrument("iit")
    assert [row.code for row in one.indicators][:3] == ["1", "6", "2"]
    mine = [row for row in one.questions if row.indicator == "6"]
    model = [row for row in one.questions if row.indicator == "1"]
    assert [row.code for row in mine] == [f"I{place}" for place in range(31, 31 + len(model))]
    assert [(row.text, len(row.lines)) for row in mine] == [(row.text, len(row.lines)) for row in model]
    assert ContentTranslation("en", "question", "iit:I31", "text", "Question one") in after.translations
    assert lines(after, "I31") == lines(year)
    checklist = indicators.copy_indicator(year, "oit", "9").instrument("oit")
    parts = [row.code for row in checklist.indicators if row.parent == "11"]
    assert parts == [f"11.{place}" for place in range(1, 6)]
    assert len(checklist.items) == 48 + len(
        [row for row in year.instrument("oit").items if row.indicator[:2] == "9."]
    )
    part = indicators.copy_indicator(year, "oit", "9.1").instrument("oit")
    assert "9.6" in {row.indicator for row in part.items}


def test_copies_say_the_same_in_further_languages(year: YearContent) -> None:
    copied = questions.copy_question(year, "iit", "I1")
    assert ContentTranslation("en", "question", "iit:I31", "text", "Question one") in copied.translations
    assert lines(copied, "I31") == lines(year)
    row = ContentTranslation("en", "item", "O1", "title", "Structure")
    item = items.copy_item(replace(year, translations=(row,)), "O1")
    assert item.translations == (row, replace(row, code="O49"))


@given(st.integers(1, 9), st.integers(-2, 12), st.integers(-2, 12))
def test_an_order_names_each_place_once(number: int, place: int, to: int) -> None:
    if not 1 <= place <= number:
        with pytest.raises(NotFound):
            order_moved(number, place, to)
        with pytest.raises(NotFound):
            order_without(number, place)
        return
    order = order_moved(number, place, to)
    assert sorted(order) == list(range(1, number + 1))
    assert order[min(max(to, 1), number) - 1] == place
    assert sorted([*order_without(number, place), place]) == sorted(order)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("abc", "abc", [1, 2, 3]),
        ("abc", "bc", [2, 3]),
        ("abc", "cab", [3, 1, 2]),
        ("abc", "axc", [1, 2, 3]),
        ("abc", "abcd", [1, 2, 3, 0]),
        ("abc", "xabc", [0, 1, 2, 3]),
        ("aa", "a", [1]),
        ("", "a", [0]),
    ],
)
def test_what_reads_the_same_is_the_same_and_what_stands_there_is_corrected(
    old: str, new: str, wanted: list[int]
) -> None:
    assert places_before(old, new) == wanted


def test_a_question_without_lines_is_copied_whole_not_by_its_line(year: YearContent) -> None:
    with pytest.raises(Refused, match="copied as a whole"):
        questions.copy_line(year, "iit", "I2", place=1)
