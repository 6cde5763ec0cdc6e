"""Sealed files: what was written comes back; what was cut, moved, changed or is foreign does not."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import hypothesis
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from portal.backup.restoring import open_backup
from portal.backup.sealed_file import (
    HEADER,
    MAGIC,
    PIECE,
    Hashes,
    OpeningReader,
    SealingWriter,
    verify_written,
)
from portal.backup.troubles import BackupTrouble
from portal.ballot.keys import public_key_of

KEY = X25519PrivateKey.generate().private_bytes_raw()
OTHER = X25519PrivateKey.generate().private_bytes_raw()
SEALED_PIECE = PIECE + 16
THREE = bytes(range(256)) * (PIECE // 256) * 2 + b"the end"


def sealed(content: bytes, *, key: bytes = KEY, at_once: int = 70_000) -> tuple[bytes, Hashes]:
    target = io.BytesIO()
    writer = SealingWriter(target, public_key_of(key))
    for start in range(0, len(content), at_once):
        writer.write(content[start : start + at_once])
    hashes = writer.finish()
    return target.getvalue(), hashes


def opened(content: bytes, key: bytes = KEY) -> bytes:
    return OpeningReader(io.BytesIO(content), key).read()


def pieces(content: bytes) -> list[bytes]:
    return [content[at : at + SEALED_PIECE] for at in range(HEADER, len(content), SEALED_PIECE)]


@hypothesis.settings(max_examples=15)
@given(st.sampled_from([0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE]), st.integers(PIECE // 8, 3 * PIECE))
def test_what_was_written_comes_back_however_it_was_written_and_read(size: int, at_once: int) -> None:
    content = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    written, hashes = sealed(content, at_once=at_once)
    assert hashes.size == len(written)
    verify_written(io.BytesIO(written), hashes)
    reader = OpeningReader(io.BytesIO(written), KEY)
    assert b"".join(iter(lambda: reader.read(at_once), b"")) == content


def test_nothing_of_it_can_be_read_and_no_two_are_alike() -> None:
    first, _ = sealed(THREE)
    second, _ = sealed(THREE)
    assert THREE[:64] not in first and b"the end" not in first
    assert pieces(first)[0] != pieces(second)[0]


def cut_after_a_piece(whole: bytes) -> bytes:
    return whole[: HEADER + SEALED_PIECE]


def cut_inside(whole: bytes) -> bytes:
    return whole[:-3]


def cut_to_its_header(whole: bytes) -> bytes:
    return whole[:HEADER]


def reordered(whole: bytes) -> bytes:
    first, second, last = pieces(whole)
    return whole[:HEADER] + second + first + last


def one_left_out(whole: bytes) -> bytes:
    _first, second, last = pieces(whole)
    return whole[:HEADER] + second + last


def one_twice(whole: bytes) -> bytes:
    first, second, last = pieces(whole)
    return whole[:HEADER] + first + first + second + last


def one_of_another_file(whole: bytes) -> bytes:
    another = pieces(sealed(THREE)[0])
    return whole[:HEADER] + another[0] + b"".join(pieces(whole)[1:])


def something_after_it(whole: bytes) -> bytes:
    return whole + b"x"


def one_bit_changed(whole: bytes) -> bytes:
    return whole[:-1] + bytes([whole[-1] ^ 1])


def header_changed(whole: bytes) -> bytes:
    return whole[: HEADER - 1] + bytes([whole[HEADER - 1] ^ 1]) + whole[HEADER:]


@pytest.mark.parametrize(
    "harm",
    [
        cut_after_a_piece,
        cut_inside,
        cut_to_its_header,
        reordered,
        one_left_out,
        one_twice,
        one_of_another_file,
        something_after_it,
        one_bit_changed,
        header_changed,
    ],
)
def test_a_harmed_file_is_refused(harm: object) -> None:
    whole, hashes = sealed(THREE)
    harmed = harm(whole)  # type: ignore[operator]
    with pytest.raises(BackupTrouble, match="is not what was written"):
        opened(harmed)
    with pytest.raises(BackupTrouble, match=r"other bytes|not as long"):
        verify_written(io.BytesIO(harmed), hashes)


def test_another_key_is_told_from_a_harmed_file() -> None:
    with pytest.raises(BackupTrouble, match="sealed to another key"):
        opened(sealed(THREE)[0], OTHER)


@pytest.mark.parametrize("foreign", [b"", b"PK\x03\x04" + bytes(200), MAGIC, bytes(HEADER)])
def test_a_foreign_file_is_said_to_be_none(foreign: bytes) -> None:
    with pytest.raises(BackupTrouble, match="no sealed file"):
        opened(foreign)


def test_a_key_of_no_order_is_refused() -> None:
    whole, _ = sealed(b"x")
    with pytest.raises(BackupTrouble, match="no sealed file"):
        opened(whole[: HEADER - 32] + bytes(32) + whole[HEADER:])


def archived(*members: tarfile.TarInfo) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(bytes(member.size)))
    return sealed(plain.getvalue())[0]


def member(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, "/etc/passwd", 3 if kind == tarfile.REGTYPE else 0
    return made


@pytest.mark.parametrize(
    "hostile",
    [
        member("files/../../outside"),
        member("/outside"),
        member("database/../../outside"),
        member("another name"),
        member("database", tarfile.SYMTYPE),
        member("files/x", tarfile.LNKTYPE),
        member("manifest.json", tarfile.FIFOTYPE),
    ],
    ids=lambda one: f"{one.name}, {one.type!r}",
)
def test_what_a_backup_cannot_hold_is_written_nowhere(hostile: tarfile.TarInfo, tmp_path: Path) -> None:
    (tmp_path / "foreign").write_bytes(archived(hostile))
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(BackupTrouble, match=r"something else than 'run\.py backup'"):
        open_backup(tmp_path / "foreign", KEY, into)
    assert not list(into.rglob("*")) and not (tmp_path / "outside").exists()


def test_without_its_list_of_contents_it_is_none(tmp_path: Path) -> None:
    (tmp_path / "foreign").write_bytes(archived(member("files/0-x/garuda.svg")))
    with pytest.raises(BackupTrouble, match=r"something else than 'run\.py backup'"):
        open_backup(tmp_path / "foreign", KEY, tmp_path)
