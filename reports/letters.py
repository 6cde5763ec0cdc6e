"""Letters as PDF: data in, bytes out. The same data gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from jinja2 import Environment
from weasyprint.document import Document

from models.grading import shown
from models.thai import MONTHS_SHORT, NBSP, be_year, letter_digits, thai_date
from reports.continuation import announcements
from reports.letter_data import (
    STEP_NAMES,
    Circular,
    EnclosedPart,
    Enclosure,
    LetterForm,
    NaccLetter,
    Office,
    OfficialLetter,
    Procedure,
    ProvinceSummary,
    Typeface,
)
from reports.letter_files import Lettered, data_files
from reports.press import Press, the_press
from reports.qr import small_png
from reports.result_data import INSTRUMENT_HEADS, ProvinceResults, ResultsLetter
from reports.signing_place import signing_place
from reports.standards import Standing
from reports.templating import paper_templates
from reports.wording import one_line, share

_BLANK = NBSP * 50
_FORMS = {
    LetterForm.EXTERNAL: "letter.html",
    LetterForm.STAMPED: "stamped.html",
    LetterForm.MEMORANDUM: "memorandum.html",
}


def _short_day(day: date) -> str:
    return f"{day.day}{NBSP}{MONTHS_SHORT[day.month - 1]}{NBSP}{be_year(day) % 100:02d}"


def _steps(numbers: Sequence[int]) -> str:
    """Numbers of steps as people list them: "1, 2 และ 4"."""
    *first, last = map(str, numbers)
    return f"{', '.join(first)} และ {last}" if first else last


def _score(score: Decimal | Fraction | None, none: str = "–") -> str:
    """A score with two decimals; ``none`` where there is none."""
    return none if score is None else str(shown(score))


def _environment() -> Environment:
    environment = paper_templates()
    environment.filters.update(
        date=thai_date,
        day=_short_day,
        count=lambda number: f"{number:,}",
        share=share,
        line=one_line,
        steps=_steps,
        score=_score,
    )
    environment.globals.update(step_names=STEP_NAMES, instrument_heads=INSTRUMENT_HEADS, blank=_BLANK)
    return environment


_TEMPLATES = _environment()


def render_circular(circular: Circular) -> bytes:
    """DLA's circular to one governor: letter, procedure and the status of the province, in one PDF."""
    return _of_preparation(circular, "province_status.html")


def render_nacc_letter(letter: NaccLetter) -> bytes:
    """NACC's letter to DLA, or DLA's one to all governors: letter, procedure and the country's status."""
    return _of_preparation(letter, "country_status.html")


def render_results_letter(letter: ResultsLetter) -> bytes:
    """The letter that tells results, with the table of its province or of the country, in one PDF."""
    of_province = isinstance(letter.results, ProvinceResults)
    template = "province_results.html" if of_province else "country_results.html"
    return _with_enclosures(letter, {EnclosedPart.RESULTS: partial(_sheet, template, results=letter.results)})


def render_province_summary(summary: ProvinceSummary) -> bytes:
    """The status of a province as its own staff print it."""
    press = the_press()
    page = _sheet(
        "province_summary.html",
        summary.office.typeface,
        summary=summary,
        status=summary.status,
        emblem=press.image(summary.office.emblem),
    )
    return press.bind([page], _standing(summary, summary.office, summary.printed_on))


def _of_preparation(paper: Circular | NaccLetter, template: str) -> bytes:
    return _with_enclosures(
        paper,
        {
            EnclosedPart.PROCEDURE: partial(_procedure, procedure=paper.procedure),
            EnclosedPart.STATUS: partial(_sheet, template, status=paper.status),
        },
    )


def _with_enclosures(
    paper: Circular | NaccLetter | ResultsLetter, sheets: Mapping[EnclosedPart, Callable[..., Document]]
) -> bytes:
    """The letter with the papers that it announces, each laid out by the function of its part."""
    press, letter = the_press(), paper.letter
    typeface = letter.office.typeface
    with press.holding([small_png(letter.verify_url)] if letter.verify_url else []) as codes:
        pages = _letter_pages(press, letter, code=next(iter(codes), ""))
        enclosed = (
            sheets[one.part](typeface=typeface, index=index) for index, one in _numbered(letter.enclosures)
        )
        place = signing_place(pages[0]) if letter.signature_field else None
        return press.bind(
            [*pages, *enclosed], replace(_standing(paper, letter.office, letter.dated), place=place)
        )


def _standing(paper: Lettered, office: Office, dated: date) -> Standing:
    return Standing(str(letter_digits(office.name)), dated, data_files(paper))


def _numbered(enclosures: Sequence[Enclosure]) -> Iterator[tuple[int | str, Enclosure]]:
    """Enclosures with the numbers that their letter gives them; a lone one has none."""
    if len(enclosures) == 1:
        yield "", enclosures[0]
    else:
        yield from enumerate(enclosures, start=1)


def _procedure(*, procedure: Procedure, typeface: Typeface, index: int | str) -> Document:
    return the_press().lay_out_once(_text("procedure.html", procedure=procedure, index=index), typeface)


def _sheet(template: str, typeface: Typeface, **values: Any) -> Document:
    return the_press().lay_out(_text(template, **values), typeface)


def _text(template: str, **values: Any) -> str:
    return _TEMPLATES.get_template(template).render(values)


def _letter_pages(press: Press, letter: OfficialLetter, *, code: str = "") -> list[Document]:
    """The letter, laid out again when its pages begin with other words than the pages before announced."""
    html = _text(_FORMS[letter.form], letter=letter, emblem=press.image(letter.office.emblem), code=code)
    announced = press.last_continuation
    document = press.lay_out(html, letter.office.typeface, continuation=announced)
    words = announcements(document)
    if words != announced:
        document = press.lay_out(html, letter.office.typeface, continuation=words)
        press.last_continuation = words
    return [document]
