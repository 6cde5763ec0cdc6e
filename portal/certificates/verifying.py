"""What the record says of a certificate to anybody who holds it: found by its random id alone."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.certificate import Certificate
from portal.core.database.session import privileged


class Form(enum.Enum):
    """In which form a file is the certificate."""

    PRINTED = "printed"
    SIGNED = "signed"
    #: what was signed, without the signature
    UNSIGNED = "unsigned"


@dataclass(frozen=True)
class Version:
    """A file that is the certificate, by its form and hash."""

    form: Form
    sha256: str


@dataclass(frozen=True)
class Genuine:
    """A certificate as its public page shows it: what stands on it, and what became of it.

    ``passes`` None: the round knows no pass mark. ``versions``: the files that are this certificate, none
    until it was first printed.
    """

    number: str
    dated: date
    office: str
    agency: str
    district: str
    province: str
    year: str
    total: str
    grade: str
    passes: bool | None
    withdrawn_at: datetime | None
    reason: str
    versions: tuple[Version, ...]

    @property
    def holds(self) -> bool:
        """True while it was not withdrawn."""
        return self.withdrawn_at is None


def genuine(public_id: str) -> Genuine | None:
    """The certificate of this id; None where none carries it."""
    with privileged("the public page of a certificate") as session:
        found = session.scalar(
            select(Certificate)
            .where(Certificate.public_id == public_id)
            .options(joinedload(Certificate.release), joinedload(Certificate.file))
        )
        if found is None:
            return None
        said = found.data
        return Genuine(
            number=found.number_said,
            dated=found.release.dated,
            office=found.release.office,
            agency=said["full_name"],
            district=said["district"],
            province=said["province"],
            year=said["year"],
            total=said["total"],
            grade=said["grade"],
            passes=said["passes"],
            withdrawn_at=found.withdrawn_at,
            reason=found.reason,
            versions=tuple(_versions(found)),
        )


def _versions(found: Certificate) -> Iterator[Version]:
    if found.file is None:
        return
    if found.body_sha256 is None:
        yield Version(Form.PRINTED, found.file.sha256)
    else:
        yield Version(Form.SIGNED, found.file.sha256)
        yield Version(Form.UNSIGNED, found.body_sha256)
