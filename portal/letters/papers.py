"""The papers of a letter: from what it is made of, for one addressee, with or without its number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select

from models.dispatch import Dispatch
from models.letter_office import SigningOrder
from models.letter_text import Addressee, TextKind
from models.participation import Participation
from models.round import Round
from models.thai import NBSP, local_day, thai_date_short
from portal.core import clock
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.letters import texts
from portal.letters.figures import country_status, facts_of, province_statuses
from portal.letters.made_from import MadeFrom
from portal.letters.offices import office_of
from portal.letters.results_told import country_results, province_results, require_told
from portal.letters.trying import refusal
from portal.letters.words.composing import (
    circular_for,
    country_circular_for,
    nacc_letter_for,
    results_letter_for,
)
from portal.letters.words.faults import FaultyText
from portal.letters.words.reading import LetterText
from reports.letter_data import Circular, NaccLetter
from reports.result_data import ResultsLetter

T = TypeVar("T")
Paper = Circular | NaccLetter | ResultsLetter
#: the one copy of a letter that goes to no province
ONE = "country"
NO_AGENCIES = "This round has no agencies to write about"
NO_DATES = "The round has no dates for preparation yet: the letter names them"


def gathered(dispatch: Dispatch, province_ids: Iterable[int] | None = None) -> MadeFrom:
    """What the copies say as things stand now: of these provinces, or of all that the letter goes to.

    Raises Refused where the round has no agencies to write about, no dates for preparation, or, for a letter
    of results, where none may be told yet.
    """
    from_round = dispatch.round
    try:
        facts = facts_of(from_round)
    except LookupError as error:
        raise Refused(NO_DATES) from error
    version = texts.text_of(dispatch)
    made_from = MadeFrom(
        office=office_of(dispatch.office.texts, dispatch.signatory),
        facts=facts,
        as_of=local_day(clock.now()),
        by_key=dispatch.office.by_key,
        urgency=dispatch.urgency,
        references=tuple(dispatch.cites),
        text_kind=version.kind.value,
        text=version.source,
    )
    chosen = dispatch.to_provinces if province_ids is None else list(province_ids)
    gather = _results if texts.scope_of(version.kind).of_results else _status
    one = texts.is_one_letter(dispatch)
    made_from = gather(made_from, from_round, None if one else Chosen(chosen, dispatch.to_agency_id))
    told = made_from.of_country
    if not (made_from.of_provinces if told is None else told.rows):
        raise Refused(NO_AGENCIES)
    return made_from


@dataclass(frozen=True)
class Chosen:
    """The provinces that a letter is about (None: all), and the one agency, where it is about one."""

    provinces: Sequence[int] | None
    agency: int | None = None


def _status(made_from: MadeFrom, round: Round, chosen: Chosen | None) -> MadeFrom:
    """With how far preparation is; ``chosen`` None: in the whole country."""
    if chosen is None:
        return replace(made_from, country=country_status(round))
    found = province_statuses(round, chosen.provinces, agency_id=chosen.agency)
    return replace(made_from, provinces=_by_key(found))


def _results(made_from: MadeFrom, round: Round, chosen: Chosen | None) -> MadeFrom:
    """With the results; ``chosen`` None: of the whole country."""
    require_told(round)
    if chosen is None:
        return replace(made_from, country_results=country_results(round))
    return replace(made_from, results=_by_key(province_results(round, chosen.provinces)))


def _by_key(told: Mapping[int, T]) -> dict[str, T]:
    return {str(key): one for key, one in told.items()}


def subject_of(dispatch: Dispatch) -> str:
    """What the letter is about, which is the same in every copy: read off the copy of one addressee.

    Raises Refused as ``gathered`` and ``paper_for``.
    """
    some = dispatch.to_provinces
    if some is None:
        taking_part = select(Participation.province_id).where(Participation.round_id == dispatch.round.id)
        some = list(db.session.scalars(taking_part.limit(1)))
    made_from = gathered(dispatch, some[:1])
    return paper_for(made_from, addressees(made_from)[0], number="", dated=None).letter.subject


def addressees(made_from: MadeFrom) -> list[str]:
    """The keys of the copies: ids of provinces, or the one copy's."""
    return list(made_from.of_provinces) if made_from.of_country is None else [ONE]


def goes_to_governors(made_from: MadeFrom) -> bool:
    """True where the one letter about the country is DLA's to all governors, and not NACC's to DLA."""
    return made_from.text_kind == TextKind.ALL_PROVINCES.value


def paper_for(made_from: MadeFrom, key: str, *, number: str, dated: date | None) -> Paper:
    """One copy. Without ``dated`` number and day are left blank for who signs the paper.

    A letter tells its facts as they stand on its own day; one that is signed first, on the day of its print.
    Raises Refused where the words make no letter to this addressee.
    """
    told = {
        "office": made_from.office,
        "facts": made_from.facts,
        "number": number,
        "dated": dated or made_from.as_of,
        "references": made_from.references,
        "urgency": made_from.urgency,
    }
    to = made_from.of_provinces.get(key)
    try:
        paper = _written(made_from, key, text=_words(made_from), **told)
    except FaultyText as error:
        raise refusal(error, to.province if to is not None else "") from error
    letter = replace(paper.letter, undated=dated is None, signature_field=made_from.by_key)
    return replace(paper, letter=letter)


def _written(made_from: MadeFrom, key: str, **told: Any) -> Paper:
    """The copy by what it tells. Raises FaultyText."""
    results = made_from.country_results or made_from.results.get(key)
    if results is not None:
        return results_letter_for(results, **told)
    if made_from.country is None:
        return circular_for(made_from.provinces[key], **told)
    write = country_circular_for if goes_to_governors(made_from) else nacc_letter_for
    return write(made_from.country, **told)


def _words(made_from: MadeFrom) -> LetterText | None:
    """The words that were kept; None for the portal's own, of a letter from before."""
    return texts.read(TextKind(made_from.text_kind), made_from.text) if made_from.text else None


def told_on(dispatch: Dispatch, made_from: MadeFrom, dated: date) -> date:
    """The day whose facts an issued letter tells: its own, or that on which it was printed to be signed."""
    return made_from.as_of if dispatch.office.signing is SigningOrder.SIGN_FIRST else dated


def try_all(made_from: MadeFrom, day: date) -> None:
    """Write every copy with the facts of a day, and print none. Raises Refused as ``paper_for``."""
    for key in addressees(made_from):
        paper_for(made_from, key, number="", dated=day)


def numbered(made_from: MadeFrom, key: str, *, number: str, dated: date, told_on: date) -> Paper:
    """One copy as it is issued: its words tell the facts of ``told_on``."""
    paper = paper_for(made_from, key, number=number, dated=told_on)
    return replace(paper, letter=replace(paper.letter, dated=dated))


def file_name(made_from: MadeFrom, key: str, *, number: str = "", dated: date | None = None) -> str:
    """What the file of a copy is called: number, day and province; without them, that it is a letter."""
    known = "หนังสือ"
    if dated is not None:
        day = thai_date_short(dated).replace(NBSP, " ")  # a name of a file is searched for by typing it
        known = f"{number.replace('/', '-')} ลงวันที่ {day}"
    return f"{known} {_reader(made_from, key)}.pdf"


def _reader(made_from: MadeFrom, key: str) -> str:
    """Whom a copy goes to, as the name of its file says it."""
    to = TextKind(made_from.text_kind).to if made_from.text_kind else None
    if made_from.of_country is not None:
        readers: dict[Any, str] = {Addressee.GOVERNORS: "ทุกจังหวัด", Addressee.OWN_HEAD: "บันทึกข้อความ"}
        return readers.get(to, "กรมส่งเสริมการปกครองท้องถิ่น")
    if to is Addressee.AGENCY:
        return made_from.provinces[key].districts[0].agencies[0].name
    place = f"จังหวัด{made_from.of_provinces[key].province}"
    many: dict[Any, str] = {Addressee.AGENCIES: f"อปท. ใน{place}", Addressee.DISTRICTS: f"อำเภอใน{place}"}
    return many.get(to, place)
