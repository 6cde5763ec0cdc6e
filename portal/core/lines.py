"""What the processes say: a line of JSON each, with the id of the request that an error page names too.

Of a respondent's request no line tells which survey, from where or when. It is held without its words' values
and said at the next full hour together with the others of that hour, in no order; a process that ends before
says nothing of it (docs/adr/0043-watched.md).
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from flask import has_request_context, request

from config import ROOT
from portal.core import clock
from portal.core.respondents import is_of_a_respondent

#: what of a hour's lines is kept at most: a fault of each respondent says nothing new
MOST_HELD = 1000
HOUR = 3600
#: our own loggers: their words are known, and hold no value before they are filled in
OURS = ("portal", "views", "survey_forms", "run")
#: files that only one channel of the surveys comes through: of a fault in one of them its caller is named
OF_ONE_CHANNEL = frozenset({"on_site.py", "interviews.py"})
#: of a driver's error: something in the data, whose words repeat a value (SQL:2016, class 22)
_OF_DATA = "22"
#: the server's own logger: of whose request it speaks is not known
_SERVER = "_granian"


def request_id() -> str:
    """The id of this request, for its lines and its error page. It is made at the first question."""
    found: str = request.environ.setdefault("portal.request_id", secrets.token_hex(4).upper())
    return found


class Held:
    """Lines of respondents' requests, until the full hour."""

    def __init__(self, say: Callable[[dict[str, Any]], None]) -> None:
        self._say = say
        self._lock = threading.Lock()
        self._lines: list[dict[str, Any]] = []
        self._more = 0
        self._timer: threading.Timer | None = None

    def keep(self, line: dict[str, Any]) -> None:
        """Keep a line; the first one sets the clock."""
        with self._lock:
            if len(self._lines) < MOST_HELD:
                self._lines.append(line)
            else:
                self._more += 1
            if self._timer is None:
                self._timer = threading.Timer(seconds_to_the_hour(clock.machine()), self.say_all)
                self._timer.daemon = True
                self._timer.start()

    def say_all(self) -> None:
        """Say what was held, in no order."""
        with self._lock:
            lines, more = self._lines, self._more
            self._lines, self._more, self._timer = [], 0, None
        secrets.SystemRandom().shuffle(lines)
        for line in lines:
            self._say(line)
        if more:
            self._say({"level": "ERROR", "text": f"and {more} more lines of respondents in this hour"})

    def forget(self) -> None:
        """Let go of everything, unsaid."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._lines, self._more, self._timer = [], 0, None


def seconds_to_the_hour(now: datetime) -> float:
    """How long it is until the next full hour."""
    return HOUR - now.timestamp() % HOUR


class Lines(logging.Handler):
    """Writes a record as a line of JSON; holds one of a respondent's request."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out
        self.held = Held(self._write)

    def emit(self, record: logging.LogRecord) -> None:
        """Write or hold. What cannot be written is said to be so, without its words."""
        try:
            if _is_of_a_respondent(record):
                self.held.keep(_held_line(record))
            else:
                self._write(_line(record))
        except Exception:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Not as the library does it, which prints the values of the line that failed."""
        self._write({"level": "ERROR", "text": "a line could not be written"})

    def _write(self, line: dict[str, Any]) -> None:
        text = json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__)
        self.acquire()
        try:
            self._out.write(f"{text}\n")
            self._out.flush()
        finally:
            self.release()


def begin(out: TextIO | None = None) -> Lines:
    """From here on this process says everything as lines of JSON. Gives the handler."""
    lines = Lines(out or sys.stderr)
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, Lines)]:
        end(handler)
    root.addHandler(lines)
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    server = logging.getLogger(_SERVER)
    server.handlers, server.propagate = [], True
    logging.captureWarnings(True)
    return lines


def end(lines: Lines) -> None:
    """Take the handler away again; what it held is forgotten."""
    lines.held.forget()
    logging.getLogger().removeHandler(lines)
    logging.captureWarnings(False)


def _is_of_a_respondent(record: logging.LogRecord) -> bool:
    if record.name.startswith(_SERVER):
        return True
    return has_request_context() and is_of_a_respondent(request.path)


def _line(record: logging.LogRecord) -> dict[str, Any]:
    at = datetime.fromtimestamp(record.created, clock.UTC).isoformat(timespec="milliseconds")
    line: dict[str, Any] = {"at": at, "level": record.levelname, "name": record.name}
    line |= {"process": record.process, "text": record.getMessage()}
    if has_request_context():
        line["request"] = request_id()
    line |= getattr(record, "fields", {})
    if record.exc_info and record.exc_info[1] is not None:
        line["trace"] = _trace(record.exc_info[1])
    return line


def _trace(error: BaseException) -> str:
    """The traceback, in which PostgreSQL names no value: neither in its words nor in their detail."""
    text = "".join(traceback.format_exception(error))
    seen: set[int] = set()
    left: list[BaseException | None] = [error]
    while left:
        one = left.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        left += [one.__cause__, one.__context__]
        if getattr(one, "sqlstate", None) and str(one):
            text = text.replace(str(one), _without_values(one))
    return text


def _without_values(error: Any) -> str:
    """What a driver's error says, without the values that its words and its detail repeat."""
    state: str = error.sqlstate
    said = "a value that does not fit" if state.startswith(_OF_DATA) else error.diag.message_primary
    return f"{said} ({state})"


def _held_line(record: logging.LogRecord) -> dict[str, Any]:
    """The words before they were filled in, the kind of what happened, and where in our code."""
    ours = record.name.partition(".")[0] in OURS
    line: dict[str, Any] = {"level": record.levelname, "name": record.name}
    line["text"] = str(record.msg) if ours else "said by a library"
    if has_request_context():
        line["request"] = request_id()
    kind = getattr(record, "kind", None)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        kind = type(error).__name__
        line["place"] = _place(error)
    if kind is not None:
        line["kind"] = kind
    return line


def _place(error: BaseException) -> str:
    """The innermost place of our own code that tells no channel; "" where there is none."""
    found = ""
    for frame in traceback.extract_tb(error.__traceback__):
        file = Path(frame.filename)
        inside = file.is_relative_to(ROOT) and "site-packages" not in file.parts
        if inside and file.name not in OF_ONE_CHANNEL:
            found = f"{file.relative_to(ROOT)}:{frame.lineno}"
    return found
