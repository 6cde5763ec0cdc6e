"""Enclosure 1 of letters: how the assessment is carried out, from the guide that the portal shows too."""

from __future__ import annotations

from collections.abc import Iterator

from models.thai import NBSP
from portal.help import shelf
from portal.help.reading import Guide, Unreadable
from reports.letter_data import Procedure, ProcedureSection

_NACC = "สำนักงาน ป.ป.ช."


def procedure_for(fiscal_year: int) -> Procedure:
    """The procedure of a fiscal year (Buddhist era): its chapters as sections, numbered on paper.

    Raises Unreadable where the guide holds what a letter cannot print.
    """
    guide = shelf.guide(shelf.PROCEDURE)
    return Procedure(
        (
            guide.title,
            "การประเมินคุณธรรมและความโปร่งใสในการดำเนินงานขององค์กรปกครองส่วนท้องถิ่น",
            f"ประจำปีงบประมาณ พ.ศ.{NBSP}{fiscal_year}",
        ),
        tuple(sections_of(guide)),
    )


def procedure_title() -> str:
    """What the procedure is called on the list of enclosures."""
    return shelf.guide(shelf.PROCEDURE).title


def sections_of(guide: Guide) -> Iterator[ProcedureSection]:
    """Each chapter with its paragraphs and list items in their order.

    Raises Unreadable for words before the first chapter, and for anything but plain words in a paragraph.
    """
    found: list[list[str]] = []
    before = ""
    for token in guide.tokens:
        if token.type == "heading_open":
            found.append([])
        elif token.type == "inline" and before != "heading_open":
            if not found or any(child.type != "text" for child in token.children or ()):
                raise Unreadable(f"{guide.name}: a letter cannot print {token.content!r}")
            found[-1].append(token.content.replace(_NACC, _NACC.replace(" ", NBSP)))
        before = token.type
    for chapter, paragraphs in zip(guide.chapters, found, strict=True):
        yield ProcedureSection(chapter.title, tuple(paragraphs))
