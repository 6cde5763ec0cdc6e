"""PostgreSQL's own tools, of the server's version or a newer one; passwords go by the environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import make_url

from portal.backup.troubles import BackupTrouble

_DEBIAN = Path("/usr/lib/postgresql")


def tool(name: str, *, server: int, pg_bin: Path | None) -> str:
    """The path of pg_dump or pg_restore of a server's version, else of the next. Raises BackupTrouble."""
    fitting = [(_major(place), place) for place in _candidates(name, pg_bin)]
    fitting = [(major, place) for major, place in fitting if major >= server]
    if fitting:
        # pg_restore sets what an older server does not know: the nearest, and the first of those
        return min(fitting, key=lambda one: one[0])[1]
    raise BackupTrouble(
        f"There is no {name} of PostgreSQL {server} here: install postgresql-client-{server}, or set PG_BIN "
        "to the folder of its programs"
    )


def run(command: list[str], url: str) -> None:
    """Run a tool on a database. Raises BackupTrouble with what it said."""
    done = subprocess.run(  # noqa: S603 - PostgreSQL's programme
        [*command, "--no-password"], env=_environment(url), capture_output=True, check=False
    )
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise BackupTrouble(f"{Path(command[0]).name} ended with {done.returncode}: {told[0]}")


def listed(pg_restore: str, dump: Path) -> None:
    """Read the table of contents of a dump. Raises BackupTrouble where it has none, or not of the boxes."""
    words = [pg_restore, "--list", str(dump)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - the same
    if done.returncode or " TABLE DATA public sealed_answer " not in done.stdout:
        raise BackupTrouble(f"The dump cannot be read again: {done.stderr.strip() or 'it holds no boxes'}")


def as_text(dump: Path, target: Path, *, pg_bin: Path | None) -> None:
    """Write a dump as SQL, which a search can read: its own format is compressed. Raises BackupTrouble."""
    newest = max(_candidates("pg_restore", pg_bin), key=_major, default="pg_restore")
    words = [newest, f"--file={target}", str(dump)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - the same
    if done.returncode:
        raise BackupTrouble(f"The dump cannot be read again: {done.stderr.strip()}")


def _candidates(name: str, pg_bin: Path | None) -> list[str]:
    found = [str(pg_bin / name)] if pg_bin is not None else []
    on_path = shutil.which(name)
    found += [on_path] if on_path else []
    found += [str(path) for path in sorted(_DEBIAN.glob(f"*/bin/{name}"))]
    return [path for path in found if os.access(path, os.X_OK)]


def _major(path: str) -> int:
    words = [path, "--version"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - the same
    number = re.search(r"\) (\d+)", done.stdout)
    return int(number[1]) if number else 0


def _environment(url: str) -> dict[str, str]:
    """What libpq reads, so that no password stands in a list of processes."""
    parts = make_url(url)
    hosts = parts.query.get("host", parts.host or "")
    given = {
        "PGHOST": hosts if isinstance(hosts, str) else hosts[0],
        "PGPORT": str(parts.port or parts.query.get("port", "")),
        "PGUSER": parts.username or "",
        "PGPASSWORD": str(parts.password or ""),
        "PGDATABASE": parts.database or "",
        "PGSSLMODE": str(parts.query.get("sslmode", "")),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {name: value for name, value in given.items() if value}
