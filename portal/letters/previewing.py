"""A text beside what it says: the letter to one real addressee, or what keeps it from being one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from models.letter_office import LetterOffice
from models.letter_text import TextKind
from models.round import Round
from portal.core.errors import Refused
from portal.core.texts import _
from portal.letters import texts
from portal.letters.figures import country_status, facts_of, province_statuses
from portal.letters.offices import office_of
from portal.letters.papers import NO_AGENCIES, NO_DATES
from portal.letters.results_told import country_results, province_results, require_told
from portal.letters.trying import words_of
from portal.letters.words.composing import compose, values_of_results
from portal.letters.words.faults import Fault, FaultyText, Source
from portal.letters.words.fields import FIELDS, Field, FieldKind, Scope, Values, printed
from portal.letters.words.values import LetterFacts, of_agency, of_country, of_province
from portal.status import figures
from reports.letter_data import AgencyStatus, OfficialLetter, ProvinceStatus
from reports.result_data import CountryResults, ProvinceResults

#: signs of a line that are shown on each side of a fault
AROUND = 40
_AT = re.compile(r"\{[^{}\n]{0,80}\}?|\S[^\s{}]{0,24}")


@dataclass(frozen=True)
class Asked:
    """Whose letter is looked at: the key of an addressee, the day on it, and whether it refers to another."""

    about: str
    dated: date
    refers: bool = False


@dataclass(frozen=True)
class Told:
    """A fault with its line: what stands before the place, at it and behind it."""

    line: int
    column: int
    words: str
    before: str
    at: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What a text says to one addressee. Without a letter ``faults`` or ``why`` says what is missing.

    ``values``: what each field gives in this letter, by its name.
    """

    letter: OfficialLetter | None = None
    faults: tuple[Told, ...] = ()
    why: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def addressees(round: Round, office: LetterOffice, kind: TextKind) -> dict[str, str]:
    """Whose letters may be looked at, by a key; none for the one letter about the country."""
    scope = texts.scope_of(kind)
    if scope.of_country:
        return {}
    if scope is not Scope.AGENCY:
        return {
            str(row.id): row.name for row in figures.provinces(round) if office.province_id in (None, row.id)
        }
    return {str(place): agency.name for place, (_d, agency) in enumerate(_agencies(_status(round, office)))}


def previewed(round: Round, office: LetterOffice, kind: TextKind, source: str, asked: Asked) -> Preview:
    """The letter that a text makes to the addressee that is asked for, with figures of today."""
    try:
        values = _values(round, office, kind, asked)
    except Refused as refused:
        values, why = None, refused.message
    else:
        why = ""
    shown = _shown(texts.scope_of(kind), values) if values is not None else {}
    signs = office.signatories[0] if office.signatories else None
    try:
        text = texts.read(kind, source)
        if values is None:
            return Preview(why=why)
        return Preview(
            compose(
                text,
                values,
                office=office_of(office.texts, signs),
                number="…",
                dated=asked.dated,
                references=(_("(the letter that is referred to)"),) if asked.refers else (),
            ),
            values=shown,
        )
    except FaultyText as error:
        return Preview(faults=tuple(told(error.faults, source)), why=why, values=shown)


def told(faults: Iterable[Fault], source: str) -> Iterable[Told]:
    """Faults with the lines of the text in which they stand."""
    lines = Source(source).text.split("\n")
    for fault in faults:
        line = lines[fault.line - 1] if fault.line <= len(lines) else ""
        begin = fault.column - 1
        found = _AT.match(line, begin)
        end = found.end() if found else begin
        before, after = line[max(0, begin - AROUND) : begin], line[end : end + AROUND]
        yield Told(
            fault.line,
            fault.column,
            words_of(fault),
            ("…" if begin > AROUND else "") + before,
            line[begin:end],
            after + ("…" if len(line) > end + AROUND else ""),
        )


def fields_of(kind: TextKind) -> list[Field]:
    """The fields and facts that a text of a kind may name, in the order of the catalogue."""
    return [one for one in FIELDS if texts.scope_of(kind) in one.scopes]


def _values(round: Round, office: LetterOffice, kind: TextKind, asked: Asked) -> Values:
    """The values of one addressee. Raises Refused where the round has no agencies or no dates."""
    try:
        facts = LetterFacts(facts_of(round), asked.dated, int(asked.refers))
    except LookupError as error:
        raise Refused(NO_DATES) from error
    scope = texts.scope_of(kind)
    if scope.of_results:
        return values_of_results(_results(round, office, scope, asked), facts)
    if scope is Scope.COUNTRY:
        country = country_status(round)
        if not country.rows:
            raise Refused(NO_AGENCIES)
        return of_country(country, facts)
    if scope is Scope.PROVINCE:
        one = int(asked.about) if asked.about else None
        return of_province(_status(round, office, one), facts)
    status = _status(round, office)
    agencies = _agencies(status)
    district, agency = agencies[int(asked.about or 0)]
    return of_agency(agency, facts, district=district, province=status.province, as_of=status.as_of)


def _status(round: Round, office: LetterOffice, province_id: int | None = None) -> ProvinceStatus:
    """The status of the office's province, or of the one that is asked for. Raises Refused without one."""
    of = office.province_id or province_id
    found = province_statuses(round, [of]) if of is not None else {}
    if of not in found:
        raise Refused(NO_AGENCIES)
    return found[of]


def _results(
    round: Round, office: LetterOffice, scope: Scope, asked: Asked
) -> ProvinceResults | CountryResults:
    """The results that a letter tells. Raises Refused where there are none yet, or no agencies."""
    require_told(round)
    if scope.of_country:
        return country_results(round)
    one = office.province_id or int(asked.about or 0)
    found = province_results(round, [one])
    if one not in found:
        raise Refused(NO_AGENCIES)
    return found[one]


def _agencies(status: ProvinceStatus) -> list[tuple[str, AgencyStatus]]:
    """The agencies of a province with their districts; that of the whole province has none to name."""
    return [
        (district.name, agency)
        for district in status.districts
        if district.name
        for agency in district.agencies
    ]


def _shown(scope: Scope, values: Values) -> dict[str, str]:
    """What each field prints, and of a fact whether it holds."""
    shown = {}
    for one in (one for one in FIELDS if scope in one.scopes):
        value = values.get(one.name)
        if one.kind is FieldKind.FACT:
            shown[one.name] = _("Yes") if value else _("No")
        else:
            shown[one.name] = printed(one, value)
    return shown
