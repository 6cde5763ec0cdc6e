"""Enclosure 1 of letters: the words of the guide, all of them, in their order."""

from __future__ import annotations

import pytest

from models.thai import NBSP
from portal.help import shelf
from portal.help.reading import Addresses, Unreadable, read
from portal.letters.words.enclosures import ENCLOSURES
from portal.letters.words.procedure import procedure_for, sections_of
from reports.letter_data import EnclosedPart, ProcedureSection

ADDRESSES = Addresses(lambda *_to: "", lambda _name: "")


def test_the_letter_says_what_the_page_shows_and_nothing_else() -> None:
    page = shelf.guide(shelf.PROCEDURE).html(ADDRESSES).striptags()
    made = procedure_for(2561)
    told = [words for section in made.sections for words in (section.title, *section.paragraphs)]
    assert " ".join(told).replace(NBSP, " ") == page
    assert len(made.sections) == 4 and all(section.paragraphs for section in made.sections)


def test_the_title_is_that_of_the_guide_with_the_year_and_stands_in_the_list_of_enclosures() -> None:
    title = procedure_for(2561).title
    assert title[0] == shelf.guide(shelf.PROCEDURE).title and title[-1].endswith(f"พ.ศ.{NBSP}2561")
    (listed,) = (one for one in ENCLOSURES if one.part is EnclosedPart.PROCEDURE)
    assert set(listed.titles.values()) == {title[0]}


def test_list_items_and_paragraphs_are_taken_in_their_order() -> None:
    guide = read(
        "one", '# ก\n\n## ข <a id="b"></a>\n\nค\n\n1. ง สำนักงาน ป.ป.ช.\n2. จ\n\n## ฉ <a id="c"></a>\n'
    )
    assert list(sections_of(guide)) == [
        ProcedureSection("ข", ("ค", f"ง สำนักงาน{NBSP}ป.ป.ช.", "จ")),
        ProcedureSection("ฉ", ()),
    ]


@pytest.mark.parametrize("text", ["# ก\n\nข\n", '# ก\n\n## ข <a id="b"></a>\n\n1. กด **ค**\n'])
def test_what_a_letter_cannot_print_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="cannot print"):
        list(sections_of(read("one", text)))
