"""The drill itself, small: it reaches its end on both engines, and it fails where a total differs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from config import Settings
from portal.register.places import FOLDER
from portal.tools.commands import drill
from portal.tools.drill.plan import Plan
from portal.tools.drill.report import Report
from run import create_app
from tests.support.postgres import Server

SMALL = Plan(
    provinces=2, agencies=6, incomplete=2, surveyed=2, answers_each=4, repeated=2, disclosures=2, letters=2
)
PROVINCES = {"52", "81"}


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A folder with a register of two provinces under the real one's name."""
    folder = tmp_path / "reference"
    folder.mkdir()
    head, *lines = (FOLDER / "agencies.csv").read_text(encoding="utf-8-sig").splitlines()
    kept = [line for line in lines if line.split(",")[6] in PROVINCES]
    assert len(kept) > 50
    (folder / drill.REGISTRY).write_text("\n".join([head, *kept]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def urls(engine: str, request: pytest.FixtureRequest) -> Iterator[tuple[str, str] | None]:
    """The application's and the owner's URL of an empty database; None for the drill's own file."""
    if engine == "sqlite":
        yield None
        return
    server: Server = request.getfixturevalue("postgres_server")
    server.create_database("drill")
    application, owner = server.url(server.application, "drill"), server.url(server.owner, "drill")
    yield (
        application.render_as_string(hide_password=False),
        owner.render_as_string(hide_password=False),
    )
    server.drop_database("drill")


@pytest.mark.proof
@pytest.mark.timeout(600)
def test_a_small_drill_ends_as_planned(
    registry: Path, urls: tuple[str, str] | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(
        instance_dir=tmp_path,
        database_url=urls[0] if urls else "sqlite://",
        database_owner_url=urls[1] if urls else "sqlite://",
        key_dir=tmp_path / "keys",
        secret_key="a key for the drill's test only",
        reference_dir=registry,
    )
    code = drill.run(settings, create_app, plan=SMALL, database_url=urls[0] if urls else None)
    told = capsys.readouterr().out
    assert code == 0, told
    assert "Every total is as planned" in told and "answers over HTTP" in told


def test_a_difference_ends_in_failure(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.check("letters", found=75, planned=76)
    assert report.end() == 1
    assert "DIFFERENCE letters: planned 76, found 75" in capsys.readouterr().out
