"""How letters are signed: with which key, and what may be wrong with it; pyHanko stays in its own process.

Letters are signed by one new interpreter, which loads the key once and gets each letter through a pipe, as
printers get their papers (reports/printing.py): pyHanko takes long to import, and what opens the key lives
there as long as the batch.
"""

from __future__ import annotations

import enum
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from config import KeyFile, KeyToken
from reports.pipe import receive, send

_ROOT = Path(__file__).parents[1]
#: a token's module asks for its own settings by name
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "SOFTHSM2_CONF")


class SignatureFault(enum.Enum):
    """Why a letter cannot be signed, as message ids."""

    NO_FILE = "The file of the signing key is not there"
    NO_KEY_FILE = "The file of the signing key cannot be read as PKCS#12, or its passphrase is wrong"
    NO_MODULE = "The module of the signing token cannot be loaded"
    NO_CARD = "The signing token is not there, or holds no such key and certificate"
    WRONG_PIN = "The PIN of the signing token is wrong"
    NOT_YET_VALID = "The signing certificate is not valid yet"
    EXPIRED = "The signing certificate has expired"
    NOT_FOR_SIGNING = "The signing certificate is not meant for signatures"
    NO_TIME_STAMP = "The time stamp service gave no time stamp"
    SIGNED_BEFORE = "The letter is signed already"
    FAILED = "The letter could not be signed"


class NotSigned(RuntimeError):
    """A letter was not signed; ``fault`` says why, ``detail`` what the library said."""

    def __init__(self, fault: SignatureFault, detail: str = "") -> None:
        super().__init__(f"{fault.value}: {detail}" if detail else fault.value)
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True)
class KeyHolder:
    """Whom a signing certificate names, for how long it holds, and whether it is meant for signatures."""

    name: str
    begins: datetime
    ends: datetime
    signs: bool

    def require_usable(self, at: datetime) -> None:
        """Raises NotSigned for a certificate out of its time, or for another purpose."""
        if at < self.begins:
            raise NotSigned(SignatureFault.NOT_YET_VALID, f"{self.begins:%Y-%m-%d}")
        if at > self.ends:
            raise NotSigned(SignatureFault.EXPIRED, f"{self.ends:%Y-%m-%d}")
        if not self.signs:
            raise NotSigned(SignatureFault.NOT_FOR_SIGNING)


@dataclass(frozen=True)
class SignatureSettings:
    """With what letters are signed, and what is said beside.

    ``time_stamp_url``: a service that confirms the time (PAdES-B-T); without it the time is the signer's word
    (PAdES-B-B). ``stamp``: a page as PDF that is shown over the space for the signature.
    """

    key: KeyFile | KeyToken
    reason: str = ""
    location: str = ""
    time_stamp_url: str = ""
    stamp: bytes = field(default=b"", repr=False)


def holder_of(key: KeyFile | KeyToken) -> KeyHolder:
    """Whose key it is, looked up without signing: no PIN is tried. Raises NotSigned where it is not there."""
    if isinstance(key, KeyFile):
        _held, certificate = opened(key)
        return _holder(certificate)
    with _signer() as (source, sink):
        found = pickle.loads(_asked(source, sink, pickle.dumps((key, None))))  # noqa: S301 -- from our own process
    assert isinstance(found, KeyHolder)
    return found


def opened(key: KeyFile) -> tuple[bytes, x509.Certificate]:
    """The content of a key file and the certificate of its key. Raises NotSigned."""
    try:
        content = key.path.read_bytes()
    except OSError as error:
        raise NotSigned(SignatureFault.NO_FILE, str(key.path)) from error
    try:
        held, certificate, _others = pkcs12.load_key_and_certificates(content, key.passphrase.encode())
    except (ValueError, TypeError) as error:
        raise NotSigned(SignatureFault.NO_KEY_FILE, str(key.path)) from error
    if held is None or certificate is None:
        raise NotSigned(SignatureFault.NO_KEY_FILE, str(key.path))
    return content, certificate


def _holder(certificate: x509.Certificate) -> KeyHolder:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    try:
        uses = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        signs = uses.digital_signature or uses.content_commitment
    except x509.ExtensionNotFound:
        signs = True
    name = str(names[0].value) if names else certificate.subject.rfc4514_string()
    return KeyHolder(name, certificate.not_valid_before_utc, certificate.not_valid_after_utc, signs)


@contextmanager
def signing(settings: SignatureSettings, at: datetime) -> Iterator[Callable[[bytes], bytes]]:
    """Give a function that signs one PDF after the other, as of the moment ``at``.

    Raises NotSigned at once where the key cannot be used, and from the function where a letter cannot be.
    """
    with _signer() as (source, sink):
        _asked(source, sink, pickle.dumps((settings, at)))
        yield lambda pdf: _asked(source, sink, pdf)


@contextmanager
def _signer() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """What the signer's process says, and what is said to it."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "reports.signer"],
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None
    source, sink = process.stdout, process.stdin
    try:
        yield source, sink
    finally:
        process.kill()
        process.wait()
        with suppress(BrokenPipeError):
            sink.close()
        source.close()


def _asked(source: IO[bytes], sink: IO[bytes], content: bytes) -> bytes:
    try:
        send(sink, content)
        answer = receive(source)
    except OSError as error:
        raise NotSigned(SignatureFault.FAILED, str(error)) from error
    if answer is None:
        raise NotSigned(SignatureFault.FAILED, "the signer ended")
    if answer[:1] == b"!":
        name, _, detail = answer[1:].decode("utf-8", "replace").partition(":")
        raise NotSigned(SignatureFault[name], detail)
    return answer
