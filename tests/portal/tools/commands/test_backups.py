"""``backup``, ``restore`` and the commands of their keys, as whoever runs the portal types them."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from portal.backup.troubles import BackupTrouble
from portal.core.vault import make_keys
from portal.core.web import Portal
from portal.tools.attack.engines import tools_folder
from portal.tools.commands import drill_restore
from tests.support.command_line import Command
from tests.support.databases import Database
from tests.support.postgres import Server


@pytest.fixture
def holder(app: Portal, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The private key, with its holder; the portal has the public one."""
    file = tmp_path / "holder"
    told = command("backup-key", "--key", file)
    assert (told.code, told.err) == (0, "")
    public_key = told.out.splitlines()[-1].removeprefix("BACKUP_KEY=")
    monkeypatch.setenv("BACKUP_KEY", public_key)
    monkeypatch.setenv("BACKUP_DIR", str(tmp_path / "backups"))
    monkeypatch.setenv("PG_BIN", str(tools_folder()))
    return file


def test_a_backup_is_made_and_its_age_is_told(holder: Path, command: Command, tmp_path: Path) -> None:
    told = command("backup", "--last")
    assert (told.code, told.err) == (1, "No backup was ever made here\n")
    told = command("backup")
    assert (told.code, told.err) == (0, "")
    assert "sealed, read back and verified" in told.out
    assert len(list((tmp_path / "backups").glob("ita-*.backup"))) == 1
    told = command("backup", "--last")
    assert (told.code, told.out.startswith("The last good backup is 0.0 hours old: ita-")) == (0, True)


def test_a_failed_backup_ends_with_one_and_is_told(
    holder: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKUP_FILES", "/nowhere")
    told = command("backup")
    assert (told.code, "BACKUP_FILES names /nowhere" in told.err) == (1, True)
    assert "The last try failed at" in command("backup", "--last").err


@pytest.mark.only("sqlite")
def test_it_comes_back_into_an_empty_folder_only(
    holder: Path, command: Command, prompt: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("backup")
    (backup,) = (tmp_path / "backups").glob("ita-*.backup")
    told = command("restore", backup, "--key", holder)
    assert (told.code, "is not empty" in told.err) == (1, True)
    there = tmp_path / "another-folder"
    monkeypatch.setenv("INSTANCE_DIR", str(there))
    monkeypatch.setenv("KEY_DIR", str(there / "keys"))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.setenv(name, f"sqlite:///{there / 'portal.db'}")
    told = prompt("restore", backup, "--key", holder)
    assert (told.code, told.err) == (0, "")
    assert "every chain of the record whole" in told.out and "No round was closed since" in told.out
    assert (there / "portal.db").is_file()


def test_a_key_that_is_none_restores_nothing(command: Command, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("no key")
    told = command("restore", tmp_path / "x.backup", "--key", tmp_path / "key")
    assert (told.code, told.err) == (1, "This file holds no private key of backups\n")


@pytest.mark.postgres
def test_settling_says_that_nothing_was_closed(command: Command) -> None:
    told = command("settle-restored")
    assert (told.code, told.out.endswith("No round was closed since\n")) == (0, True)


def test_keys_of_rosters_go_to_another_holder_and_come_back(
    app: Portal, holder: Path, command: Command, tmp_path: Path
) -> None:
    make_keys(app.settings.key_dir)
    other = (
        command("backup-key", "--key", tmp_path / "other").out.splitlines()[-1].removeprefix("BACKUP_KEY=")
    )
    copy = tmp_path / "copy"
    told = command("copy-roster-keys", "--to", copy, "--holder", "nonsense")
    assert (told.code, "--holder is the public key" in told.err) == (1, True)
    assert command("copy-roster-keys", "--to", copy, "--holder", other).code == 0
    told = command("restore-roster-keys", copy, "--key", tmp_path / "other")
    assert (told.code, told.out) == (0, "Both keys are there already, and the same\n")
    assert command("restore-roster-keys", copy, "--key", holder).code == 1


@pytest.mark.proof
@pytest.mark.postgres
def test_the_drill_proves_everything_in_another_place(
    app: Portal,
    database: Database,
    another_app: object,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    superuser = None
    if not database.sqlite:
        server: Server = request.getfixturevalue("postgres_server")
        superuser = server.superuser.render_as_string(hide_password=False)
    code = drill_restore.run(app.settings, another_app, superuser_url=superuser)  # type: ignore[arg-type]
    out = capsys.readouterr().out
    assert code == 0, out
    assert "every chain walked" in out and "All of it is there" in out


@pytest.mark.only("sqlite")
def test_a_portal_of_its_own_is_filled_and_drilled(prompt: Command) -> None:
    told = prompt("drill-restore", "--share", "0.001", "--on", "sqlite")
    assert (told.code, told.err) == (0, ""), told.out
    assert "7 agencies confirmed, 1,330 sealed answers, 939 names" in told.out
    assert "All of it is there" in told.out


@pytest.mark.only("sqlite")
def test_the_drill_says_what_is_not_as_it_was(
    app: Portal, another_app: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = SimpleNamespace(first_broken=lambda _session: ("system", 3))
    monkeypatch.setattr(drill_restore, "audit", broken)
    monkeypatch.setattr(drill_restore, "HTTPStatus", SimpleNamespace(OK=418))
    assert drill_restore.run(app.settings, another_app) == 1  # type: ignore[arg-type]
    out = capsys.readouterr().out
    assert "FAILED  the chain system is broken at 3" in out
    assert "FAILED  the sign-in page answers 200" in out and "All of it is there" not in out


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("given", ["", "postgresql://somebody@db.example/postgres"])
def test_postgresql_is_restored_on_the_server_that_is_given_or_on_one_of_its_own(
    given: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DRILL_POSTGRES_URL", given)
    monkeypatch.setattr(drill_restore.engines, "database_of", nullcontext)
    monkeypatch.setattr(drill_restore.engines, "own_server", lambda _folder: nullcontext("its own"))
    with drill_restore.engines.thrown_away(False, tmp_path, None) as target:
        assert str(target) == (given or "its own")


@pytest.mark.only("sqlite")
def test_the_drill_says_what_failed(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_settings: object) -> None:
        raise BackupTrouble("No backup was made: a reason")

    monkeypatch.setattr(drill_restore, "make_backup", fail)
    told = command("drill-restore")
    assert (told.code, told.out) == (1, "FAILED  No backup was made: a reason\n")
