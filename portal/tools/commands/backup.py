"""Make a backup, or say when the last good one was made."""

from __future__ import annotations

import sys

from config import Settings
from portal.backup import state
from portal.backup.making import look_at_theirs, make_backup
from portal.backup.troubles import BackupTrouble
from portal.core import clock

#: a backup a day, and some hours to notice
OLDEST = 30


def run(settings: Settings) -> int:
    """Make one; 1 where none was made."""
    try:
        made = make_backup(settings)
    except BackupTrouble as error:
        print(error, file=sys.stderr)
        return 1
    if made.theirs is not None:
        print(f"pgBackRest backed the database up and verified it: {made.theirs.label}")
    if made.contents is not None:
        rows = sum(made.contents.counts.values())
        print(
            f"The database was copied and looked through: {len(made.contents.counts)} tables, {rows:,} rows"
        )
    if made.kept is not None:
        print(f"{made.kept.file}: {made.kept.size:,} bytes, sealed, read back and verified")
    for name in made.gone:
        print(f"{name} went: newer ones stand for its day, week and month")
    print(f"It took {made.seconds:.1f} s")
    return 0


def tell(settings: Settings) -> int:
    """Say when the last good backup was made; 1 where it is too old, or there is none."""
    try:
        look_at_theirs(settings)
    except (BackupTrouble, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    known = state.read(settings)
    age = known.age(clock.machine())
    if known.why:
        print(f"The last try failed at {known.failed_at}: {known.why}", file=sys.stderr)
    if age is None:
        print("No backup was ever made here", file=sys.stderr)
        return 1
    print(f"The last good backup is {age:.1f} hours old: {known.name}")
    return 1 if age > OLDEST or known.why else 0
