"""Copies that are signed with an office's key: which key, what is wrong with it, and the signing of a batch.

Keys are settings of the machine (``signing_keys`` of config.py), never rows: the database knows only that an
office signs by key, and of each signed copy what it was before it was signed.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from flask import current_app

from config import KeyFile, KeyToken, Settings
from models.letter_office import LetterOffice, OfficeKind
from models.place import Province
from models.thai import local_day, thai_date
from portal.core import clock
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.jobs.kinds import JobFailed
from portal.letters.printing import printed_or_failed
from reports.letter_data import SignatureStamp
from reports.signature import (
    KeyHolder,
    NotSigned,
    SignatureFault,
    SignatureSettings,
    holder_of,
    signing,
)

#: said before a letter is issued, and by a job that finds it so
NO_KEY = "The portal has no key of this office: ask whoever runs it, or choose another way of signing"
#: a key that ends in so many days is told of
SOON = timedelta(days=30)
REASON = "ลงนามในหนังสือ"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Copy:
    """A copy as it is kept. Of a signed one: hash and size of the letter without the signature."""

    content: bytes
    body_sha256: str | None = None
    body_size: int | None = None


@dataclass(frozen=True)
class KeyState:
    """An office's key as its settings show it: whose it is, or what is wrong; ``soon``: it ends shortly."""

    holder: KeyHolder | None
    problem: Refused | None
    soon: bool = False


def key_name(office: LetterOffice) -> str:
    """By what name the settings of the machine know an office's key."""
    if office.kind is not OfficeKind.PROVINCE:
        return office.kind.name
    return f"PROVINCE_{db.session.get_one(Province, office.province_id).code}"


def key_state(office: LetterOffice) -> KeyState:
    """The key that an office would sign with now."""
    key = _settings().signing_keys.get(key_name(office))
    if key is None:
        return KeyState(None, Refused(NO_KEY))
    try:
        holder = _looked_up(key, _changed_at(key))
    except NotSigned as fault:
        return KeyState(None, Refused(fault.fault.value))
    now = clock.now()
    try:
        holder.require_usable(now)
    except NotSigned as fault:
        return KeyState(holder, _refusal(fault, holder))
    return KeyState(holder, None, soon=holder.ends - now < SOON)


@contextmanager
def signed_by(name: str, signatory: str) -> Iterator[Callable[[bytes], Copy]]:
    """Give a function that signs one copy after the other, all as of now, with the key of this ``key_name``.

    One process holds the key as long as the batch lasts. Raises JobFailed, also out of the function's user,
    where the key cannot be used or a copy cannot be signed: that copy is then not kept at all.
    """
    key, now = _settings().signing_keys.get(name), clock.now()
    if key is None:
        raise JobFailed(NO_KEY)
    stamp = printed_or_failed(SignatureStamp(signatory, local_day(now)))
    settings = SignatureSettings(key, REASON, time_stamp_url=_settings().time_stamp_url, stamp=stamp)
    try:
        with signing(settings, now) as sign:
            yield lambda body: _copy(body, sign(body))
    except NotSigned as fault:
        _LOG.warning("letters of %s are not signed: %s", name, fault)
        raise JobFailed(fault.fault.value) from fault


@contextmanager
def unsigned() -> Iterator[Callable[[bytes], Copy]]:
    """As ``signed_by``, for copies that are signed by hand."""
    yield Copy


def _copy(body: bytes, signed: bytes) -> Copy:
    if not signed.startswith(body):
        raise NotSigned(SignatureFault.FAILED, "the letter was changed by its signature")
    return Copy(signed, hashlib.sha256(body).hexdigest(), len(body))


def _refusal(fault: NotSigned, holder: KeyHolder) -> Refused:
    if fault.fault is SignatureFault.EXPIRED:
        return Refused(
            "The signing certificate of %(name)s ended on %(day)s: letters are not signed with it",
            name=holder.name, day=thai_date(holder.ends),
        )  # fmt: skip
    return Refused(fault.fault.value)


@lru_cache(maxsize=100)
def _looked_up(key: KeyFile | KeyToken, _changed_at: int) -> KeyHolder:
    """Whose key it is; asked once for a file as it is, and once for a token until the portal starts again."""
    return holder_of(key)


def _changed_at(key: KeyFile | KeyToken) -> int:
    try:
        return key.path.stat().st_mtime_ns if isinstance(key, KeyFile) else 0
    except OSError:
        return 0


def _settings() -> Settings:
    found: Settings = current_app.settings  # type: ignore[attr-defined]
    return found
