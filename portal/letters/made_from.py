"""What every copy of a letter is made from, kept when it is first printed: the same data give the same bytes.

Kept as JSON text in a file of the database, so that a batch which goes on after a kill, and a copy that is
made again after years, tell what the letter told on its day.
"""

from __future__ import annotations

import gzip
import json
import types
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Union, get_args, get_origin, get_type_hints

from reports.calendar_wording import RoundFacts
from reports.letter_data import CountryStatus, Office, ProvinceStatus
from reports.result_data import CountryResults, ProvinceResults


@dataclass(frozen=True)
class MadeFrom:
    """The office as it was, the round's dates, and the figures: of provinces by id, or of the country;

    those of preparation, or the results.

    ``text``: the words as they stood then, of a kind of text; both "" in what was kept before offices had
    words of their own.
    """

    office: Office
    facts: RoundFacts
    as_of: date
    #: the copies are signed with the office's key
    by_key: bool = False
    urgency: str = ""
    references: tuple[str, ...] = ()
    provinces: Mapping[str, ProvinceStatus] = field(default_factory=dict)
    country: CountryStatus | None = None
    text_kind: str = ""
    text: str = ""
    results: Mapping[str, ProvinceResults] = field(default_factory=dict)
    country_results: CountryResults | None = None

    @property
    def of_country(self) -> CountryStatus | CountryResults | None:
        """What the one letter about the country tells; None where each province has a copy of its own."""
        return self.country or self.country_results

    @property
    def of_provinces(self) -> Mapping[str, ProvinceStatus | ProvinceResults]:
        """What each province's copy tells, by its id."""
        return self.results or self.provinces


def packed(made_from: MadeFrom) -> bytes:
    """As a file; equal data give equal bytes."""
    text = json.dumps(_plain(made_from), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return gzip.compress(text.encode(), mtime=0)


def unpacked(content: bytes) -> MadeFrom:
    """From a file that ``packed`` wrote. Raises ValueError, KeyError or TypeError for any other."""
    return _read(MadeFrom, json.loads(gzip.decompress(content)))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return b64encode(value).decode() if isinstance(value, bytes) else value


def _read(kind: Any, value: Any) -> Any:
    """A value of this type from its plain form."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _read(hints[name], one) for name, one in value.items()})  # type: ignore[operator]
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _read(parts[0], value)
    if origin is tuple:
        return tuple(_read(parts[0], one) for one in value)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _read(parts[1], one) for key, one in value.items()}
    if kind is date:
        return date.fromisoformat(value)
    if kind is Decimal:
        return Decimal(value)
    return b64decode(value) if kind is bytes else value
