"""``drill``: a whole assessment counted against its plan; small here, with the real server and boxes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import Settings
from portal.tools.commands import drill
from run import create_app
from tests.support.command_line import Command
from tests.support.postgres import Server

STEPS = (
    "agencies imported",
    "second import: changes",
    "round opened: participations",
    "agencies prepared",
    "accounts made in bulk",
    "slips printed",
    "codes read off the fetched slips",
    "respondents alone: answers",
    "accounts activated",
    "answers over HTTP",
    "second answers refused",
    "OIT answered, approved and scored",
    "letters to governors, in one ZIP",
    "marks deleted at closing",
    "answers opened, agencies scored",
)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of which the drill takes nothing but its settings."""
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path / "instance"))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "KEY_DIR", "REFERENCE_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "instance"


@pytest.mark.long
def test_every_step_is_counted_as_planned_and_nothing_is_left(instance: Path, prompt: Command) -> None:
    """One walk: it is the dearest test of the command lines."""
    before = os.environ.get("PORTAL_CLOCK")
    told = prompt("drill", "--small")
    assert told.code == 0, told.out + told.err
    assert told.out.endswith("Every total is as planned\n")
    counts = {line[:44].strip(): line[44:53].strip() for line in told.out.splitlines() if line.endswith(" s")}
    assert tuple(counts) == (*STEPS, "in all")
    walked = {name: counts[name] for name in STEPS[3:14]}
    assert list(walked.values()) == ["4", "28", "33", "33", "2", "33", "2", "2", "1", "1", "6"]
    assert os.environ.get("PORTAL_CLOCK") == before
    assert not (instance / "portal.db").exists() and not (instance / "keys").exists()


@pytest.fixture
def empty(postgres_server: Server) -> Iterator[tuple[str, str]]:
    """The application's and the owner's URL of an empty database."""
    postgres_server.create_database("drill")
    roles = postgres_server.application, postgres_server.owner
    yield tuple(postgres_server.url(role, "drill").render_as_string(hide_password=False) for role in roles)  # type: ignore[misc]
    postgres_server.drop_database("drill")


@pytest.mark.proof
def test_it_walks_on_postgresql_too(
    instance: Path, empty: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    url, owner = empty
    settings = Settings(instance, url, owner, key_dir=instance / "keys", secret_key="a key of this test")
    code = drill.run(settings, create_app, small=True, database_url=url)
    assert code == 0, capsys.readouterr().out
