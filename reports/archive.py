"""ZIP of named files: the same files give the same bytes, and Thai names arrive as they are."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

_TIME = (1980, 1, 1, 0, 0, 0)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u202a-\u202e]+')
_DOTS = re.compile(r"\.{2,}")
_LONGEST = 180  # bytes of UTF-8: file systems allow 255, and people add to names


def safe_name(name: str) -> str:
    """A file name that no system reads as a path: separators and control characters become "_", dots one.

    Over-long names are cut before their extension; an empty name becomes "file".
    """
    name = _DOTS.sub(".", _UNSAFE.sub("_", name)).strip(" .") or "file"
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    room = _LONGEST - len(extension.encode()) - len(dot)
    stem = stem.encode()[: max(room, 1)].decode("utf-8", "ignore").rstrip(" .")
    return f"{stem}{dot}{extension}"


def zip_files(files: Iterable[tuple[str, bytes | Path]]) -> bytes:
    """One ZIP of (name, content or its file), ordered by name. Raises ValueError for two equal safe names."""
    out = BytesIO()
    seen: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in sorted(
            ((safe_name(name), content) for name, content in files), key=lambda one: one[0]
        ):
            if name.casefold() in seen:
                raise ValueError(f"two files are named {name}")
            seen.add(name.casefold())
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content if isinstance(content, bytes) else content.read_bytes())
    return out.getvalue()
