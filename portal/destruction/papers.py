"""What a certificate of key destruction says, as it is kept, and the paper that is printed from it."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from models.destruction import KeyDestruction
from models.letter_office import OfficeKind
from models.round import Round
from models.thai import local_day
from portal.ballot.keys import mark_file, urn_file
from portal.destruction.seen import Seen
from portal.letters.offices import missing_font, texts_of
from reports.destruction_data import DestroyedCopy
from reports.destruction_data import KeyDestruction as Paper
from reports.letter_data import TYPEFACES, Office, Typeface

#: the head of a paper of an office that has set no name
NACC = "สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ"


def said_by(round: Round, seen: Seen, copies: Sequence[DestroyedCopy]) -> dict[str, Any]:
    """What a certificate says, with the head of the office as it is now."""
    texts = texts_of(OfficeKind.NACC)
    return {
        "round": round.name,
        "year": round.year_and_scheme,
        "fingerprint": seen.fingerprint,
        "opened_at": seen.opened_at.isoformat(),
        "marks_gone_at": seen.marks_gone_at.isoformat() if seen.marks_gone_at else None,
        "looked_at": seen.looked_at.isoformat(),
        "copies": [{**asdict(copy), "at": copy.at.isoformat()} for copy in copies],
        "office": str(texts.get("name") or NACC),
        "emblem": texts.get("emblem", ""),
        "typeface": "" if missing_font(texts) else texts.get("typeface", ""),
    }


def copies_of(certificate: KeyDestruction) -> list[DestroyedCopy]:
    """The copies that a certificate names."""
    return [
        DestroyedCopy(**{**copy, "at": datetime.fromisoformat(copy["at"])})
        for copy in certificate.data["copies"]
    ]


def paper_of(certificate: KeyDestruction) -> Paper:
    """The paper of a certificate."""
    said, number = certificate.data, certificate.number
    return Paper(
        office=_office(said),
        number=certificate.number_said,
        dated=local_day(certificate.written_at),
        round=said["round"],
        year=said["year"],
        fingerprint=said["fingerprint"],
        mark_file=mark_file(certificate.round_id),
        key_file=urn_file(certificate.round_id),
        opened_at=datetime.fromisoformat(said["opened_at"]),
        marks_gone_at=datetime.fromisoformat(said["marks_gone_at"]) if said["marks_gone_at"] else None,
        looked_at=datetime.fromisoformat(said["looked_at"]),
        copies=tuple(copies_of(certificate)),
        written_by=certificate.written_by,
        replaces=f"{number - 1}/{said['year']}" if number > 1 else "",
        reason=certificate.reason,
    )


def file_name(certificate: KeyDestruction) -> str:
    """What the file of a certificate is called."""
    return f"หนังสือรับรองการทำลายกุญแจ {certificate.number_said.replace('/', '-')}.pdf"


def _office(said: dict[str, Any]) -> Office:
    return Office(
        name=said["office"],
        emblem=b64decode(said["emblem"]) if said["emblem"] else None,
        typeface=TYPEFACES.get(said["typeface"], Typeface()),
    )
