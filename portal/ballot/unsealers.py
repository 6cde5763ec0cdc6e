"""Unsealing on every processor: HPKE holds Python's lock, so what is opened at once is opened by processes.

They are new interpreters that get the private key through a pipe: it is on no disk, in no environment and on
no command line, and is gone with them. They end when the pipe ends and with the process that started them,
also where that one is killed. They only open seals: what is read, shuffled and written stays in one process.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from config import ROOT
from portal.ballot.seal import Label, opener, unseal_box
from portal.core.serving.processes import PARENT
from reports.pipe import receive, send

log = logging.getLogger(__name__)
#: fewer sealed answers are opened before a process has started
FEW = 10_000
#: boxes that wait for each process, so that none waits for the database
AHEAD = 3

#: channel and sealed bytes of each answer of a box
Sealed = Sequence[tuple[str, bytes]]
#: the answers of a box in the same order; None where one cannot be read
Answers = list[bytes | None]


class Ended(RuntimeError):
    """A process that unseals has ended before its time."""


@dataclass(frozen=True)
class Crew:
    """Who unseals. ``unseal(label, slots, sealed)`` begins with a box; what it gives waits for the answers.

    ``ahead``: so many boxes may be on the way before the first is asked for.
    """

    unseal: Callable[[Label, int, Sealed], Callable[[], Answers]]
    ahead: int = 0


@contextmanager
def crew(private_key: bytes, *, answers: int) -> Iterator[Crew]:
    """Who unseals so many answers: a process for each processor, or this one where that is not worth it.

    Afterwards no process of it is left. Raises Unreadable where these are no key.
    """
    key = opener(private_key)
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if answers < FEW or processors < 2:
        yield Crew(lambda label, slots, sealed: partial(_here, key, label, slots, sealed))
        return
    with ExitStack() as stack:
        idle: SimpleQueue[Unsealer] = SimpleQueue()
        for _number in range(processors):
            unsealer = Unsealer(private_key)
            stack.callback(unsealer.end)
            idle.put(unsealer)
        threads = ThreadPoolExecutor(processors, thread_name_prefix="unsealing")
        stack.callback(threads.shutdown, cancel_futures=True)

        def unseal(label: Label, slots: int, sealed: Sealed) -> Answers:
            unsealer = idle.get()
            try:
                return unsealer.unseal(label, slots, sealed)
            except Ended:
                log.warning("a process that unseals has ended: its boxes are unsealed here")
                return _here(key, label, slots, sealed)
            finally:
                idle.put(unsealer)

        yield Crew(lambda *box: threads.submit(unseal, *box).result, ahead=processors * AHEAD)


def _here(key: X25519PrivateKey, label: Label, slots: int, sealed: Sealed) -> Answers:
    return unseal_box(sealed, label=label, private_key=key, slots=slots)


class Unsealer:
    """A process that unseals one box after the other, until it is ended."""

    def __init__(self, private_key: bytes) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "portal.ballot.unsealer"],
            cwd=ROOT,
            env={PARENT: str(os.getpid())},  # no URL of a database, no secret
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # an interrupt of the terminal is the business of who started it
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._boxes, self._answers = self._process.stdin, self._process.stdout
        with suppress(OSError):  # it ended at once: the first box finds out
            send(self._boxes, private_key)

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def unseal(self, label: Label, slots: int, sealed: Sealed) -> Answers:
        """The answers of a box. Raises Ended."""
        try:
            send(self._boxes, pickle.dumps((label, slots, sealed)))
            answers = receive(self._answers)
        except (OSError, ValueError) as failure:
            raise Ended from failure
        if answers is None:
            raise Ended
        found: Answers = pickle.loads(answers)  # noqa: S301 - from a process of ours
        return found

    def end(self) -> None:
        """Kill it; the key that it held goes with it."""
        self._process.kill()
        self._process.wait()
        with suppress(OSError):  # words that it did not live to read
            self._boxes.close()
        self._answers.close()
