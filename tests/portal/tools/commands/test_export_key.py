"""``export-key``: the private key leaves for its holder; with ``--forget`` no copy stays here."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from portal.ballot.keys import KeyFolder, read_exported
from portal.core.web import Portal
from tests.support.command_line import Command
from tests.support.world import World


@pytest.fixture
def folder(app: Portal) -> KeyFolder:
    return KeyFolder(app.settings.key_dir)


def test_the_copy_is_the_key_and_only_its_owner_reads_it(
    world: World, command: Command, folder: KeyFolder, tmp_path: Path
) -> None:
    file = tmp_path / "holder"
    told = command("export-key", "--round", world.round_id, "--key", file)
    assert (told.code, told.err) == (0, "")
    assert f"in {file}: keep it offline, in two places" in told.out
    assert read_exported(file, round_id=world.round_id) == folder.urn_key(world.round_id)
    assert stat.S_IMODE(file.stat().st_mode) == 0o400


def test_forgetting_leaves_only_the_holders_copy(
    world: World, command: Command, folder: KeyFolder, tmp_path: Path
) -> None:
    file, again = tmp_path / "holder", tmp_path / "again"
    assert command("export-key", "--round", world.round_id, "--key", file, "--forget").code == 0
    assert not folder.has_urn_key(world.round_id)
    assert command("drill-key", "--round", world.round_id, "--key", file).code == 0
    told = command("export-key", "--round", world.round_id, "--key", again)
    assert (told.code, f"no round-{world.round_id}.urn" in told.err, again.exists()) == (1, True, False)


def test_a_key_that_fails_its_drill_is_not_forgotten(
    world: World, command: Command, folder: KeyFolder, tmp_path: Path
) -> None:
    folder.destroy_urn_key(world.round_id)
    folder.make(world.round_id)
    told = command("export-key", "--round", world.round_id, "--key", tmp_path / "holder", "--forget")
    assert (told.code, "กุญแจนี้เปิดกล่องของรอบนี้ไม่ได้" in told.err) == (1, True)
    assert folder.has_urn_key(world.round_id)


def test_a_file_that_is_there_is_never_overwritten(
    world: World, command: Command, folder: KeyFolder, tmp_path: Path
) -> None:
    file = tmp_path / "holder"
    file.write_text("of another round")
    told = command("export-key", "--round", world.round_id, "--key", file, "--forget")
    assert (told.code, told.err) == (1, f"มีไฟล์ {file} อยู่แล้ว ไฟล์กุญแจไม่ถูกเขียนทับ\n")
    assert file.read_text() == "of another round"
    assert folder.has_urn_key(world.round_id)


def test_a_stick_that_knows_no_links_takes_the_key_too(
    world: World, command: Command, folder: KeyFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAT, as sticks are sold."""

    def refuse(_source: Path, _target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    file = tmp_path / "holder"
    assert command("export-key", "--round", world.round_id, "--key", file).code == 0
    assert read_exported(file, round_id=world.round_id) == folder.urn_key(world.round_id)
    assert command("export-key", "--round", world.round_id, "--key", file).code == 1, "it is there"
    assert list(tmp_path.glob(".holder*")) == []


@pytest.mark.parametrize(
    ("act", "number", "why"),
    [("fsync", errno.ENOSPC, "No space left on device"), ("link", errno.EIO, "Input/output error")],
)
def test_a_stick_that_fails_is_said_leaves_no_piece_and_nothing_is_forgotten(
    world: World,
    command: Command,
    folder: KeyFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    act: str,
    number: int,
    why: str,
) -> None:
    def fail(*_args: object) -> None:
        raise OSError(number, why)

    monkeypatch.setattr(os, act, fail)
    (tmp_path / "stick").mkdir()
    told = command(
        "export-key", "--round", world.round_id, "--key", tmp_path / "stick" / "holder", "--forget"
    )
    assert (told.code, why in told.err) == (1, True)
    assert list((tmp_path / "stick").iterdir()) == []
    assert folder.has_urn_key(world.round_id)
