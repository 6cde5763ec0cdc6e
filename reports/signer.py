"""The process that signs letters: first the key, then one PDF in, one out. See reports/signature.py."""

from __future__ import annotations

import pickle
import sys
from typing import IO

from reports.pipe import receive, send
from reports.signature import NotSigned
from reports.signing import LetterSigner, holder_on_token

READY = b"ready"


def work(source: IO[bytes], sink: IO[bytes]) -> None:
    """Load the key, then sign what comes until the pipe ends; ``!`` and a fault's name where it fails.

    Asked with no moment, it only tells whose key it is.
    """
    first = receive(source)
    if first is None:
        return
    settings, at = pickle.loads(first)  # noqa: S301 -- from the process that started this one
    try:
        if at is None:
            send(sink, pickle.dumps(holder_on_token(settings)))
            return
        with LetterSigner(settings, at) as signer:
            send(sink, READY)
            while (pdf := receive(source)) is not None:
                send(sink, _answer(signer, pdf))
    except NotSigned as failure:
        send(sink, _told(failure))


def _answer(signer: LetterSigner, pdf: bytes) -> bytes:
    try:
        return signer.sign(pdf)
    except NotSigned as failure:
        return _told(failure)


def _told(failure: NotSigned) -> bytes:
    return f"!{failure.fault.name}:{failure.detail}".encode()


if __name__ == "__main__":
    work(sys.stdin.buffer, sys.stdout.buffer)
