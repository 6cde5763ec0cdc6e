"""A letter as a search engine or a screen reader's user gets it: ``pdftotext`` without any option.

It sorts glyphs by their place on the page: what stands in the wrong place comes out in the wrong order.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import html5lib

from reports.table_rows import ROW

#: no part of the text: spaces, and signs that only forbid or allow a line to end
_UNSEEN = re.compile("[\\s\u00a0\u2060\u200b]")
#: what the page adds: its number, and the words that the next one begins with
_FURNITURE = re.compile("‑ ?[๐-๙]+ ?‑|/.*\\.\\.\\.")


def read(pdf: bytes, folder: Path, *mode: str) -> str:
    """What ``pdftotext`` reads, without options unless some are named."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", *mode, str(path), "-"], capture_output=True, check=True
    ).stdout.decode()


def in_order(text: str) -> str:
    """The text of a paper without its spaces and without what its pages add."""
    lines = text.replace("\f", "\n").split("\n")
    return _UNSEEN.sub("", "".join(line for line in lines if not _FURNITURE.fullmatch(line.strip())))


def written(html: str) -> str:
    """The text of an HTML document in the order in which it is written, without its spaces."""
    body: Any = html5lib.parse(html, namespaceHTMLElements=False).find("body")
    for row in body.iter("td"):
        if row.get("class") == ROW:
            row.text = "".join(line.partition(" ")[2] for line in row.text.strip().split("\n"))
    return _UNSEEN.sub("", "".join(body.itertext()))
