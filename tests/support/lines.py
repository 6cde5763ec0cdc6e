"""What a process would say, caught."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from portal.core import lines


class Said:
    """The lines so far."""

    def __init__(self, out: io.StringIO, handler: lines.Lines) -> None:
        self._out, self.handler = out, handler

    @property
    def text(self) -> str:
        """Everything, as it would stand in the log."""
        return self._out.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each line, read."""
        return [json.loads(line) for line in self.text.splitlines()]


@contextmanager
def saying() -> Iterator[Said]:
    """Lines are written as a served process writes them, and caught."""
    root, ours = logging.getLogger(), [logging.getLogger(name) for name in lines.OURS]
    levels = [(logger, logger.level) for logger in (root, *ours)]
    out = io.StringIO()
    handler = lines.begin(out)
    try:
        yield Said(out, handler)
    finally:
        for one in [one for one in root.handlers if isinstance(one, lines.Lines)]:
            lines.end(one)
        for logger, level in levels:
            logger.setLevel(level)
