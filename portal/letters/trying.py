"""The words of a letter tried before anything is printed: do they make a letter to each of its addressees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.dispatch import Dispatch
from models.round import Round
from models.thai import local_day
from portal.core import clock
from portal.core.errors import Refused
from portal.core.texts import _
from portal.letters import texts
from portal.letters.figures import facts_of, province_statuses
from portal.letters.results_told import country_results
from portal.letters.words.composing import values_of_results, values_of_status
from portal.letters.words.faults import Fault, FaultyText
from portal.letters.words.fields import Scope, Values
from portal.letters.words.values import LetterFacts, of_country, of_province_sums, of_results
from portal.letters.words.writing import write_text
from portal.results.lists import figures_shown, provinces_in
from portal.status import figures
from reports.letter_data import CountryRow, CountryStatus


def words_of(fault: Fault) -> str:
    """A fault as people read it."""
    return _(fault.reason.value, **fault.values)


def refusal(error: FaultyText, place: str = "") -> Refused:
    """What keeps a letter from being made, with the first of the faults and where it stands."""
    first = error.faults[0]
    values = {"line": first.line, "column": first.column, "fault": words_of(first)}
    if place:
        return Refused(
            "The words make no letter to %(place)s: line %(line)s, sign %(column)s: %(fault)s",
            field="text", place=place, **values,
        )  # fmt: skip
    return Refused(
        "The words make no letter: line %(line)s, sign %(column)s: %(fault)s", field="text", **values
    )


def problem_of(dispatch: Dispatch, dated: date | None) -> Refused | None:
    """Why the words make no letter to one of the addressees on a day (None: today); None where they do.

    Sums by province are enough for this: of preparation no agency is read but the one that a letter goes to.
    """
    version = texts.text_of(dispatch)
    try:
        text, facts = texts.read(version.kind, version.source), facts_of(dispatch.round)
    except FaultyText as error:
        return refusal(error)
    except LookupError:
        return None  # said by who gathers the facts
    count = len(dispatch.cites) + len(text.references)
    letter = LetterFacts(facts, dated or local_day(clock.now()), count)
    for place, values in _told(dispatch, text.scope, letter):
        try:
            write_text(text, values)
        except FaultyText as error:
            return refusal(error, place)
    return None


def _told(dispatch: Dispatch, scope: Scope, letter: LetterFacts) -> Iterator[tuple[str, Values]]:
    """What each copy tells, and to which province it goes."""
    if scope is Scope.AGENCY:
        for status in province_statuses(dispatch.round, agency_id=dispatch.to_agency_id).values():
            yield "", values_of_status(status, scope, letter)
        return
    if scope.of_results:
        yield from _results_told(dispatch, scope, letter)
        return
    rows = list(_sums(dispatch.round, dispatch.to_provinces))
    if scope is Scope.COUNTRY:
        whole = CountryStatus(letter.round.fiscal_year, local_day(clock.now()), tuple(rows))
        if rows:
            yield "", of_country(whole, letter)
        return
    for row in rows:
        alone = CountryStatus(letter.round.fiscal_year, local_day(clock.now()), (row,))
        yield row.province, of_province_sums(row.province, alone, letter)


def _results_told(dispatch: Dispatch, scope: Scope, letter: LetterFacts) -> Iterator[tuple[str, Values]]:
    """As ``_told`` of a letter of results; nothing while there are none: said by who gathers."""
    if not figures_shown(dispatch.round):
        return
    country = country_results(dispatch.round)
    if scope.of_country:
        if country.rows:
            yield "", values_of_results(country, letter)
        return
    only = _names(dispatch)
    for row in country.rows:
        if only is None or row.place in only:
            yield row.place, of_results(row, country.grading, letter, province=row.place)


def _names(dispatch: Dispatch) -> set[str] | None:
    """The names of the provinces that a letter goes to; None: all."""
    if dispatch.to_provinces is None:
        return None
    return {name for key, name in provinces_in(dispatch.round) if key in dispatch.to_provinces}


def _sums(round: Round, only: list[int] | None) -> Iterator[CountryRow]:
    for row in figures.provinces(round):
        if only is None or row.id in only:
            yield CountryRow(row.name, row.counts.agencies, row.counts.done, row.counts.complete)
