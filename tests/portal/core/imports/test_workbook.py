"""A stranger's workbook before and beside its parser: what is refused unread, and how the parsing ends."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from portal.core.imports import workbook
from portal.core.imports.errors import UnreadableFile, UnsafeWorkbook
from portal.core.imports.workbook import Limits, read_workbook
from tests.support.workbooks import with_parts_changed, workbook_of

NAMES = {"code": ("รหัส",), "name": ("ชื่อ",)}
ORDINARY = workbook_of({"รายชื่อ": [("รหัส", "ชื่อ"), ("1", "x")]})


def read(content: bytes) -> None:
    read_workbook(content, Limits(), NAMES)


def with_part(name: str, body: bytes) -> bytes:
    """The ordinary workbook with one part more."""
    stream = BytesIO(ORDINARY)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return stream.getvalue()


def test_a_locked_workbook_is_refused_before_it_is_opened() -> None:
    content = bytearray(ORDINARY)
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(head) + flags] |= 1
    with pytest.raises(UnsafeWorkbook, match="locked with a password"):
        workbook.inspect_directory(bytes(content))


@pytest.mark.parametrize("same", [False, True], ids=["very many parts", "one part under one name twice"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_workbook_of_odd_parts_is_refused(same: bool) -> None:
    stream = BytesIO(ORDINARY)
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(2 if same else workbook.MOST_PARTS):
            archive.writestr("xl/media/0.xml" if same else f"xl/media/{number}.xml", b"x")
    with pytest.raises(UnsafeWorkbook, match="too large"):
        workbook.inspect_directory(stream.getvalue())


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ("exit 3", "too large"),
        ("kill -9 $$", "too large"),
        ("exit 4", "cannot be read"),
        ("exit 1", "cannot be read"),
    ],
)
def test_however_the_parsers_process_ends_it_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ends: str, words: str
) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{ends}\n")
    program.chmod(0o755)
    monkeypatch.setattr(workbook.sys, "executable", str(program))
    with pytest.raises(UnsafeWorkbook, match=words):
        read(ORDINARY)


def test_a_part_that_swells_is_refused_before_it_is_unpacked() -> None:
    bomb = with_part("xl/media/a.xml", b"\0" * 8_000_000)
    with pytest.raises(UnsafeWorkbook):
        workbook.inspect_directory(bomb)


def test_a_parser_that_runs_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SECONDS", 0.001)
    with pytest.raises(UnsafeWorkbook):
        read(ORDINARY)


def test_a_workbook_of_a_million_equal_cells_ends_in_words() -> None:
    rows = "".join(
        f'<row r="{n}">' + '<c t="inlineStr"><is><t>รหัส</t></is></c>' * 60 + "</row>" for n in range(1, 15000)
    )
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}'
    sheet = f"{sheet}</sheetData></worksheet>"
    with pytest.raises(UnreadableFile):
        read(
            with_parts_changed(
                ORDINARY, lambda name, body: sheet.encode() if name.endswith("sheet1.xml") else body
            )
        )


@pytest.mark.parametrize(
    "part",
    ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "xl/embeddings/a.bin", "xl/activeX/a.xml"],
)
def test_macros_and_links_to_other_files_are_refused(part: str) -> None:
    with pytest.raises(UnsafeWorkbook):
        read(with_part(part, b"x"))
