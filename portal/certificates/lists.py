"""Certificates found again: by agency or number, province, grade and standing; and the one of an agency."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select, true

from models.certificate import Certificate, CertificateRelease
from models.participation import Participation
from models.place import Province
from models.round import Round
from models.search import words_of
from models.thai import arabic_digits
from portal.core.database.session import db
from portal.core.search import holds

#: certificates of one page
PAGE = 50
#: a number as people type it: "12" or "12/2561"
_NUMBER = re.compile(r"(\d{1,6})(?:/\d*)?")


class Standing(enum.Enum):
    """What became of a certificate."""

    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class CertificateQuery:
    """What a list of certificates is narrowed to."""

    search: str = ""
    province_id: int | None = None
    grade: str = ""
    standing: Standing | None = None

    @property
    def narrows(self) -> bool:
        """True where anything is left out."""
        return self != CertificateQuery()


@dataclass(frozen=True)
class ProvincePile:
    """The certificates of a province in numbers. ``printed``: of those in force."""

    province_id: int
    province: str
    total: int
    withdrawn: int
    printed: int

    @property
    def in_force(self) -> int:
        """Those that may be printed."""
        return self.total - self.withdrawn


def certificate_of(participation: Participation) -> Certificate | None:
    """The certificate of an agency in its round, inside the scope; None where there is none."""
    query = select(Certificate).where(Certificate.participation_id == participation.id)
    return db.session.scalars(query).one_or_none()


def rows_of(round: Round, criteria: CertificateQuery, *, page: int | None = None) -> Sequence[Certificate]:
    """The certificates of a list by their numbers, those of one page (from 1) or all; one query."""
    query = _listed(round, criteria, select(Certificate)).order_by(Certificate.number)
    if page is not None:
        query = query.limit(PAGE).offset((page - 1) * PAGE)
    return db.session.scalars(query).all()


def count_of(round: Round, criteria: CertificateQuery) -> int:
    """How many certificates a list has."""
    return db.session.scalar(_listed(round, criteria, select(func.count(Certificate.id)))) or 0


def provinces_of(round: Round) -> list[ProvincePile]:
    """The provinces that have certificates inside the scope, in the order of provinces; one query."""
    query = (
        select(
            Province.id,
            Province.name,
            func.count(Certificate.id),
            func.count(Certificate.withdrawn_at),
            func.count(Certificate.id).filter(
                Certificate.file_id.is_not(None), Certificate.withdrawn_at.is_(None)
            ),
        )
        .join(CertificateRelease, CertificateRelease.id == Certificate.release_id)
        .join(Province, Province.id == Certificate.province_id)
        .where(CertificateRelease.round_id == round.id)
        .group_by(Province.id, Province.name, Province.sort_key)
        .order_by(Province.sort_key, Province.id)
    )
    return [ProvincePile(*values) for values in db.session.execute(query)]


def _listed(round: Round, criteria: CertificateQuery, query: Select[Any]) -> Select[Any]:
    query = (
        query.join(CertificateRelease, CertificateRelease.id == Certificate.release_id)
        .join(Participation, Participation.id == Certificate.participation_id)
        .where(CertificateRelease.round_id == round.id)
    )
    if criteria.province_id is not None:
        query = query.where(Certificate.province_id == criteria.province_id)
    if criteria.grade:
        query = query.where(Certificate.grade == criteria.grade)
    if criteria.standing is not None:
        gone = Certificate.withdrawn_at.is_not(None)
        query = query.where(gone if criteria.standing is Standing.WITHDRAWN else ~gone)
    return query.where(_found(criteria.search))


def _found(search: str) -> Any:
    """Each word stands in the agency's names or place, or is the number."""
    conditions = []
    for word in words_of(search):
        number = _NUMBER.fullmatch(arabic_digits(word.typed))
        is_number = Certificate.number == int(number[1]) if number else false()
        conditions.append(or_(holds(Participation, word), is_number))
    return and_(true(), *conditions)
