"""Secrets put in as canaries, and every place in which one could be found again."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import MetaData, create_engine, pool, select

IN_BASE_64 = (b64encode, urlsafe_b64encode)


def stored(owner_url: str) -> str:
    """Every value of every table, as text."""
    engine = create_engine(owner_url, poolclass=pool.NullPool)
    tables = MetaData()
    said: list[str] = []
    with engine.connect() as connection:
        tables.reflect(connection)
        for table in tables.tables.values():
            for row in connection.execute(select(table)):
                said += [_text(value) for value in row]
    return "\n".join(said)


def _text(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def files_of(folder: Path, *, but: Iterable[str] = ()) -> str:
    """What the files of a folder hold, but for these folders in it."""
    kept = [file for file in folder.rglob("*") if file.is_file() and not {*file.parts} & {*but}]
    return "\n".join(file.read_bytes().decode("latin-1") for file in kept)


def spellings(secret: str | bytes) -> list[str]:
    """How a secret could have been written down."""
    raw = secret if isinstance(secret, bytes) else secret.encode()
    whole = {raw.decode("latin-1"), raw.hex(), *(way(raw).decode().rstrip("=") for way in IN_BASE_64)}
    if isinstance(secret, str):
        whole |= {secret, secret.replace("-", ""), secret.casefold(), secret.replace("-", "").casefold()}
    return sorted(whole)


def found(secrets: Mapping[str, str | bytes], places: Mapping[str, str]) -> list[str]:
    """Which secret stands where. A short one counts as a word only: digits are everywhere."""
    return [
        f"{what} in {where}"
        for what, secret in secrets.items()
        for where, text in places.items()
        if any(_stands(one, text) for one in spellings(secret))
    ]


def _stands(word: str, text: str) -> bool:
    if len(word) > 8:
        return word in text
    return re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.])", text) is not None
