"""What the record says of a letter to anybody who holds it: found by its random id alone."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.dispatch import Dispatch, DispatchState
from models.letter import Letter
from models.letter_text import Addressee
from portal.core.database.session import privileged
from portal.core.texts import label_of


class Form(enum.Enum):
    """In which form a file is the letter."""

    ISSUED = "issued"
    SIGNED = "signed"
    #: what was signed, without the signature
    UNSIGNED = "unsigned"
    SCANNED = "scanned"


@dataclass(frozen=True)
class Version:
    """A file that is the letter, by its form and hash."""

    form: Form
    sha256: str


@dataclass(frozen=True)
class Genuine:
    """An issued letter as its public page shows it: what stands on the letter, and what became of it.

    ``versions``: the files that are this letter.
    """

    number: str
    dated: date
    subject: str
    office: str
    addressee: str
    withdrawn_at: datetime | None
    replaced_by: str
    replaced_on: date | None
    versions: tuple[Version, ...]

    @property
    def holds(self) -> bool:
        """True while it was neither withdrawn nor replaced."""
        return self.withdrawn_at is None


def genuine(public_id: str) -> Genuine | None:
    """The letter of this id; None where none carries it."""
    with privileged("the public page of a letter") as session:
        letter = session.scalar(
            select(Letter)
            .where(Letter.public_id == public_id)
            .options(joinedload(Letter.file), joinedload(Letter.province))
        )
        dispatch = session.get(Dispatch, letter.dispatch_id) if letter and letter.dispatch_id else None
        if letter is None or dispatch is None:
            return None
        later = session.scalar(select(Dispatch).where(Dispatch.replaces_id == dispatch.id))
        replaced = dispatch.state is DispatchState.REPLACED and later is not None
        return Genuine(
            number=letter.number,
            dated=letter.dated,
            subject=letter.subject,
            office=str(dispatch.office.texts.get("name", "")),
            addressee=_addressee(letter, dispatch),
            withdrawn_at=dispatch.withdrawn_at,
            replaced_by=later.number if later is not None and replaced else "",
            replaced_on=later.dated if later is not None and replaced else None,
            versions=tuple(_versions(letter, dispatch)),
        )


def _addressee(letter: Letter, dispatch: Dispatch) -> str:
    """A governor by the province, an agency by its name, any other by what it is."""
    if dispatch.to_agency is not None:
        return dispatch.to_agency.full_name
    if dispatch.addressee is Addressee.GOVERNORS and letter.province is not None:
        return str(letter.province.name)
    return label_of(dispatch.addressee)


def _versions(letter: Letter, dispatch: Dispatch) -> Iterator[Version]:
    if letter.body_sha256 is None:
        yield Version(Form.ISSUED, letter.file.sha256)
    else:
        yield Version(Form.SIGNED, letter.file.sha256)
        yield Version(Form.UNSIGNED, letter.body_sha256)
    if dispatch.scan is not None:
        yield Version(Form.SCANNED, dispatch.scan.sha256)
