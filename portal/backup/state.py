"""When the last good backup was made, and why the last try failed: the file that ``portal/watch`` reads."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from config import Settings

FILE = "state/last-backup.json"


@dataclass(frozen=True)
class State:
    """``at``: when the last good one was begun. Moments are ISO text, "" where there was none.

    ``why`` is of the last failure; one that a good backup followed is forgotten.
    """

    at: str = ""
    name: str = ""
    size: int = 0
    seconds: float = 0
    failed_at: str = ""
    why: str = ""

    def age(self, now: datetime) -> float | None:
        """Hours since the last good backup; None where there was none."""
        if not self.at:
            return None
        return (now - datetime.fromisoformat(self.at)).total_seconds() / 3600


def read(settings: Settings) -> State:
    """What is known here; nothing where no backup was ever tried, or the file cannot be read."""
    try:
        return State(**json.loads(_file(settings).read_text()))
    except (OSError, ValueError, TypeError):
        return State()


def succeeded(settings: Settings, at: datetime, *, name: str, size: int, seconds: float) -> None:
    """A backup was made and verified."""
    _write(settings, State(at.isoformat(), name, size, round(seconds, 1)))


def failed(settings: Settings, at: datetime, why: str) -> None:
    """A backup was not made: the last good one stays the last good one."""
    _write(settings, replace(read(settings), failed_at=at.isoformat(), why=why))


def _write(settings: Settings, state: State) -> None:
    """Whole or not at all: a page reads it at any moment."""
    file = _file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.part")
    draft.write_text(json.dumps(asdict(state)))
    os.replace(draft, file)


def _file(settings: Settings) -> Path:
    return settings.instance_dir / FILE
