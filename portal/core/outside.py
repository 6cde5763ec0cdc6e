"""Words from outside, taken in at one place: what no database can hold never comes further than this.

A request's arguments and form fields are ``Words`` (made by ``typed``): characters that neither database
nor a workbook holds are left out, and a whole number that is asked for with ``type=int`` is one that fits a
column, else the default. An id in an address fits a column too, else the address is not there.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import BaseConverter, ValidationError

#: the largest whole number that an INTEGER column of PostgreSQL holds
LARGEST = 2**31 - 1
_NOWHERE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_WHOLE = re.compile(r"[+-]?\d{1,10}")


def clean(text: str) -> str:
    """The text without characters that cannot be stored: NUL and other controls, halves of a pair."""
    return _NOWHERE.sub("", text)


def has_control(text: str) -> bool:
    """True where a text has a control character or a line break: it is no address."""
    return _CONTROL.search(text) is not None


def is_web_site(address: str) -> bool:
    """True for an http or https address of a host, with nobody's name in it."""
    if re.search(r"[\s\\]", address) or has_control(address):
        return False
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    named = "." in host.strip(".") and ".." not in host and not host.startswith(".")
    return parts.scheme.lower() in ("http", "https") and named and parts.username is None


def whole(text: Any, *, least: int = -LARGEST, most: int = LARGEST) -> int | None:
    """The whole number that a text says, in digits of any script; None where it says none within the bounds.

    ``str.isdigit`` takes "²", and ``int`` does not; ``int`` takes what no column holds.
    """
    plain = str(text if text is not None else "").strip()
    if not _WHOLE.fullmatch(plain):
        return None
    number = int(plain)
    return number if least <= number <= most else None


class Words(ImmutableMultiDict[str, Any]):
    """Arguments or fields as they may be used."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = MultiDict(mapping).items(multi=True)
        super().__init__([(clean(name), _value(value)) for name, value in pairs])

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]
        """As werkzeug; with ``type=int`` only a number that a column holds."""
        if type is not int:
            return super().get(key, default, type)
        number = whole(super().get(key))
        return default if number is None else number


class KeyConverter(BaseConverter):
    """``<int:...>``: an id that a column holds; anything else is no address of ours."""

    regex = r"[0-9]{1,10}"

    def to_python(self, value: str) -> int:
        """The id. Raises ValidationError (the address is not there) beyond the column."""
        number = whole(value, least=0)
        if number is None:
            raise ValidationError
        return number

    def to_url(self, value: Any) -> str:
        """As it stands in an address."""
        return str(int(value))


def _value(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value
