"""Letters from texts: what the office's text says for one addressee, with the papers that it encloses."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.letters.words.fields import Scope, Values
from portal.letters.words.procedure import procedure_for
from portal.letters.words.reading import LetterText
from portal.letters.words.shipped import ShippedText, shipped
from portal.letters.words.values import LetterFacts, of_agency, of_country, of_province, of_results
from portal.letters.words.writing import write_text
from reports.calendar_wording import RoundFacts
from reports.letter_data import (
    Circular,
    CountryCircular,
    CountryStatus,
    NaccLetter,
    Office,
    OfficialLetter,
    Procedure,
    ProvinceStatus,
)
from reports.result_data import CountryResults, ProvinceResults, ResultsLetter
from reports.wording import MOST_URGENT


def circular_for(
    status: ProvinceStatus,
    *,
    office: Office,
    facts: RoundFacts,
    number: str,
    dated: date,
    references: tuple[str, ...] = (),
    urgency: str = MOST_URGENT,
    procedure: Procedure | None = None,
    text: LetterText | None = None,
) -> Circular:
    """The letter about the status' province, by DLA's circular to its governor where no other text is given.

    A text about one agency makes the letter to the only one in ``status``.

    Raises FaultyText where the text makes no letter of these data.
    """
    chosen = text or shipped(ShippedText.CIRCULAR)
    letter = LetterFacts(facts, dated, len(references) + len(chosen.references))
    return Circular(
        compose(
            chosen,
            values_of_status(status, chosen.scope, letter),
            office=office,
            number=number,
            dated=dated,
            references=references,
            urgency=urgency,
        ),
        procedure or procedure_for(facts.fiscal_year),
        status,
        facts,
    )


def nacc_letter_for(
    status: CountryStatus,
    *,
    office: Office,
    facts: RoundFacts,
    number: str,
    dated: date,
    references: tuple[str, ...] = (),
    urgency: str = MOST_URGENT,
    procedure: Procedure | None = None,
    text: LetterText | None = None,
) -> NaccLetter:
    """The letter about the whole country, by NACC's letter to DLA where no other text is given.

    Raises FaultyText where the text makes no letter of these data.
    """
    chosen = text or shipped(ShippedText.NACC)
    letter = LetterFacts(facts, dated, len(references) + len(chosen.references))
    return NaccLetter(
        compose(
            chosen,
            of_country(status, letter),
            office=office,
            number=number,
            dated=dated,
            references=references,
            urgency=urgency,
        ),
        procedure or procedure_for(facts.fiscal_year),
        status,
        facts,
    )


def country_circular_for(
    status: CountryStatus, *, text: LetterText | None = None, **told: Any
) -> CountryCircular:
    """DLA's one letter to the governors of all provinces; ``told`` as in ``nacc_letter_for``.

    Raises FaultyText where the text makes no letter of these data.
    """
    made = nacc_letter_for(status, text=text or shipped(ShippedText.ALL_PROVINCES), **told)
    return CountryCircular(made.letter, made.procedure, made.status, made.facts)


def results_letter_for(
    results: ProvinceResults | CountryResults,
    *,
    office: Office,
    facts: RoundFacts,
    number: str,
    dated: date,
    references: tuple[str, ...] = (),
    urgency: str = "",
    text: LetterText | None = None,
) -> ResultsLetter:
    """The letter that tells the results of a province or of the country, by DLA's or NACC's usual text.

    Raises FaultyText where the text makes no letter of these data.
    """
    of_province = isinstance(results, ProvinceResults)
    chosen = text or shipped(ShippedText.RESULTS if of_province else ShippedText.RESULTS_NACC)
    letter = compose(
        chosen,
        values_of_results(results, LetterFacts(facts, dated, len(references) + len(chosen.references))),
        office=office,
        number=number,
        dated=dated,
        references=references,
        urgency=urgency,
    )
    return ResultsLetter(letter, results, facts)


def values_of_status(status: ProvinceStatus, scope: Scope, letter: LetterFacts) -> Values:
    """What a letter about a province tells, or one about the only agency in ``status``."""
    if scope is not Scope.AGENCY:
        return of_province(status, letter)
    (district,) = status.districts
    (agency,) = district.agencies
    return of_agency(agency, letter, district=district.name, province=status.province, as_of=status.as_of)


def values_of_results(results: ProvinceResults | CountryResults, letter: LetterFacts) -> Values:
    """What a letter of these results tells."""
    if isinstance(results, ProvinceResults):
        return of_results(results.sums, results.grading, letter, province=results.province)
    return of_results(results.sums, results.grading, letter, provinces=len(results.rows))


def compose(
    text: LetterText,
    values: Values,
    *,
    office: Office,
    number: str,
    dated: date,
    references: tuple[str, ...] = (),
    urgency: str = "",
) -> OfficialLetter:
    """What the text says with these values, under the office's number: a circular's with its ว.

    The text's own references stand before those that are given. Raises FaultyText.
    """
    written = write_text(text, values)
    return OfficialLetter(
        office=office,
        number=office.circular_number_of(number) if text.circular else office.number_of(number),
        dated=dated,
        subject=written.subject,
        addressee=written.addressee,
        paragraphs=written.paragraphs,
        conclusion=written.conclusion,
        salutation=text.salutation,
        references=(*written.references, *references),
        enclosures=written.enclosures,
        closing=written.closing,
        urgency=urgency,
        form=text.form,
    )
