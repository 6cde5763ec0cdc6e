"""pgBackRest's stand-in: a program that keeps its words and answers as pgBackRest 2.45 does."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import Settings
from portal.backup import making, pgbackrest, state
from portal.backup.troubles import BackupTrouble
from portal.core import clock

BEGUN = datetime(2026, 11, 28, 1, 0, 0, 500_000, tzinfo=UTC)
#: gives the words of PGBACKREST; ``fails`` is the command that ends with an error
StandIn = Callable[..., str]


def backup(label: str, stop: datetime, *, error: bool = False) -> dict[str, object]:
    """A backup as ``info`` names it, shortened to what is read and some of what is not."""
    return {
        "error": error,
        "info": {
            "delta": 30_000_000,
            "repository": {"delta": 4_000_000, "size": 4_000_000},
            "size": 30_000_000,
        },
        "label": label,
        "timestamp": {"start": int(stop.timestamp()) - 60, "stop": int(stop.timestamp())},
        "type": "full",
    }


@pytest.fixture
def stand_in(tmp_path: Path) -> StandIn:
    def make(
        *backups: dict[str, object], fails: str = "", says: str | None = None, verified: str = "status: ok"
    ) -> str:
        info = json.dumps([{"backup": backups, "name": "ita"}]) if says is None else says
        program = tmp_path / "pgbackrest.py"
        program.write_text(
            f"""import sys
with open({str(tmp_path / "asked")!r}, "a") as asked:
    print(*sys.argv[1:], file=asked)
if {fails!r} and {fails!r} in sys.argv:
    print("ERROR: [055]: unable to load info file", file=sys.stderr)
    sys.exit(55)
if "info" in sys.argv:
    print({info!r})
if "verify" in sys.argv:
    print("stanza: ita", {verified!r}, sep="\\n")
"""
        )
        return f"{sys.executable} {program} --stanza=ita"

    return make


def test_it_is_told_to_back_up_and_to_verify_and_then_asked(stand_in: StandIn, tmp_path: Path) -> None:
    broken = backup("20261128-010500F", BEGUN + timedelta(minutes=5), error=True)
    older = backup("20261127-010000F", BEGUN - timedelta(days=1))
    words = stand_in(older, backup("20261128-010000F", BEGUN.replace(microsecond=0)), broken)
    made = pgbackrest.back_up(words, BEGUN)
    assert (made.label, made.ended_at, made.size) == (
        "20261128-010000F",
        BEGUN.replace(microsecond=0),
        4_000_000,
    )
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == [
        f"--stanza=ita {words}" for words in ("backup", "verify --output=text", "info --output=json")
    ]


@pytest.mark.parametrize("fails", ["backup", "verify", "info"])
def test_what_ends_with_an_error_is_no_backup(stand_in: StandIn, fails: str) -> None:
    words = stand_in(backup("20261128-010000F", BEGUN), fails=fails)
    with pytest.raises(BackupTrouble, match=rf"'{fails}' of pgBackRest ended with 55: ERROR: \[055\]"):
        pgbackrest.back_up(words, BEGUN)


@pytest.mark.parametrize("verified", ["status: error\n  backup: A, status: invalid, total files: 9", ""])
def test_a_harmed_repository_is_no_backup_though_it_ends_with_0(stand_in: StandIn, verified: str) -> None:
    words = stand_in(backup("20261128-010000F", BEGUN), verified=verified)
    with pytest.raises(BackupTrouble, match=r"harmed: (backup: A, status: invalid|it does not say where)"):
        pgbackrest.back_up(words, BEGUN)


def test_an_old_one_or_none_is_not_the_one_that_was_made(stand_in: StandIn) -> None:
    for there in ((), (backup("20261127-010000F", BEGUN - timedelta(days=1)),)):
        with pytest.raises(BackupTrouble, match="names no new one"):
            pgbackrest.back_up(stand_in(*there), BEGUN)


@pytest.mark.parametrize("says", ["no JSON", '[{"name": "ita"}]', '[{"backup": [{"label": "x"}]}]'])
def test_what_cannot_be_read_is_said(stand_in: StandIn, says: str) -> None:
    with pytest.raises(BackupTrouble, match="cannot be read"):
        pgbackrest.newest(stand_in(says=says))


def test_what_it_made_by_a_timer_of_its_own_counts_once(settings: Settings, stand_in: StandIn) -> None:
    making.look_at_theirs(settings)
    assert state.read(settings).at == "", "it is not set"
    words = stand_in(backup("20261128-010000F", BEGUN))
    theirs = replace(settings, backups=replace(settings.backups, pgbackrest=words))
    making.look_at_theirs(theirs)
    known = state.read(settings)
    assert (known.at, known.name) == ("2026-11-28T01:00:00+00:00", "20261128-010000F")
    stand_in(backup("20261127-010000F", BEGUN - timedelta(days=1)))
    making.look_at_theirs(theirs)
    assert state.read(settings) == known
    state.failed(settings, BEGUN, "its repository is harmed")
    stand_in(backup("20261129-010000F", BEGUN + timedelta(days=1)))
    making.look_at_theirs(theirs)
    assert state.read(settings).why, "a newer one in a harmed repository makes nothing good"


@pytest.mark.only("sqlite")
def test_it_is_refused_for_sqlite(settings: Settings) -> None:
    with pytest.raises(BackupTrouble, match="names SQLite"):
        making.make_backup(replace(settings, backups=replace(settings.backups, pgbackrest="pgbackrest")))


@pytest.mark.only("postgres")
def test_the_portal_leaves_the_database_to_it_where_it_is_set(settings: Settings, stand_in: StandIn) -> None:
    words = stand_in(backup("20261128-010000F", clock.machine() + timedelta(seconds=1)))
    backups = replace(settings.backups, pgbackrest=words)
    made = making.make_backup(replace(settings, backups=backups))
    assert (made.kept, made.contents) == (None, None)
    assert state.read(settings).name == "20261128-010000F"
    words = stand_in(fails="backup")
    with pytest.raises(BackupTrouble, match="ended with 55"):
        making.make_backup(replace(settings, backups=replace(backups, pgbackrest=words)))
