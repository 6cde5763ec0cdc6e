"""The sweep: every byte that the system wrote, searched for IDs, addresses and answers in any usual spelling.

Each pattern cuts out what has the shape of a spelling; what is cut out is read back and looked up among the
canaries. So a sweep costs the same for two thousand people as for two.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

_EMPTY = bytes(64)
_THAI = rb"\xe0\xb9[\x90-\x99]"
_GROUPS = (1, 4, 5, 2, 1)
_BASE64 = re.compile(rb"(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){3,}")
_GROUPED = re.compile(
    rb"(?=(" + rb"(?:[-. ]|%2D|%20|\+|\xe2\x80[\x90-\x95])".join(rb"\d{%d}" % n for n in _GROUPS) + rb"))",
    re.IGNORECASE,
)
#: by spelling: what such a run looks like, how many bytes a digit takes, and how it is read
_RUNS: dict[str, tuple[re.Pattern[bytes], int, Callable[[bytes], str]]] = {
    "plain": (re.compile(rb"\d{13,}"), 1, lambda run: run.decode()),
    "UTF-16": (re.compile(rb"(?:\d\x00){12,}\d"), 2, lambda run: run[::2].decode()),
    "Thai digits": (
        re.compile(rb"(?:" + _THAI + rb"){13,}"),
        3,
        lambda run: "".join(str(byte - 0x90) for byte in run[2::3]),
    ),
    "percent-encoded": (re.compile(rb"(?:%3\d){13,}"), 3, lambda run: run[2::3].decode()),
    "hexadecimal": (re.compile(rb"(?:3\d){13,}"), 2, lambda run: run[1::2].decode()),
}
_ADDRESS = re.compile(rb"127[.]\d{1,3}[.]\d{1,3}[.]\d{1,3}")
_WIDE_ADDRESS = re.compile(rb"1\x002\x007\x00[.]\x00(?:[\d.]\x00){4,10}[\d.]")
_ANSWERS = re.compile(rb"[\x01-\x0b]{16,}")
_HEX_ANSWERS = re.compile(rb"(?:0[1-9a-b]){16,}", re.IGNORECASE)
_FORM = re.compile(rb"q\d{1,3}=\d{1,2}(?:&q\d{1,3}=\d{1,2}){5,}")


@dataclass(frozen=True)
class Canaries:
    """What may be nowhere: IDs and addresses never, encoded answers until their box is opened."""

    ids: frozenset[str]
    addresses: frozenset[str]
    answers: frozenset[bytes]
    _clean: set[bytes] = field(default_factory=set, compare=False, repr=False)

    def in_file(self, content: bytes) -> Counter[str]:
        """What was found, by its kind and spelling. What was clean before is not read again."""
        digest = hashlib.blake2b(content, digest_size=16).digest()
        if digest in self._clean:
            return Counter()
        # files of databases are empty in long stretches
        found = sum((self._in(piece) for piece in content.split(_EMPTY) if piece), Counter())
        if not found:
            self._clean.add(digest)
        return found

    def _in(self, content: bytes) -> Counter[str]:
        found: Counter[str] = Counter()
        for kind, matches in (
            ("ID", self._ids(content)),
            ("address", self._addresses(content)),
            ("answer", self._answers(content)),
        ):
            found.update(f"{kind}, {spelling}" for spelling in matches)
        return found

    def _ids(self, content: bytes) -> Iterator[str]:
        for spelling, (pattern, width, read) in _RUNS.items():
            for match in pattern.finditer(content):
                run = match[0]
                # hexadecimal digits pair up from either end of a run of digits
                for shift in range(2 if spelling == "hexadecimal" else 1):
                    digits = read(run[shift * width :])
                    yield from (spelling for one in _windows(digits, 13) if one in self.ids)
        for match in _GROUPED.finditer(content):
            grouped = re.sub(rb"(?i)%2D|%20|\D", b"", match[1]).decode()
            if grouped in self.ids:
                yield "in groups"
        yield from self._base64(content)

    def _base64(self, content: bytes) -> Iterator[str]:
        """Nine digits that stand in three whole groups of base64, wherever the ID began."""
        for match in _BASE64.finditer(content):
            digits = "".join(_triple(match[0][at : at + 4]) for at in range(0, len(match[0]) - 3, 4))
            yield from ("base64" for one in _windows(digits, 9) if one in self._nines)

    @cached_property
    def _nines(self) -> frozenset[str]:
        return frozenset(one[at : at + 9] for one in self.ids for at in range(3))

    def _addresses(self, content: bytes) -> Iterator[str]:
        for match in _ADDRESS.finditer(content):
            if match[0].decode() in self.addresses:
                yield "plain"
        for match in _WIDE_ADDRESS.finditer(content):
            if match[0][::2].decode() in self.addresses:
                yield "UTF-16"

    def _answers(self, content: bytes) -> Iterator[str]:
        lengths = {len(answer) for answer in self.answers}
        for match in _ANSWERS.finditer(content):
            yield from ("whole" for one in _of_lengths(match[0], lengths) if one in self.answers)
        for match in _HEX_ANSWERS.finditer(content):
            run = bytes.fromhex(match[0].decode())
            yield from ("hexadecimal" for one in _of_lengths(run, lengths) if one in self.answers)
        yield from ("a form as it was sent" for _match in _FORM.finditer(content))


def _windows(run: str, width: int) -> Iterator[str]:
    return (run[at : at + width] for at in range(len(run) - width + 1))


def _of_lengths(run: bytes, lengths: Iterable[int]) -> Iterator[bytes]:
    for length in lengths:
        for at in range(len(run) - length + 1):
            yield run[at : at + length]


def _triple(four: bytes) -> str:
    """Three digits out of four letters of base64."""
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    a, b, c, d = (letters.index(letter) for letter in four)
    return bytes((a << 2 | b >> 4, (b & 15) << 4 | c >> 2, (c & 3) << 6 | d)).decode("ascii", "replace")


@dataclass(frozen=True)
class Swept:
    """One sweep: how much was read, and what was found where."""

    files: int
    bytes: int
    found: dict[str, Counter[str]]

    def beyond(self, allowed: Callable[[str, str], bool]) -> list[str]:
        """What was found that may not be there: ``allowed`` takes the place and the kind."""
        return [
            f"{number} × {kind} in {place}"
            for place, kinds in sorted(self.found.items())
            for kind, number in sorted(kinds.items())
            if not allowed(place, kind)
        ]


def sweep(canaries: Canaries, places: dict[str, Path]) -> Swept:
    """Read every file below each place; one that goes meanwhile (a lock, a temporary one) is passed over."""
    files, read, found = 0, 0, {}
    for place, folder in places.items():
        kinds: Counter[str] = Counter()
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue
            files, read = files + 1, read + len(content)
            kinds += canaries.in_file(content) + canaries.in_file(path.name.encode())
        if kinds:
            found[place] = kinds
    return Swept(files, read, found)


def spellings(citizen_id: str) -> dict[str, bytes]:
    """An ID as people and programs write it: what a sweep must find (the positive control)."""
    groups, at = [], 0
    for width in _GROUPS:
        groups.append(citizen_id[at : at + width])
        at += width
    plain = citizen_id.encode()
    return {
        "plain": plain,
        "with dashes": "-".join(groups).encode(),
        "with spaces": " ".join(groups).encode(),
        "with dashes in an address": "%2D".join(groups).encode(),
        "with spaces in a form": "+".join(groups).encode(),
        "UTF-16, little end first": citizen_id.encode("utf-16-le"),
        "UTF-16, big end first": citizen_id.encode("utf-16-be"),
        "Thai digits": "".join(chr(0x0E50 + int(digit)) for digit in citizen_id).encode(),
        "percent-encoded": "".join(f"%{byte:02X}" for byte in plain).encode(),
        "hexadecimal": plain.hex().encode(),
        "base64": base64.b64encode(plain),
        "base64, one byte later": base64.b64encode(b"x" + plain),
        "base64, two bytes later": base64.b64encode(b"id" + plain),
    }


def blind_to(canaries: Canaries, folder: Path) -> list[str]:
    """The positive control: plant each spelling in a file; gives the ones that the sweep does not find."""
    citizen_id, address, answer = min(canaries.ids), min(canaries.addresses), min(canaries.answers)
    planted = {f"ID {name}": spelt for name, spelt in spellings(citizen_id).items()}
    planted |= {"address": address.encode(), "address, UTF-16": address.encode("utf-16-le")}
    planted |= {"answer": answer, "answer, hexadecimal": answer.hex().encode()}
    planted |= {"form": "&".join(f"q{slot}={choice}" for slot, choice in enumerate(answer)).encode()}
    missed = []
    for name, spelt in planted.items():
        (folder / "planted").write_bytes(b"\xff\x00<" + spelt + b">\x00\xff")
        if not sweep(canaries, {"planted": folder}).found:
            missed.append(name)
    (folder / "planted").unlink()
    return missed
