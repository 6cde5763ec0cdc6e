"""Put a backup back, and say in plain words what was closed again."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from config import Settings
from portal.backup import holders_key, restoring
from portal.backup.settling import Settled
from portal.backup.troubles import BackupTrouble


def run(settings: Settings, backup: Path, *, key_file: Path, lists: Sequence[Path]) -> int:
    """Restore; 1 where nothing was."""
    try:
        settings.instance_dir.mkdir(parents=True, exist_ok=True)
        done = restoring.restore(settings, backup, holders_key.read(key_file), lists=tuple(lists))
    except (BackupTrouble, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if done.settled is None:
        print(
            "This backup holds no database: the database's own tool restores it, then: run.py settle-restored"
        )
    else:
        rows = sum(done.manifest.contents.counts.values()) if done.manifest.contents else 0
        print(
            f"The database is as it was on {done.manifest.made_at}: {rows:,} rows, "
            "every chain of the record whole"
        )
        _say(done.settled)
    if done.files:
        print(f"{done.files} files came back into {settings.instance_dir / restoring.RESTORED}")
    return 0


def settle(settings: Settings, *, lists: Sequence[Path]) -> int:
    """Close what was closed since, in a database that another tool restored."""
    try:
        settled = restoring.settle_what_came_back(settings, tuple(lists))
    except BackupTrouble as error:
        print(error, file=sys.stderr)
        return 1
    _say(settled)
    return 0


def _say(settled: Settled) -> None:
    for line in settled.lines:
        print(line)
    if not settled.closed:
        print("No round was closed since")
