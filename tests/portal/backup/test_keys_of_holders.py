"""Keys of holders, and the safe copy of the keys of rosters: apart from backups, and never a key of marks."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from config import Backups, Settings
from portal.backup import holders_key, roster_keys
from portal.backup.sealed_file import OpeningReader
from portal.backup.troubles import BackupTrouble
from portal.ballot.keys import public_key_of
from portal.core.vault import FIELD_KEY, FINGERPRINT_KEY
from tests.conftest import settings_for


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A key folder with the keys of rosters and of a round."""
    given = settings_for("sqlite://", "sqlite://", tmp_path / "instance")
    given.key_dir.mkdir(parents=True)
    for number, name in enumerate((FIELD_KEY, FINGERPRINT_KEY, "round-1.mark", "round-1.urn")):
        (given.key_dir / name).write_bytes(bytes([65 + number]) * 32)
    return given


@pytest.fixture
def holder(settings: Settings, tmp_path: Path) -> tuple[str, bytes]:
    public_key = holders_key.make(settings, tmp_path / "holder")
    return public_key, holders_key.read(tmp_path / "holder")


def test_the_private_key_is_its_holders_alone(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "key"
    public_key = holders_key.make(settings, file)
    assert public_key_of(holders_key.read(file)).hex() == public_key
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    with pytest.raises(BackupTrouble, match="never overwritten"):
        holders_key.make(settings, file)
    for place in (settings.instance_dir, settings.key_dir):
        with pytest.raises(BackupTrouble, match="outside the portal"):
            holders_key.make(settings, place / "key")


@pytest.mark.parametrize("content", ["", "ITA-BACKUP-KEY-1", "ITA-BACKUP-KEY-1\nxyz\n", "OTHER\n00"])
def test_what_is_no_key_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "key").write_text(content)
    with pytest.raises(BackupTrouble, match="no private key"):
        holders_key.read(tmp_path / "key")


def test_only_the_keys_of_rosters_are_copied_and_come_back(
    settings: Settings, holder: tuple[str, bytes], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    roster_keys.copy_out(settings, copy, holder[0])
    with copy.open("rb") as source:
        plain = OpeningReader(source, holder[1]).read()
    assert b"A".hex().encode() * 32 in plain and b"B".hex().encode() * 32 in plain
    for letter in (b"C", b"D"):
        assert letter.hex().encode() * 8 not in plain and letter * 8 not in plain
    before = {path.name: path.read_bytes() for path in settings.key_dir.iterdir()}
    (settings.key_dir / FIELD_KEY).unlink()
    assert roster_keys.put_back(settings, copy, holder[1]) == [FIELD_KEY]
    assert roster_keys.put_back(settings, copy, holder[1]) == []
    assert {path.name: path.read_bytes() for path in settings.key_dir.iterdir()} == before


def test_another_key_that_lies_there_is_kept(
    settings: Settings, holder: tuple[str, bytes], tmp_path: Path
) -> None:
    roster_keys.copy_out(settings, tmp_path / "copy", holder[0])
    (settings.key_dir / FIELD_KEY).unlink()
    (settings.key_dir / FINGERPRINT_KEY).write_bytes(bytes(32))
    with pytest.raises(BackupTrouble, match="holds another"):
        roster_keys.put_back(settings, tmp_path / "copy", holder[1])
    assert not (settings.key_dir / FIELD_KEY).exists()


def test_the_copy_has_another_holder_than_the_backups_and_another_place(
    settings: Settings, holder: tuple[str, bytes], tmp_path: Path
) -> None:
    own = replace(settings, backups=Backups(tmp_path / "backups", holder[0]))
    with pytest.raises(BackupTrouble, match="another holder"):
        roster_keys.copy_out(own, tmp_path / "copy", holder[0])
    with pytest.raises(BackupTrouble, match="outside the portal"):
        roster_keys.copy_out(own, tmp_path / "backups" / "copy", "00" * 32)
    assert not (tmp_path / "copy").exists()


def test_a_missing_key_and_a_file_that_is_there_are_said(
    settings: Settings, holder: tuple[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "there").write_text("something")
    with pytest.raises(BackupTrouble, match="never overwritten"):
        roster_keys.copy_out(settings, tmp_path / "there", holder[0])
    (settings.key_dir / FIELD_KEY).unlink()
    with pytest.raises(BackupTrouble, match=FIELD_KEY):
        roster_keys.copy_out(settings, tmp_path / "copy", holder[0])
