"""Where the parts of an official letter stand on the paper, in centimetres: docs/official-letter-rules.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from weasyprint.document import Document
from weasyprint.formatting_structure import boxes

from reports.letter_data import LetterForm, Paragraph
from reports.letters import _letter_pages
from reports.press import the_press
from tests.reports.sample import circular
from tests.reports.test_forms import in_form

#: a line of 18 pt
LINE = 18 / 72 * 2.54


def cm(pixels: float) -> float:
    return pixels / 96 * 2.54


def near(centimetres: float, by: float = 0.06) -> Any:
    return pytest.approx(centimetres, abs=by)


def laid_out(letter: Any) -> Document:
    (document,) = _letter_pages(the_press(), letter)
    return document


@pytest.fixture(scope="module")
def letter() -> Document:
    """A circular of three pages."""
    made = circular().letter
    long = Paragraph("ให้ดำเนินการตามหนังสือที่อ้างถึง และรายงานผลให้ทราบ " * 40)
    return laid_out(replace(made, urgency="ด่วนที่สุด", paragraphs=(*made.paragraphs, long, long)))


@pytest.fixture(scope="module")
def memorandum() -> Document:
    return laid_out(in_form(LetterForm.MEMORANDUM).letter)


def everything(document: Document, page: int = 0) -> list[Any]:
    return list(document.pages[page]._page_box.descendants(placeholders=True))


def of_class(document: Document, name: str, page: int = 0) -> Any:
    """The first box of the elements of a class."""
    for box in everything(document, page):
        if box.element is not None and name in (box.element.get("class") or "").split():
            return box
    raise AssertionError(f"no {name} on page {page + 1}")


def words(box: Any) -> list[Any]:
    """The texts inside a box."""
    return [one for one in box.descendants(placeholders=True) if isinstance(one, boxes.TextBox)]


def emblem(document: Document) -> Any:
    return next(box for box in everything(document) if isinstance(box, boxes.ReplacedBox))


def lines(document: Document, page: int) -> Iterator[Any]:
    """The texts of a page between its margins."""
    root = document.pages[page]._page_box.children[0]
    yield from words(root)


def test_the_emblem_is_three_centimetres_high_in_the_middle_above(letter: Document) -> None:
    image = emblem(letter)
    assert (cm(image.width), cm(image.height), cm(image.position_y)) == (near(3), near(3), near(1.5))
    assert cm(image.position_x + image.width / 2) == near(10.5)


def test_the_number_stands_left_and_the_office_right_at_the_emblem_s_feet(letter: Document) -> None:
    image, number, office = emblem(letter), of_class(letter, "number"), of_class(letter, "sender")
    feet = cm(image.position_y + image.height)
    for part in (number, office):
        first = words(part)[0]
        assert feet - 0.65 < cm(first.position_y) < feet
    assert cm(words(number)[0].position_x) == near(3)
    assert cm(words(office)[0].position_x) > 10.5 + 1.5


def test_urgency_is_large_and_stands_above_the_number(letter: Document) -> None:
    mark, number = words(of_class(letter, "marks"))[0], words(of_class(letter, "number"))[0]
    assert mark.style["font_size"] == 2 * number.style["font_size"]
    assert cm(mark.position_x) == near(3) and mark.position_y + mark.height <= number.position_y + 1


def test_no_line_leaves_the_margins(letter: Document) -> None:
    for page in range(len(letter.pages)):
        for one in lines(letter, page):
            assert cm(one.position_x) >= 3 - 0.01 and cm(one.position_x + one.width) <= 19.05, one.text
            assert cm(one.position_y + one.height) <= 27.7 + 0.01, one.text


def test_date_and_closing_begin_in_the_middle(letter: Document) -> None:
    last = len(letter.pages) - 1
    for name, page in (("date", 0), ("closing", last)):
        assert cm(words(of_class(letter, name, page))[0].position_x) == near(10.5), name


def test_a_paragraph_begins_two_and_a_half_centimetres_in(letter: Document) -> None:
    first, second, *_ = words(of_class(letter, "text"))
    assert (cm(first.position_x), cm(second.position_x)) == (near(5.5), near(3))


def test_a_further_page_has_its_number_at_three_and_its_text_at_four(letter: Document) -> None:
    for page in range(1, len(letter.pages)):
        margin = [box for box in letter.pages[page]._page_box.children if isinstance(box, boxes.MarginBox)]
        number = next(one for box in margin for one in words(box) if "\u2011" in one.text)
        assert cm(number.position_y + number.height / 2) == near(3, 0.15)
        assert cm(next(lines(letter, page)).position_y) == near(4, 0.2)
    first = [box for box in letter.pages[0]._page_box.children if isinstance(box, boxes.MarginBox)]
    assert not [one for box in first for one in words(box) if "\u2011" in one.text]


def test_there_are_four_lines_for_the_signature_and_three_before_the_owner(letter: Document) -> None:
    last = len(letter.pages) - 1
    closing, owner = (words(of_class(letter, name, last)) for name in ("closing", "owner"))
    signature = words(of_class(letter, "signature", last))
    assert cm(signature[0].position_y - closing[-1].position_y) == near(4 * LINE)
    assert cm(owner[0].position_y - signature[-1].position_y) == near(3 * LINE)


def test_a_memorandum_has_the_small_emblem_left_of_its_large_heading(memorandum: Document) -> None:
    image = emblem(memorandum)
    assert (cm(image.width), cm(image.height)) == (near(1.5), near(1.5))
    assert (cm(image.position_x), cm(image.position_y)) == (near(3), near(1.5))
    heading = next(one for one in words(of_class(memorandum, "memo-crest")) if one.text == "บันทึกข้อความ")
    label = words(of_class(memorandum, "memo-label"))[0]
    text = words(of_class(memorandum, "text"))[0]
    assert heading.style["font_size"] / text.style["font_size"] == pytest.approx(29 / 16)
    assert label.style["font_size"] / text.style["font_size"] == pytest.approx(20 / 16)
    assert cm(heading.position_x + heading.width / 2) == near(11, 0.1)
