"""pgBackRest, where an office has it: told to back PostgreSQL up and to verify, and asked what it has.

It keeps, seals and rotates by its own settings. ``info --output=json`` names every backup with the moment it
ended, in seconds since 1970.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal.backup.troubles import BackupTrouble


@dataclass(frozen=True)
class Theirs:
    """A backup in its repository. ``size``: what it added there, in bytes."""

    label: str
    ended_at: datetime
    size: int


def back_up(words: str, begun: datetime) -> Theirs:
    """Make one and verify the repository. Raises BackupTrouble, also where no new one is named afterwards."""
    _run(words, "backup")
    _verify(words)
    made = newest(words)
    # it tells full seconds
    if made is None or made.ended_at < begun.replace(microsecond=0):
        raise BackupTrouble("pgBackRest said that it made a backup, and names no new one")
    return made


def newest(words: str) -> Theirs | None:
    """The newest backup without an error, None where there is none. Raises BackupTrouble."""
    said = _run(words, "info", "--output=json")
    try:
        found = [
            _read(one) for stanza in json.loads(said) for one in stanza["backup"] if not one.get("error")
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise BackupTrouble("What pgBackRest says of its backups cannot be read") from error
    return max(found, key=lambda one: one.ended_at, default=None)


def _verify(words: str) -> None:
    """Read every file of the repository. It ends with 0 where files are harmed too: only its words tell."""
    said = _run(words, "verify", "--output=text")
    if not re.search("^status: ok$", said, re.MULTILINE):
        lines = (line.strip() for line in said.splitlines())
        harmed = next((line for line in lines if "status: invalid" in line), "it does not say where")
        raise BackupTrouble(f"pgBackRest finds its repository harmed: {harmed}")


def _read(one: dict[str, Any]) -> Theirs:
    ended_at = datetime.fromtimestamp(one["timestamp"]["stop"], UTC)
    return Theirs(str(one["label"]), ended_at, int(one["info"]["repository"]["delta"]))


def _run(words: str, *more: str) -> str:
    """What it said. ``words``: as PGBACKREST has them, with its stanza."""
    command = [*shlex.split(words), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a setting
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
        raise BackupTrouble(f"'{more[0]}' of pgBackRest ended with {done.returncode}: {said[-1]}")
    return done.stdout
