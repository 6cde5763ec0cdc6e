"""The lock file as data: each package with its version, hashes and who asked for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PACKAGE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==(\S+)(?: ; (.+?))?(?: \\)?")
_HASH = re.compile(r" {4}--hash=sha256:([0-9a-f]{64})(?: \\)?")
_ASKED_BY = re.compile(r" {4}#(?: via)? +(?:-r )?([A-Za-z0-9._-]+)")
#: the file whose packages the portal itself asks for
OWN = "runtime.in"


class UnreadLine(ValueError):
    """A line of the lock file that is none of the forms known here: nothing may be left out silently."""


@dataclass(frozen=True)
class Locked:
    """A package as it is locked. ``marker`` says on which machines it is installed, "" for all."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    asked_by: tuple[str, ...]


def packages_of(text: str) -> list[Locked]:
    """The packages of a lock file. Raises UnreadLine for a line that is not understood."""
    found: list[Locked] = []
    for line in text.splitlines():
        if not line or line.startswith("#") or line == "    # via":
            continue
        if package := _PACKAGE.fullmatch(line):
            found.append(Locked(package[1], package[2], package[3] or "", (), ()))
        else:
            found[-1:] = [_more(found[-1:], line)]
    return found


def _more(last: list[Locked], line: str) -> Locked:
    """The last package with what a further line says of it."""
    for package in last:
        one = package.__dict__
        if digest := _HASH.fullmatch(line):
            return Locked(**one | {"hashes": (*package.hashes, digest[1])})
        if by := _ASKED_BY.fullmatch(line):
            return Locked(**one | {"asked_by": (*package.asked_by, by[1])})
    raise UnreadLine(line)
