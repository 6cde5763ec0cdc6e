"""A key in place for a test's application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from cryptography import x509

from config import KeyFile, KeyToken
from portal.core.web import Portal
from tests.reports.signing_keys import PASSPHRASE, key_file


@contextmanager
def key_of(app: Portal, office: str, key: KeyFile | KeyToken) -> Iterator[None]:
    """The office signs with this key while it lasts."""
    before = app.settings
    app.settings = replace(before, signing_keys={office: key})
    try:
        yield
    finally:
        app.settings = before


def put_key(path: Path, own: x509.Certificate | None = None) -> KeyFile:
    """A key file of the signatory's, at this place."""
    path.write_bytes(key_file(own))
    return KeyFile(path, PASSPHRASE)
