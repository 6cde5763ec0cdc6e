"""Contacts as people type them: each field read by itself, with what is wrong and what was not sure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from models.contact import AgencyContact
from models.phones import read_phone
from models.thai import arabic_digits, one_line
from portal.core.errors import Refused
from portal.core.outside import is_web_site

#: what an agency has; an office of local administration has those of ``OF_A_PROVINCE``
OF_AN_AGENCY = ("phone", "email", "website", "address", "line", "person")
OF_A_PROVINCE = ("phone", "email", "line", "person")
LONGEST = {
    column.name: column.type.length
    for column in AgencyContact.__table__.columns
    if column.name in OF_AN_AGENCY and hasattr(column.type, "length")
}

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_LINE_ID = re.compile(r"@?[A-Za-z0-9._-]+")
_LINE_PLACES = ("line.me", "lin.ee")
_NAMES_LINE = re.compile(r"^line\s*(?:id|oa)?\s*[:：]?\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Contacts:
    """Fields as they are kept, by name; ``faults`` and ``remarks`` by the field that they are about.

    A remark is an English message id: the field is kept, and something is to be said of it.
    """

    values: dict[str, str]
    faults: dict[str, Refused] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)


def read_contacts(typed: Mapping[str, str]) -> Contacts:
    """Read the fields that are given; what is wrong keeps its field as it was typed."""
    read = Contacts({})
    for name, text in typed.items():
        plain = one_line(text)
        try:
            read.values[name] = _READ[name](plain, read) if plain else ""
            if len(read.values[name]) > LONGEST[name]:
                raise Refused("At most %(longest)s characters fit here", longest=LONGEST[name])
        except Refused as refused:
            read.values[name] = plain
            read.faults[name] = Refused(refused.message_id, field=name, **refused.values)
    return read


def _phone(text: str, read: Contacts) -> str:
    phone = read_phone(text)
    if phone.remark:
        read.remarks["phone"] = phone.remark
    return phone.stored


def _email(text: str, _read: Contacts) -> str:
    plain = arabic_digits(text)
    if not _EMAIL.fullmatch(plain):
        raise Refused("Write the address as name@example.go.th")
    return plain


def _website(text: str, _read: Contacts) -> str:
    plain = arabic_digits(text)
    if "://" not in plain and "." in plain:
        plain = f"http://{plain}"  # as it stands on letterheads: www.example.go.th
    if not is_web_site(plain):
        raise Refused("Write the web site as https://www.example.go.th")
    return plain


def _line(text: str, _read: Contacts) -> str:
    plain = _NAMES_LINE.sub("", arabic_digits(text))
    if plain.lower().startswith(("http://", "https://")):
        host = urlsplit(plain).hostname or "" if is_web_site(plain) else ""
        if any(host == place or host.endswith(f".{place}") for place in _LINE_PLACES):
            return plain
    elif _LINE_ID.fullmatch(plain):
        return plain
    raise Refused("Write the LINE ID alone, such as @example, or its address at line.me or lin.ee")


def _as_typed(text: str, _read: Contacts) -> str:
    return text


_READ = {
    "phone": _phone,
    "email": _email,
    "website": _website,
    "address": _as_typed,
    "line": _line,
    "person": _as_typed,
}
