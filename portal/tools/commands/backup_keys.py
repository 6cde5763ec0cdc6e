"""The keys of backups and the safe copy of the keys of rosters, in their holders' hands."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from config import Settings
from portal.backup import holders_key, roster_keys
from portal.backup.troubles import BackupTrouble


def make(settings: Settings, target: Path) -> int:
    """Make a pair for a holder; prints the public key."""
    try:
        public_key = holders_key.make(settings, target)
    except (BackupTrouble, OSError) as error:
        return _refused(error)
    print(f"The private key is in {target}: it opens backups. Keep it offline, in two places, and not here")
    print(f"BACKUP_KEY={public_key}")
    return 0


def copy_roster_keys(settings: Settings, target: Path, *, public_key: str) -> int:
    """Seal a copy of the keys of rosters to a holder."""
    try:
        if not re.fullmatch("[0-9a-f]{64}", public_key):
            raise BackupTrouble("--holder is the public key that 'run.py backup-key' printed for this holder")
        roster_keys.copy_out(settings, target, public_key)
    except (BackupTrouble, OSError) as error:
        return _refused(error)
    print(f"The keys of rosters are in {target}, sealed to their holder; no other key is in it")
    return 0


def restore_roster_keys(settings: Settings, source: Path, *, key_file: Path) -> int:
    """Put the keys of rosters back."""
    try:
        back = roster_keys.put_back(settings, source, holders_key.read(key_file))
    except (BackupTrouble, OSError) as error:
        return _refused(error)
    print(f"Put back: {', '.join(back)}" if back else "Both keys are there already, and the same")
    return 0


def _refused(error: Exception) -> int:
    print(error, file=sys.stderr)
    return 1
