"""What a certificate says, as it is kept with its release, and the paper that is printed from it."""

from __future__ import annotations

from base64 import b64decode
from datetime import date
from decimal import Decimal
from typing import Any

from flask import current_app

from models.certificate import Certificate, CertificateRelease
from models.grading import shown
from models.letter_office import LetterOffice, Signatory
from models.round import Round
from portal.certificates.outlook import Graded
from portal.core import clock
from portal.results.lists import pass_score, passing
from reports.certificate_data import Certificate as Paper
from reports.letter_data import TYPEFACES, Office, Typeface

#: where the public page of a certificate stands (views/certificates/verifying.py), before the id
PUBLIC_PAGE = "/certificate/"


def said_by(round: Round) -> Any:
    """A function that gives what the certificate of an agency says, as it is kept; it asks nothing more."""
    passes, mark, year = passing(round), pass_score(round), round.year_and_scheme

    def said(agency: Graded) -> dict[str, Any]:
        return {
            "year": year,
            "full_name": agency.full_name,
            "district": agency.district,
            "province": agency.province,
            "total": f"{shown(agency.total):.2f}",
            "grade": agency.grade,
            "passes": None if mark is None else agency.grade in passes,
            "pass_mark": None if mark is None else f"{shown(mark):.2f}",
        }

    return said


def release_by(round: Round, office: LetterOffice, signatory: Signatory, dated: date) -> CertificateRelease:
    """What all certificates of a round share, from the settings as they are now; not in a session."""
    texts = office.texts
    return CertificateRelease(
        round_id=round.id,
        dated=dated,
        office=str(texts["name"]),
        signatory=signatory.name,
        position=signatory.position,
        letterhead={name: texts.get(name, "") for name in ("emblem", "typeface")},
        by_key=office.by_key,
        released_at=clock.now(),
    )


def paper_of(release: CertificateRelease, number: int, said: dict[str, Any], *, public_id: str = "") -> Paper:
    """The paper of what a certificate says; without a ``public_id`` it is a proof."""
    mark = said["pass_mark"]
    return Paper(
        office=_office(release),
        number=f"{number}/{said['year']}",
        dated=release.dated,
        agency=said["full_name"],
        district=said["district"],
        province=said["province"],
        year=said["year"],
        total=Decimal(said["total"]),
        grade=said["grade"],
        passes=said["passes"],
        pass_mark=None if mark is None else Decimal(mark),
        verify_url=address_of(public_id) if public_id else "",
        signature_field=release.by_key,
    )


def address_of(public_id: str) -> str:
    """The address of a certificate's public page."""
    public_url: str = current_app.settings.public_url  # type: ignore[attr-defined]
    return f"{public_url}{PUBLIC_PAGE}{public_id}"


def file_name(certificate: Certificate) -> str:
    """What the file of a certificate is called: its number and its agency."""
    return f"หนังสือรับรอง {certificate.number_said.replace('/', '-')} {certificate.data['full_name']}.pdf"


def _office(release: CertificateRelease) -> Office:
    emblem = release.letterhead["emblem"]
    return Office(
        name=release.office,
        signatory_name=release.signatory,
        signatory_position=tuple(line.strip() for line in release.position.splitlines() if line.strip()),
        emblem=b64decode(emblem) if emblem else None,
        typeface=TYPEFACES.get(release.letterhead["typeface"], Typeface()),
    )
