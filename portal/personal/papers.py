"""What the certificate of erased rosters says, as it is kept, and the paper that is printed from it."""

from __future__ import annotations

from base64 import b64decode
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.letter_office import LetterOffice, OfficeKind
from models.personal import RosterErasure
from models.round import Round
from portal.letters.offices import missing_font
from reports.erasure_data import RosterErasure as Paper
from reports.letter_data import TYPEFACES, Office, Typeface

#: the head of a paper of an office that has set no name
NACC = "สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ"


def said_by(
    session: Session, round: Round, erasure: RosterErasure, *, rows: int, agencies: int
) -> dict[str, Any]:
    """What the certificate says, with the head of the office as it is now. No data of anybody."""
    office = session.scalar(select(LetterOffice).where(LetterOffice.kind == OfficeKind.NACC))
    texts = dict(office.texts) if office else {}
    backups = current_app.settings.backups  # type: ignore[attr-defined]
    return {
        "round": round.name,
        "year": round.year_and_scheme,
        "kept_until": erasure.kept_until.isoformat(),
        "by_rule": round.rosters_until is None,
        "rows": rows,
        "agencies": agencies,
        "backups": [backups.daily, backups.weekly, backups.monthly] if backups.folder else None,
        "office": str(texts.get("name") or NACC),
        "emblem": texts.get("emblem", ""),
        "typeface": "" if missing_font(texts) else texts.get("typeface", ""),
    }


def paper_of(erasure: RosterErasure) -> Paper:
    """The paper of an erasure that is finished."""
    said, finished_at = erasure.data, erasure.finished_at
    assert said is not None and finished_at is not None, "there is none before"
    return Paper(
        office=_office(said),
        round=said["round"],
        year=said["year"],
        kept_until=date.fromisoformat(said["kept_until"]),
        by_rule=said["by_rule"],
        began_at=erasure.began_at,
        finished_at=finished_at,
        rows=said["rows"],
        agencies=said["agencies"],
        backups=tuple(said["backups"]) if said["backups"] else None,
    )


def file_name(erasure: RosterErasure) -> str:
    """What the file of a certificate is called."""
    assert erasure.data is not None, "there is none before"
    return f"หนังสือรับรองการลบข้อมูลส่วนบุคคล {erasure.data['year']}.pdf"


def _office(said: dict[str, Any]) -> Office:
    return Office(
        name=said["office"],
        emblem=b64decode(said["emblem"]) if said["emblem"] else None,
        typeface=TYPEFACES.get(said["typeface"], Typeface()),
    )
