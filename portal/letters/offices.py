"""The offices that send letters: their letterhead, how they sign and number, and who signs for them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from models.letter import LetterKind
from models.letter_office import LetterOffice, OfficeKind, Register, Signatory, SigningOrder
from models.sector import USUAL_SECTOR
from portal.core import audit
from portal.core.database.session import db, sector_here
from portal.core.errors import Refused
from portal.core.sent.versions import require_version
from reports.fonts import is_installed
from reports.letter_data import TYPEFACES, Office, Typeface

_LETTER = {"name": "Name of the office", "address": "Address", "number_prefix": "Number prefix"}
#: settings that an office fills in, by their English message ids; a province's summary needs its name alone
REQUIRED: dict[OfficeKind, dict[str, str]] = {
    OfficeKind.DLA: _LETTER,
    OfficeKind.NACC: _LETTER,
    OfficeKind.PROVINCE: {"name": "Name of the office"},
}
#: the kind of letter that each office writes: a province's goes to its agencies
KIND_OF = {
    OfficeKind.DLA: LetterKind.CIRCULAR,
    OfficeKind.NACC: LetterKind.NACC_TO_DLA,
    OfficeKind.PROVINCE: LetterKind.CIRCULAR,
}
#: said at the settings, before a letter is issued and by a job: in another font it would have a wrong size
NO_FONT = (
    "The font %(font)s is not installed on the server: choose the portal's own font, or have it installed"
)
#: the portal gives the numbers
REGISTERED = (Register.GENERAL, Register.CIRCULARS_APART)
TEXTS = ("name", "address", "number_prefix", "owner_division", "phone", "fax", "email", "coordinator")


@dataclass(frozen=True)
class Ways:
    """How an office signs and numbers its letters.

    Raises ValueError where a letter would be signed by key before it has its number.
    """

    signing: SigningOrder = SigningOrder.NUMBER_FIRST
    register: Register = Register.ELSEWHERE
    checked: bool = False
    #: the portal signs the copies with the office's key; only where the number comes first
    by_key: bool = False

    def __post_init__(self) -> None:
        if self.by_key and self.signing is not SigningOrder.NUMBER_FIRST:
            raise ValueError("a letter that is signed by key has its number first")


def office_row(kind: OfficeKind, province_id: int | None = None) -> LetterOffice | None:
    """The office of this kind in the sector of the desk, None where nothing was set yet."""
    query = select(LetterOffice).where(LetterOffice.kind == kind, LetterOffice.province_id == province_id)
    if kind is OfficeKind.DLA:
        query = query.where(LetterOffice.sector_id == (sector_here() or USUAL_SECTOR))
    return db.session.scalars(query).one_or_none()


def ways_of(office: LetterOffice | None) -> Ways:
    """How an office signs and numbers; as a new one does where nothing was set yet."""
    if office is None:
        return Ways()
    return Ways(office.signing, office.register, office.checked, office.by_key)


def texts_of(kind: OfficeKind, province_id: int | None = None) -> dict[str, Any]:
    """What an office has set for its letterhead, by name."""
    office = office_row(kind, province_id)
    return dict(office.texts) if office else {}


def missing_texts(kind: OfficeKind, texts: dict[str, Any]) -> list[str]:
    """Message ids of the settings that an office still lacks."""
    return [label for name, label in REQUIRED[kind].items() if not str(texts.get(name, "")).strip()]


def missing_for_letters(texts: dict[str, Any]) -> list[str]:
    """Message ids of the settings without which no office sends a letter."""
    return [label for name, label in _LETTER.items() if not str(texts.get(name, "")).strip()]


def missing_font(texts: dict[str, Any]) -> str:
    """The font of these settings where this machine does not have it, else ""."""
    chosen = TYPEFACES.get(texts.get("typeface", ""), Typeface())
    return "" if chosen == Typeface() or is_installed(chosen.family) else chosen.family


def save_texts(
    kind: OfficeKind,
    texts: dict[str, Any],
    *,
    ways: Ways | None = None,
    seen_version: int | None = None,
    province_id: int | None = None,
    emblem: bytes | None = None,
) -> LetterOffice:
    """Keep an office's settings; ``emblem`` is a PNG that takes the place of the one before.

    ``ways`` None leaves how it signs and numbers as it is. Raises Refused for a font that this machine does
    not have, Stale where the settings were saved since the page with ``seen_version`` (0: none yet) was made.
    """
    if font := missing_font(texts):
        raise Refused(NO_FONT, field="typeface", font=font)
    stored = office_row(kind, province_id)
    require_version(stored, seen_version)
    office = stored or LetterOffice(kind=kind, province_id=province_id, texts={})
    kept = {name: str(texts.get(name, "")).strip() for name in (*TEXTS, "typeface")}
    kept["emblem"] = b64encode(emblem).decode() if emblem else office.texts.get("emblem", "")
    with audit.act("letters.settings"):
        office.texts = kept
        if ways is not None:
            office.signing, office.register, office.checked = ways.signing, ways.register, ways.checked
            office.by_key = ways.by_key
        db.session.add(office)
        db.session.flush()
    return office


def save_signatory(
    office: LetterOffice,
    signatory: Signatory | None,
    *,
    name: str,
    position: str,
    since: date | None = None,
    until: date | None = None,
    seen_version: int | None = None,
) -> Signatory:
    """Add who signs for an office, or change the row. Raises Stale, Refused where the days are reversed."""
    if since is not None and until is not None and until < since:
        raise Refused("The last day is before the first", field="until")
    if signatory is not None:
        require_version(signatory, seen_version)
    row = signatory or Signatory(office_id=office.id, province_id=office.province_id)
    with audit.act("letters.signatory"):
        row.name, row.position, row.since, row.until = name.strip(), position.strip(), since, until
        db.session.add(row)
        db.session.flush()
    return row


def remove_signatory(signatory: Signatory) -> None:
    """Take a signatory off the list; letters that were issued keep the name they were signed with."""
    with audit.act("letters.remove_signatory"):
        db.session.delete(signatory)
        db.session.flush()


def office_of(texts: dict[str, Any], signatory: Signatory | None = None) -> Office:
    """The office as a letter prints it; lines of addresses and positions stand on lines of their own."""
    emblem = texts.get("emblem")
    return Office(
        name=texts.get("name", ""),
        address=_lines(texts.get("address", "")),
        number_prefix=texts.get("number_prefix", ""),
        owner_division=texts.get("owner_division", ""),
        phone=texts.get("phone", ""),
        fax=texts.get("fax", ""),
        email=texts.get("email", ""),
        coordinator=texts.get("coordinator", ""),
        signatory_name=signatory.name if signatory else "",
        signatory_position=_lines(signatory.position) if signatory else (),
        emblem=b64decode(emblem) if emblem else None,
        typeface=TYPEFACES.get(texts.get("typeface", ""), Typeface()),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
