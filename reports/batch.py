"""Many circulars at once: two fresh processes, the largest province first, each letter handed over when done.

The workers are new interpreters, not forks: the caller may be a thread of a server with open connections.
They get the letters through a pipe and nothing of the caller's environment (no database URL, no secret), and
end when the pipe ends, even if the caller was killed.
"""

from __future__ import annotations

import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from reports.letter_data import Circular
from reports.letters import render_circular
from reports.press import settle

WORKERS = 2
_HEADER = struct.Struct(">Q")
_ROOT = Path(__file__).parents[1]
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CACHE_HOME",
)


class RenderingFailed(RuntimeError):
    """A worker could not make a letter, or ended."""


def render_circulars(
    circulars: Mapping[str, Circular], *, workers: int = WORKERS
) -> Iterator[tuple[str, bytes]]:
    """Yield (key, PDF) for each circular as it is finished, in no order that may be relied on.

    Closing the iterator (or leaving the loop) ends the workers. Raises RenderingFailed.
    """
    waiting: queue.Queue[tuple[str, Circular]] = queue.Queue()
    for key in sorted(circulars, key=lambda name: (-circulars[name].status.total, name)):
        waiting.put((key, circulars[key]))
    finished: queue.Queue[tuple[str, bytes] | Exception] = queue.Queue()
    running = [_start() for _ in range(max(1, min(workers, len(circulars))))]
    try:
        for process in running:
            threading.Thread(target=_drive, args=(process, waiting, finished), daemon=True).start()
        for _ in range(len(circulars)):
            result = finished.get()
            if isinstance(result, Exception):
                raise result
            yield result
    finally:
        for process in running:
            process.kill()
            process.wait()
            _close(process)


def _start() -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "reports.batch"],
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue


def _drive(
    process: subprocess.Popen[bytes],
    waiting: queue.Queue[tuple[str, Circular]],
    finished: queue.Queue[tuple[str, bytes] | Exception],
) -> None:
    """Feed one worker letter by letter until none waits."""
    assert process.stdin is not None and process.stdout is not None
    key = ""
    try:
        while True:
            key, circular = waiting.get_nowait()
            _send(process.stdin, pickle.dumps(circular))
            answer = _receive(process.stdout)
            if answer is None:
                raise RenderingFailed(f"the worker ended while it made the letter of {key}")
            if answer[:1] != b"%":
                raise RenderingFailed(f"{key}: {answer[1:].decode('utf-8', 'replace')}")
            finished.put((key, answer))
    except queue.Empty:
        return
    except (RenderingFailed, OSError, ValueError) as failure:
        finished.put(
            failure if isinstance(failure, RenderingFailed) else RenderingFailed(f"{key}: {failure}")
        )


def _send(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(_HEADER.pack(len(content)) + content)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    header = pipe.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    (length,) = _HEADER.unpack(header)
    content = pipe.read(length)
    return content if len(content) == length else None


def work(source: IO[bytes], sink: IO[bytes]) -> None:
    """The worker: one letter in, one PDF (or ``!`` and the reason) out, until the pipe ends."""
    settled = False
    while (content := _receive(source)) is not None:
        circular: Any = pickle.loads(content)  # noqa: S301 -- from the process that started this one
        try:
            answer = render_circular(circular)
        except Exception as failure:
            answer = f"!{type(failure).__name__}: {failure}".encode()
        _send(sink, answer)
        if not settled:
            settle()
            settled = True


if __name__ == "__main__":
    work(sys.stdin.buffer, sys.stdout.buffer)
