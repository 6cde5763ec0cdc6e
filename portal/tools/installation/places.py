"""Folders and files: keys, disk, the last backup, fonts, and what the installation prepares once."""

from __future__ import annotations

import importlib
import os
import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta

from config import ROOT, Settings
from portal.core import clock, texts
from portal.core.vault import FIELD_KEY, FINGERPRINT_KEY
from portal.tools.installation.finding import Finding, ok, warning, wrong
from portal.watch import figures
from reports.fonts import is_installed
from reports.letter_data import TYPEFACES

#: three nights were missed
BACKUP_LOST = timedelta(hours=74)
#: what is noted later than now by more than this was noted by another clock
_AHEAD = timedelta(minutes=5)
GIB = 1024**3
#: a disk with less is full tomorrow; with less than the second it is full soon
DISK_FULL, DISK_SHORT = 1 * GIB, 5 * GIB
_OTHERS = 0o077


def look(settings: Settings) -> Iterator[Finding]:
    """Each finding about folders and files."""
    yield _key_folder(settings)
    yield _keys(settings)
    yield _anchors(settings)
    yield _disk(settings)
    yield _backup(settings)
    yield _fonts()
    yield _prepared()


def _key_folder(settings: Settings) -> Finding:
    """Place, kind, owner and mode of the key folder."""
    folder = settings.key_dir
    for parent, what in ((settings.instance_dir, "the instance folder"), (ROOT, "the portal's code")):
        if folder.is_relative_to(parent):
            return wrong("key folder", f"{folder} lies in {what}, where a backup takes it along: set KEY_DIR")
    if not folder.is_dir():
        return wrong("key folder", f"{folder} is not there: make it, for the portal's user alone (mode 0700)")
    found = folder.stat()
    if found.st_mode & _OTHERS:
        return wrong("key folder", f"Others may enter {folder}: chmod 0700 {folder}")
    if found.st_uid != os.geteuid():
        return wrong(
            "key folder",
            f"{folder} belongs to user {found.st_uid}, and this is user {os.geteuid()}: give it to"
            " the portal's user, and run this command as that user",
        )
    return ok("key folder", f"{folder} is the portal's alone, outside the instance folder")


def _keys(settings: Settings) -> Finding:
    """The keys of the rosters are there, and nobody else may read any key."""
    try:
        files = [path for path in settings.key_dir.iterdir() if path.is_file()]
    except OSError as error:
        return wrong("keys", f"The key folder cannot be read: {error.strerror}")
    missing = {FIELD_KEY, FINGERPRINT_KEY} - {path.name for path in files}
    open_ones = [path.name for path in files if stat.S_IMODE(path.stat().st_mode) & _OTHERS]
    if open_ones:
        return wrong("keys", f"Others may read {', '.join(sorted(open_ones))}: chmod 0400")
    if missing:
        return warning(
            "keys",
            f"{' and '.join(sorted(missing))} not there yet: create-admin makes them. If there are rosters,"
            " restore them from their copy first",
        )
    return ok("keys", "The keys of the rosters are there. See that their own safe copy is, too")


def _disk(settings: Settings) -> Finding:
    folder = next(path for path in (settings.instance_dir, *settings.instance_dir.parents) if path.exists())
    left = shutil.disk_usage(folder).free
    said = f"{left / GIB:.1f} GiB are left where {folder} lies"
    if left < DISK_FULL:
        return wrong("disk", f"{said}: make room now, answers cannot be stored on a full disk")
    if left < DISK_SHORT:
        return warning("disk", f"{said}: make room before the surveys open")
    return ok("disk", said)


def _anchors(settings: Settings) -> Finding:
    """Where the anchors of the record go, and when the last one was signed."""
    folder = settings.anchors
    if folder.is_relative_to(settings.instance_dir):
        return warning(
            "anchors",
            f"{folder} lies in the instance folder: set ANCHOR_DIR to one that another machine fetches",
        )
    if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return wrong("anchors", f"{folder} cannot be written: give it to the portal's user")
    at = figures.last_anchor(settings)
    if at is None:
        return warning("anchors", "The record was not anchored yet: the worker does it within an hour")
    age = clock.machine() - at
    if age < -_AHEAD:
        return wrong("anchors", "The last anchor is of the future: look at the machine's clock")
    if age > figures.ANCHOR_EVERY:
        return wrong("anchors", f"The record was not anchored for {_hours(age)}: see the log of the worker")
    return ok("anchors", f"The record was anchored last {_hours(age)} ago. See that another machine has it")


def _backup(settings: Settings) -> Finding:
    """When the last backup was made."""
    at = figures.last_backup(settings)
    if at is None:
        return warning("backup", "No backup was noted yet: run the backup once, and enable its timer")
    age = clock.machine() - at
    said = f"The last backup was made {_hours(age)} ago"
    if age < -_AHEAD:
        return wrong("backup", "The last backup is of the future: look at the machine's clock")
    if age > BACKUP_LOST:
        return wrong("backup", f"{said}: see why the timer does not run it")
    if age > figures.BACKUP_EVERY:
        return warning("backup", f"{said}: see whether the timer is on")
    return ok("backup", said)


def _hours(age: timedelta) -> str:
    return f"{age / timedelta(hours=1):.0f} hours"


def _fonts() -> Finding:
    """Whether letters can be printed, and in which fonts an office may have them."""
    try:
        importlib.import_module("weasyprint")  # loads Pango, HarfBuzz and fontconfig
    except OSError as error:
        why = str(error).splitlines()[0]
        return wrong("fonts", f"Letters cannot be printed ({why}): 'make setup' as root installs Pango")
    there = [face.family for face in TYPEFACES.values() if is_installed(face.family)]
    if not there:
        return warning(
            "fonts",
            "Letters are printed in the portal's own font: for TH Sarabun, install it in"
            " /usr/local/share/fonts",
        )
    return ok("fonts", f"Letters can be printed in the portal's own font and in {', '.join(there)}")


def _prepared() -> Finding:
    """Whether the texts are compiled: a portal that may not write to its code cannot do that at start."""
    sources = list(texts.FOLDER.rglob("*.po"))
    stale = [file for file in sources if texts.is_stale(file)]
    if stale and not os.access(stale[0].parent, os.W_OK):
        return wrong(
            "texts", "The Thai texts are not compiled, nor can be at the start: 'make texts' as root"
        )
    if not all(os.access(file.with_suffix(".mo"), os.R_OK) for file in sources if file not in stale):
        return wrong("texts", "The Thai texts cannot be read by this user: chmod -R a+rX portal/translations")
    return ok("texts", "The Thai texts are compiled, or will be at the start")
