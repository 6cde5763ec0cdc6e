"""The inside of an old Office file (.xls), looked at before it is parsed: what an ordinary list never has.

The file is a small file system ([MS-CFB]): sectors, chained by a table (FAT). The workbook is one stream of
records ([MS-XLS] 2.4). Read in the process that parses a stranger's workbook, under its limits.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

MAGIC = b"\xd0\xcf\x11\xe0"
#: numbers of sectors from here on are marks: free, end of a chain, part of the table
_MARKS = 0xFFFFFFFA
_ENTRY, _SMALL_SECTOR = 128, 64
_FILEPASS, _SUPBOOK, _BOUNDSHEET = 0x2F, 0x1AE, 0x85
#: what a SUPBOOK says of the workbook's own sheets, and of functions of add-ins
_OWN_SHEETS = (0x0401, 0x3A01)
#: a BOUNDSHEET of Excel 4 macros, or of a module
_MACRO_SHEETS = (1, 6)


class NoWorkbook(Exception):
    """Another kind of Office file."""


class Locked(Exception):
    """Encrypted with a password."""


class Linked(Exception):
    """Cells refer to other files, or files lie inside."""


class Macros(Exception):
    """A program lies inside."""


def look_inside(content: bytes) -> None:
    """Raises NoWorkbook, Locked, Linked, Macros; ValueError or struct.error where the file is broken."""
    container = _Container(content)
    if "EncryptedPackage" in container.names:
        raise Locked
    book = container.stream("Workbook") or container.stream("Book")
    if not book:
        raise NoWorkbook
    if any(name.startswith("_VBA_PROJECT") for name in container.names):
        raise Macros
    if any(name.startswith("MBD") for name in container.names):
        raise Linked
    for kind, body in _records(book):
        if kind == _FILEPASS:
            raise Locked
        if kind == _SUPBOOK and int.from_bytes(body[2:4], "little") not in _OWN_SHEETS:
            raise Linked
        if kind == _BOUNDSHEET and len(body) > 5 and body[5] in _MACRO_SHEETS:
            raise Macros


def _records(book: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


class _Container:
    """The streams of a compound file by their names."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._shift = int.from_bytes(content[30:32], "little")
        if self._shift not in (9, 12):
            raise ValueError("no sector size")
        self._least, first_small = struct.unpack_from("<II", content, 56)
        self._table = self._sector_table()
        self._small_table = _numbers(self._chain(first_small))
        entries = self._chain(struct.unpack_from("<I", content, 48)[0])
        self._entries = dict(
            _entry(entries[at : at + _ENTRY]) for at in range(0, len(entries) - _ENTRY + 1, _ENTRY)
        )
        self.names = frozenset(self._entries)

    def stream(self, name: str) -> bytes:
        """What lies under a name; empty without it."""
        first, size = self._entries.get(name, (_MARKS, 0))
        if size >= self._least:
            return self._chain(first)[:size]
        place = self._chain(self._entries.get("Root Entry", (_MARKS, 0))[0])
        small = (place[at * _SMALL_SECTOR :][:_SMALL_SECTOR] for at in _links(first, self._small_table))
        return b"".join(small)[:size]

    def _sector_table(self) -> list[int]:
        places = list(struct.unpack_from("<109I", self._content, 76))
        (further,) = struct.unpack_from("<I", self._content, 68)
        for _turn in range(len(self._content) >> self._shift):
            if further >= _MARKS:
                break
            *more, further = _numbers(self._sector(further))
            places += more
        return _numbers(b"".join(self._sector(place) for place in places if place < _MARKS))

    def _sector(self, number: int) -> bytes:
        sector = self._content[(number + 1) << self._shift : (number + 2) << self._shift]
        if not sector:
            raise ValueError("a sector that the file has not")
        return sector

    def _chain(self, first: int) -> bytes:
        return b"".join(map(self._sector, _links(first, self._table)))


def _links(first: int, table: list[int]) -> Iterator[int]:
    """The numbers of a chain's sectors."""
    for _turn in table:
        if first >= _MARKS:
            return
        yield first
        first = table[first]
    if first < _MARKS:
        raise ValueError("a chain without an end")


def _numbers(sectors: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(sectors) // 4}I", sectors[: len(sectors) // 4 * 4]))


def _entry(entry: bytes) -> tuple[str, tuple[int, int]]:
    """Name, first sector and size of a line of the directory."""
    length = int.from_bytes(entry[64:66], "little")
    name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    first, size = struct.unpack_from("<II", entry, 116)
    return name, (first, size)
