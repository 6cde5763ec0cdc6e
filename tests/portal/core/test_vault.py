"""The vault of roster fields."""

from __future__ import annotations

import dataclasses
import stat
from pathlib import Path

import pytest

from config import ConfigurationError
from portal.core import vault
from portal.core.web import Portal

HERE = vault.roster_context(7, "name")


def test_what_is_sealed_opens_at_its_own_place_only(app: Portal) -> None:
    with app.app_context():
        sealed = vault.seal("นายสมชาย ใจดี", row_context=HERE)
        assert vault.open_(sealed, row_context=HERE) == "นายสมชาย ใจดี"
        for other in (vault.roster_context(8, "name"), vault.roster_context(7, "phone")):
            with pytest.raises(vault.Unreadable):
                vault.open_(sealed, row_context=other)


def test_ciphertext_tells_nothing_and_is_never_the_same_twice(app: Portal) -> None:
    with app.app_context():
        first, second = (vault.seal("นายสมชาย", row_context=HERE) for _ in range(2))
    assert first != second
    assert "สมชาย".encode() not in first


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_a_changed_byte_is_noticed(app: Portal, place: int) -> None:
    with app.app_context():
        sealed = bytearray(vault.seal("นายสมชาย", row_context=HERE))
        sealed[place] ^= 1
        with pytest.raises(vault.Unreadable):
            vault.open_(bytes(sealed), row_context=HERE)
        with pytest.raises(vault.Unreadable):
            vault.open_(b"\x01short", row_context=HERE)


def test_the_same_person_has_one_fingerprint_however_typed(app: Portal) -> None:
    def mark(name: str, phone: str, organisation: str, key: int = 7) -> bytes:
        return vault.fingerprint(name, phone, organisation, participation_id=key)

    with app.app_context():
        first = mark("นายสมชาย ใจดี", "0812345678", "ABC จำกัด")
        assert len(first) == 32
        assert mark("นายสมชาย  ใจดี", "๐๘-๑๒๓๔-๕๖๗๘", "abc  จำกัด") == first
        assert mark("นายสมชาย ใจดี", "0812345679", "ABC จำกัด") != first
        assert mark("นายสมชาย ใจดี", "0812345678", "ABC จำกัด", 8) != first, "unrelated in another agency"
        assert mark("นายสมชาย", "", "ใจดี") != mark("นายสมชายใจดี", "", "")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("สมชาย", "สม•••"),
        ("นายสมชาย ใจดี", "นายสม•••"),
        ("นางสาว เกศรินทร์ ทดลอง", "นางสาวเกศ•••"),
        ("ปี๊ก", "ปี๊•••"),
        ("ก", "•••"),
        ("081 234 5678", "0•••"),
        ("", ""),
    ],
)
def test_a_masked_name_shows_two_letters_at_most(name: str, shown: str) -> None:
    assert vault.masked(name) == shown


def test_keys_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    vault.make_keys(tmp_path)
    first = [(file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) for file in sorted(tmp_path.iterdir())]
    vault.make_keys(tmp_path)
    again = [(file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) for file in sorted(tmp_path.iterdir())]
    assert first == again
    assert [mode for _, mode in first] == [0o400, 0o400]
    assert first[0][0] != first[1][0]


def test_production_never_makes_a_new_key_by_itself(app: Portal, tmp_path: Path) -> None:
    app.settings = dataclasses.replace(app.settings, demo=False, key_dir=tmp_path / "none")
    app.extensions.pop("vault", None)
    with app.app_context(), pytest.raises(ConfigurationError, match="missing"):
        vault.seal("x", row_context=HERE)


def test_a_damaged_key_is_said(tmp_path: Path) -> None:
    (tmp_path / vault.FIELD_KEY).write_bytes(b"short")
    with pytest.raises(ConfigurationError, match="damaged"):
        vault.Vault(tmp_path)


def test_the_hash_of_a_secret_is_of_its_place_and_of_this_installations_key(tmp_path: Path) -> None:
    made = []
    for name in ("one", "other"):
        vault.make_keys(tmp_path / name)
        made.append(vault.Vault(tmp_path / name))
    hashed = made[0].digest("ABCDEFGHJK", row_context=HERE)
    assert hashed == made[0].digest("ABCDEFGHJK", row_context=HERE) and len(hashed) == 32
    assert hashed != made[0].digest("ABCDEFGHJK", row_context=b"elsewhere")
    assert hashed != made[0].digest("ABCDEFGHJL", row_context=HERE)
    assert hashed != made[1].digest("ABCDEFGHJK", row_context=HERE), "a copy of the database is not enough"
