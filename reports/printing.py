"""Papers as PDF, made in processes of their own: the largest first, each handed over when it is done.

The printers are new interpreters, not forks: the caller may be a thread of a server with open connections.
They get the data through a pipe and nothing of the caller's environment (no database URL, no secret), and end
when the pipe ends, even if the caller was killed. So nobody but a printer imports WeasyPrint (1.4 s).
"""

from __future__ import annotations

import os
import pickle
import queue
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from reports.certificate_data import Certificate
from reports.letter_data import Circular, NaccLetter, PosterData, ProvinceSummary, SignatureStamp
from reports.slip_data import HandOver, SlipSheet
from reports.table_data import TablePaper

Paper = (
    Circular
    | NaccLetter
    | ProvinceSummary
    | Certificate
    | PosterData
    | SlipSheet
    | HandOver
    | SignatureStamp
    | TablePaper
)

PRINTERS = 2
_HEADER = struct.Struct(">Q")
_ROOT = Path(__file__).parents[1]
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CACHE_HOME",
)


class RenderingFailed(RuntimeError):
    """A printer could not make a paper, or ended."""


def print_paper(paper: Paper) -> bytes:
    """One paper as PDF. Raises RenderingFailed."""
    return next(content for _key, content in print_papers({"paper": paper}))


def print_papers(papers: Mapping[str, Paper], *, printers: int = PRINTERS) -> Iterator[tuple[str, bytes]]:
    """Yield (key, PDF) for each paper as it is finished, in no order that may be relied on.

    Closing the iterator (or leaving the loop) ends the printers. Raises RenderingFailed.
    """
    waiting: queue.Queue[tuple[str, Paper]] = queue.Queue()
    for key in sorted(papers, key=lambda name: (-_size(papers[name]), name)):
        waiting.put((key, papers[key]))
    finished: queue.Queue[tuple[str, bytes] | Exception] = queue.Queue()
    # the printers are killed when they are done with: what they leave goes with their folder
    folder = tempfile.TemporaryDirectory(prefix="printing-")
    running = [_start(folder.name) for _ in range(min(printers, len(papers)))]
    try:
        for process in running:
            threading.Thread(target=_drive, args=(process, waiting, finished), daemon=True).start()
        for _ in range(len(papers)):
            result = finished.get()
            if isinstance(result, Exception):
                raise result
            yield result
    finally:
        for process in running:
            process.kill()
            process.wait()
            _close(process)
        folder.cleanup()


def _size(paper: Paper) -> int:
    """How many agencies it lists or writes to: what makes a paper slow."""
    if isinstance(paper, SlipSheet):
        return len(paper.slips)
    return paper.status.total if isinstance(paper, Circular | ProvinceSummary) else 0


def _start(folder: str) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {"TMPDIR": folder}
    return subprocess.Popen(
        [sys.executable, "-m", "reports.printer"],
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _close(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None and process.stdout is not None
    with suppress(BrokenPipeError):  # words that the printer did not live to read
        process.stdin.close()
    process.stdout.close()


def _drive(
    process: subprocess.Popen[bytes],
    waiting: queue.Queue[tuple[str, Paper]],
    finished: queue.Queue[tuple[str, bytes] | Exception],
) -> None:
    """Feed one printer paper by paper until none waits."""
    assert process.stdin is not None and process.stdout is not None
    key = ""
    try:
        while True:
            key, paper = waiting.get_nowait()
            send(process.stdin, pickle.dumps(paper))
            answer = receive(process.stdout)
            if answer is None:
                raise RenderingFailed(f"the printer ended while it made {key}")
            if answer[:1] != b"%":
                raise RenderingFailed(f"{key}: {answer[1:].decode('utf-8', 'replace')}")
            finished.put((key, answer))
    except queue.Empty:
        return
    except (RenderingFailed, OSError, ValueError) as failure:
        finished.put(
            failure if isinstance(failure, RenderingFailed) else RenderingFailed(f"{key}: {failure}")
        )


def send(pipe: IO[bytes], content: bytes) -> None:
    """One piece into the pipe: its length, then its bytes."""
    pipe.write(_HEADER.pack(len(content)) + content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """The next piece; None where the pipe has ended."""
    header = pipe.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    (length,) = _HEADER.unpack(header)
    content = pipe.read(length)
    return content if len(content) == length else None
