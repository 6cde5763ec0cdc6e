"""An upgrade's order and what it notes, without its processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from portal.core.web import Portal
from portal.tools.commands.drill_upgrade import SMALL
from portal.tools.faults.engines import Embedded
from portal.tools.upgrade import trial
from portal.tools.upgrade.releases import Release

THIS, NEXT, LAST = (Release(name, Path(name), f"000{number}") for number, name in enumerate("tnl"))
ORDER = ["t web", "t worker", "n db-upgrade", "n web", "page", "n worker", "t web", "page", "t worker"]
ORDER += ["n web", "page", "n worker", "l db-upgrade", "t verify-record", "end"]


class Units:
    """Notes what it is told, and answers as it is told."""

    def __init__(self, *_given: object) -> None:
        self.told: list[str] = []
        self.code, self.words = 2, "serves no programme as old as this one"

    def restart(self, unit: str, code: Path) -> None:
        self.told.append(f"{code} {unit}")

    def run(self, code: Path, *words: str) -> CompletedProcess[str]:
        self.told.append(f"{code} {words[0]}")
        return CompletedProcess([], self.code if words[0] == "verify-record" else 0, stderr=self.words)

    def end(self) -> None:
        self.told.append("end")


class Crowd:
    """Nobody comes."""

    without_answer = 0
    last: Crowd | None = None

    def __init__(self, *_given: object, **_more: object) -> None:
        self.told: list[str] = []
        Crowd.last = self

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_given, **_more: self.told.append(name)


@pytest.fixture
def upgrade(app: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(trial, "Units", Units)
    monkeypatch.setattr(trial, "Crowd", Crowd)
    monkeypatch.setattr(trial, "HELD", 0.0)
    monkeypatch.setattr(trial.releases, "make", lambda _folder: (THIS, NEXT, LAST))
    stands = iter([NEXT.revision, LAST.revision])
    monkeypatch.setattr(trial.revision, "present", lambda _url: next(stands))
    embedded = Embedded(tmp_path)
    object.__setattr__(embedded.target, "owner_url", app.settings.database_owner_url)
    plan = SMALL.scaled(0.01)
    made: Any = trial.Upgrade(app, embedded, tmp_path, tmp_path / "clock", plan, rate=1)
    made.boxes = []
    monkeypatch.setattr(made.site, "wait_for_page", lambda: made.site.units.told.append("page"))
    return made


def test_releases_come_and_go_in_their_order(upgrade: Any) -> None:
    upgrade.site.start()
    crowd, _done = upgrade.answers()
    upgrade.site.end()
    assert upgrade.site.units.told == ORDER
    assert crowd.told[0] == "begin" and crowd.told[-2:] == ["enough", "end"]
    assert len(upgrade.steps.all) == 10 and upgrade.wrong == []


def test_what_went_wrong_is_noted(upgrade: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial.revision, "present", lambda _url: "0000")
    monkeypatch.setattr(Crowd, "without_answer", 3)
    upgrade.site.units.code = 0
    upgrade.answers()
    assert [line.split()[0] for line in upgrade.wrong] == ["UPGRADE", "UPGRADE", "REFUSED", "UNHEARD"]


def test_nobody_comes_any_more_where_a_release_does_not_start(upgrade: Any) -> None:
    def never() -> None:
        raise TimeoutError("no page")

    upgrade.site.wait_for_page = never
    with pytest.raises(TimeoutError):
        upgrade.answers()
    assert Crowd.last is not None and "leave" in Crowd.last.told
