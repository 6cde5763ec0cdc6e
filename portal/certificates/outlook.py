"""Before the certificates of a round are released: who gets one, who none and why, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from models.certificate import CertificateRelease
from models.letter_office import LetterOffice, OfficeKind, Signatory
from models.participation import Participation
from models.place import Province
from models.result import Result
from models.round import Round
from models.thai import local_day, thai_date
from portal.core import clock
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.letters.offices import NO_FONT, missing_font, missing_for_letters, office_row
from portal.letters.sealing import key_state
from portal.results.lists import require_opened, spread

ALREADY = "The certificates of this round were released already"
NO_SETTINGS = "Fill in the office's settings first: its name, address and number prefix stand on its papers"
NOBODY = "No agency of this round has a total and a grade: there is nothing to certify"


@dataclass(frozen=True)
class Outlook:
    """How many agencies get a certificate, and how many none, by reason (``portal.results.computing``)."""

    certified: int
    without: tuple[tuple[str, int], ...]

    @property
    def left_out(self) -> int:
        """Agencies that get none."""
        return sum(number for _reason, number in self.without)


@dataclass(frozen=True)
class Graded:
    """An agency with a total and a grade, as its certificate names it."""

    participation_id: int
    agency_id: int
    province_id: int
    full_name: str
    district: str
    province: str
    total: Decimal
    grade: str


def release_of(round: Round) -> CertificateRelease | None:
    """The release of a round's certificates; None before it."""
    query = select(CertificateRelease).where(CertificateRelease.round_id == round.id)
    return db.session.scalars(query).one_or_none()


def outlook(round: Round) -> Outlook:
    """Who would get a certificate now. Raises Refused before the results are shown."""
    grades = spread(round)
    without = tuple((share.label, share.count) for share in grades.reasons if share.count)
    return Outlook(grades.graded, without)


def graded(round: Round) -> list[Graded]:
    """The agencies that get a certificate, in the order of its numbers: by province, then by name; one query.

    Raises Refused before the results are shown.
    """
    require_opened(round)
    query = _graded(round).join(Province, Province.id == Participation.province_id)
    query = query.order_by(Province.sort_key, Province.id, Participation.sort_key, Participation.id)
    return [Graded(*values) for values in db.session.execute(query)]


def longest_named(round: Round) -> Graded | None:
    """The agency whose name needs the most room, None where none gets a certificate: the proof shows it.

    Raises Refused before the results are shown.
    """
    require_opened(round)
    query = _graded(round).order_by(func.length(Participation.full_name).desc(), Participation.id).limit(1)
    found = db.session.execute(query).one_or_none()
    return None if found is None else Graded(*found)


def _graded(round: Round) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Participation.id,
            Participation.agency_id,
            Participation.province_id,
            Participation.full_name,
            Participation.district_name,
            Participation.province_name,
            Result.total,
            Result.grade,
        )
        .join(Result, Result.participation_id == Participation.id)
        .where(
            Participation.round_id == round.id,
            Result.round_id == round.id,
            Result.total.is_not(None),
            Result.grade.is_not(None),
        )
    )


def problems(round: Round, office: LetterOffice | None) -> Iterator[Refused]:
    """What keeps the certificates of a round from being released, whoever signs."""
    try:
        found = outlook(round)
    except Refused as refused:
        yield refused
        return
    if release_of(round) is not None:
        yield Refused(ALREADY)
        return
    if not found.certified:
        yield Refused(NOBODY)
    if office is None or missing_for_letters(office.texts):
        yield Refused(NO_SETTINGS)
        return
    if font := missing_font(office.texts):
        yield Refused(NO_FONT, font=font)
    if office.by_key and (fault := key_state(office).problem) is not None:
        yield fault


def signatory_of(office: LetterOffice, signatory_id: int | None, dated: date) -> Signatory:
    """Who signs, as chosen. Raises Refused for nobody of the office, or an order that does not hold then."""
    found = next((one for one in office.signatories if one.id == signatory_id), None)
    if found is None:
        raise Refused("Choose who signs the certificates", field="signatory")
    if not found.signs_on(dated):
        raise Refused(
            "The order of %(name)s does not hold on %(day)s", field="signatory", name=found.name,
            day=thai_date(dated),
        )  # fmt: skip
    return found


def require_day(round: Round, dated: date) -> None:
    """Raise Refused for a day that lies ahead, or before the results were there."""
    if dated > local_day(clock.now()):
        raise Refused("The day of the certificates cannot lie ahead", field="dated")
    computed: datetime | None = db.session.scalar(
        select(func.max(Result.computed_at)).where(Result.round_id == round.id)
    )
    if computed is not None and dated < local_day(computed):
        raise Refused(
            "The results were computed on %(day)s: a certificate carries no earlier day", field="dated",
            day=thai_date(computed),
        )  # fmt: skip


def nacc_office() -> LetterOffice | None:
    """The office that releases certificates; None where nothing was set yet."""
    return office_row(OfficeKind.NACC)
