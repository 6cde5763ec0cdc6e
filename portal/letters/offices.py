"""What an office puts on its letters: kept as a setting of the office, asked for before a letter is made."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from sqlalchemy import select

from models.letter import LetterKind, LetterSetting
from portal.core import audit
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.sent.versions import require_version
from reports.fonts import is_installed
from reports.letter_data import TYPEFACES, Office, Typeface

#: settings without which a letter is no letter, by their English message ids
REQUIRED: dict[LetterKind, dict[str, str]] = {
    LetterKind.CIRCULAR: {
        "name": "Name of the office",
        "address": "Address",
        "number_prefix": "Number prefix",
        "signatory_name": "Name of the signatory",
        "signatory_position": "Position of the signatory",
    },
    LetterKind.PROVINCE_SUMMARY: {"name": "Name of the office"},
}
REQUIRED[LetterKind.NACC_TO_DLA] = REQUIRED[LetterKind.CIRCULAR]
#: said at the settings, at an order and by a job: in another font the letter would have a wrong size
NO_FONT = (
    "The font %(font)s is not installed on the server: choose the portal's own font, or have it installed"
)
TEXTS = (
    "name",
    "address",
    "number_prefix",
    "owner_division",
    "phone",
    "fax",
    "coordinator",
    "signatory_name",
    "signatory_position",
)


def setting_of(kind: LetterKind, province_id: int | None = None) -> LetterSetting | None:
    """The setting of an office, None where nothing was set yet."""
    query = select(LetterSetting).where(LetterSetting.kind == kind, LetterSetting.province_id == province_id)
    return db.session.scalars(query).one_or_none()


def texts_of(kind: LetterKind, province_id: int | None = None) -> dict[str, Any]:
    """What an office has set, by name."""
    setting = setting_of(kind, province_id)
    return dict(setting.texts) if setting else {}


def missing_texts(kind: LetterKind, texts: dict[str, Any]) -> list[str]:
    """Message ids of the settings that a letter of this kind still lacks."""
    return [label for name, label in REQUIRED[kind].items() if not str(texts.get(name, "")).strip()]


def missing_font(texts: dict[str, Any]) -> str:
    """The font of these settings where this machine does not have it, else ""."""
    chosen = TYPEFACES.get(texts.get("typeface", ""), Typeface())
    return "" if chosen == Typeface() or is_installed(chosen.family) else chosen.family


def save_texts(
    kind: LetterKind,
    texts: dict[str, Any],
    *,
    seen_version: int | None = None,
    province_id: int | None = None,
    emblem: bytes | None = None,
) -> LetterSetting:
    """Keep an office's settings; ``emblem`` is a PNG that takes the place of the one before.

    Raises Refused for a font that this machine does not have, Stale where the settings were saved since the
    page with ``seen_version`` (0: without any) was made.
    """
    if font := missing_font(texts):
        raise Refused(NO_FONT, field="typeface", font=font)
    stored = setting_of(kind, province_id)
    require_version(stored, seen_version)
    setting = stored or LetterSetting(kind=kind, province_id=province_id, texts={})
    kept = {name: str(texts.get(name, "")).strip() for name in (*TEXTS, "typeface")}
    kept["emblem"] = b64encode(emblem).decode() if emblem else setting.texts.get("emblem", "")
    with audit.act("letters.settings"):
        setting.texts = kept
        db.session.add(setting)
        db.session.flush()
    return setting


def office_of(texts: dict[str, Any]) -> Office:
    """The office as a letter prints it; lines of addresses and positions stand on lines of their own."""
    emblem = texts.get("emblem")
    return Office(
        name=texts.get("name", ""),
        address=_lines(texts.get("address", "")),
        number_prefix=texts.get("number_prefix", ""),
        owner_division=texts.get("owner_division", ""),
        phone=texts.get("phone", ""),
        fax=texts.get("fax", ""),
        coordinator=texts.get("coordinator", ""),
        signatory_name=texts.get("signatory_name", ""),
        signatory_position=_lines(texts.get("signatory_position", "")),
        emblem=b64decode(emblem) if emblem else None,
        typeface=TYPEFACES.get(texts.get("typeface", ""), Typeface()),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
