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

from reports.printing import receive, send

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
class KeyFile:
    """A key with its certificates in a PKCS#12 file."""

    path: Path
    passphrase: str = field(repr=False)


@dataclass(frozen=True)
class KeyToken:
    """A key on a token, by its PKCS#11 module, the token's label and the label of key and certificate."""

    module: Path
    token: str
    label: str
    pin: str = field(repr=False)


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


@contextmanager
def signing(settings: SignatureSettings, at: datetime) -> Iterator[Callable[[bytes], bytes]]:
    """Give a function that signs one PDF after the other, as of the moment ``at``.

    Raises NotSigned at once where the key cannot be used, and from the function where a letter cannot be.
    """
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
        _asked(source, sink, pickle.dumps((settings, at)))
        yield lambda pdf: _asked(source, sink, pdf)
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
