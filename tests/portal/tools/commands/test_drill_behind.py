"""``drill-behind``: a planted set left behind, and what is told where a list shows another one."""

from __future__ import annotations

from typing import Any

import pytest

from portal.chasing.lacks import Lack
from portal.tools.commands import drill_behind
from tests.support.command_line import Command

pytestmark = pytest.mark.usefixtures("no_settings")


@pytest.fixture
def no_settings(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation of which the drill takes nothing but its settings."""
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path / "instance"))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "KEY_DIR", "REFERENCE_DIR"):
        monkeypatch.delenv(name, raising=False)


def test_every_list_shows_exactly_the_planted_set(prompt: Command) -> None:
    told = prompt("drill-behind", "--small", "--on", "sqlite")
    assert told.code == 0, told.out + told.err
    assert told.out.endswith("Every total is as planned\n")
    counts = {line[:44].strip(): line[44:53].strip() for line in told.out.splitlines() if line.endswith(" s")}
    assert counts["late agencies on the chase list"] == "9"
    assert counts["agencies behind on the status pages"] == "5"


def test_a_list_that_shows_another_set_is_told(prompt: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was planted at the roster is said to hang at IIT."""
    plant = drill_behind.plant

    def misled(*words: Any, **more: Any) -> dict[int, Lack]:
        return {one: Lack.IIT if lack is Lack.ROSTER else lack for one, lack in plant(*words, **more).items()}

    monkeypatch.setattr(drill_behind, "plant", misled)
    told = prompt("drill-behind", "--small", "--on", "sqlite")
    assert told.code == 1
    for wrong in (
        "the chase list",
        "status: behind at each step",
        "status: iit",
        "agencies behind in the letters",
    ):
        assert f"DIFFERENCE {wrong}" in told.out


@pytest.mark.proof
def test_it_drills_on_postgresql_too(prompt: Command) -> None:
    told = prompt("drill-behind", "--small", "--on", "postgres")
    assert told.code == 0, told.out + told.err
