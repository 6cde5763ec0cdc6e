"""A trial's parts without its processes: what can be broken, and people who are never answered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from portal.core.web import Portal
from portal.tools.faults import amounts, trial
from portal.tools.faults.amounts import SMALL
from portal.tools.faults.disk import Disk
from portal.tools.faults.engines import Embedded

Made = Callable[..., Any]


@pytest.fixture
def made(app: Portal, tmp_path: Path) -> Made:
    """A trial over SQLite, or over a server that needs nothing."""

    def make(*, breakable: bool = False, disk: Disk | None = None) -> Any:
        engine: Any = Embedded(tmp_path)
        engine.breakable = breakable
        return trial.Trial(app, engine, disk, tmp_path, tmp_path / "clock", SMALL["postgres"])

    return make


def test_only_what_can_be_broken_is_planned(made: Made) -> None:
    assert {amounts.HEAD, amounts.DISK}.isdisjoint(made()._times)


def test_a_server_and_a_small_disk_are_broken_too(made: Made, tmp_path: Path) -> None:
    disk = Disk(tmp_path, ballast=tmp_path / "ballast")
    assert made(breakable=True, disk=disk)._times == SMALL["postgres"].times


def test_a_disk_is_empty_again_whatever_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(trial, "FULL_FOR", 0.0)
    disk: Any = SimpleNamespace(fill=lambda: done.append("full"), empty=lambda: done.append("empty"))
    engine: Any = SimpleNamespace(revive=lambda: done.append("alive"))
    assert trial._full_for_a_while(disk, engine)
    assert done == ["full", "empty", "alive"]


@pytest.mark.parametrize(("nobody", "told"), [(0, []), (2, ["UNHEARD   2 people were never answered"])])
def test_people_who_are_never_answered_are_told(
    made: Made, monkeypatch: pytest.MonkeyPatch, nobody: int, told: list[str]
) -> None:
    left: list[str] = []

    class Crowd:
        without_answer = nobody

        def __init__(self, *_all: object, **_more: object) -> None:
            """Nobody comes."""

        def begin(self) -> None:
            """Nobody comes."""

        rush = begin

        def let_in_by(self, _seconds: float) -> None:
            """Nobody comes."""

        def leave(self) -> None:
            left.append("left")

        def end(self, *, seconds: float) -> None:
            """Nobody came."""

    monkeypatch.setattr(trial, "Crowd", Crowd)
    one = made()
    one.boxes, one.amounts = [], amounts.Amounts(1, 1, 0.02, {amounts.WEB: 1})
    one.site = SimpleNamespace(
        port=1, wait_for_page=lambda: None, kill_web=lambda: True, kill_web_worker=None, kill_supervisor=None,
        kill_worker=None,
    )  # fmt: skip
    _crowd, done = one.answers()
    assert done == {amounts.WEB: 1}
    assert one.wrong == told and left == []
    one.site.wait_for_page = _never
    with pytest.raises(TimeoutError):
        one.answers()
    assert left == ["left"]


def _never() -> None:
    raise TimeoutError("no page")
