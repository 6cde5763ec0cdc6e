"""Pages compared with the pictures of them that were looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.letters import render_circular
from tests.reports import sample
from tests.reports.golden import FOLDER, MOST, PAPERS, differs, kept, pages


@pytest.mark.parametrize("name", PAPERS)
def test_a_page_is_as_it_was_looked_at(name: str) -> None:
    made, pictures = pages(PAPERS[name]()), kept(name)
    assert len(made) == len(pictures) > 0
    far = [differs(page, picture) for page, picture in zip(made, pictures, strict=True)]
    assert max(far) <= MOST, f"{name}: page {far.index(max(far)) + 1} differs: {far}"


def test_every_picture_has_its_paper() -> None:
    assert {path.stem.rpartition("-")[0] for path in FOLDER.glob("*.png")} == PAPERS.keys()


@pytest.mark.parametrize("change", ["one word", "one line lower", "another size"])
def test_a_small_change_is_seen(change: str) -> None:
    """The positive control: a word, a shift of one line, a font half a point larger."""
    letter = sample.circular().letter
    other = {
        "one word": replace(letter, subject=letter.subject.replace("การ", "กา", 1)),
        "one line lower": replace(letter, references=(*letter.references, "หนังสืออีกฉบับหนึ่ง")),
        "another size": replace(
            letter, office=replace(letter.office, typeface=replace(letter.office.typeface, size_pt=11))
        ),
    }[change]
    first, second = (
        pages(render_circular(replace(sample.circular(), letter=one)))[0] for one in (letter, other)
    )
    assert differs(first, second) > MOST
