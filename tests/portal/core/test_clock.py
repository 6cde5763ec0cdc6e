"""The one clock: whose time it is, and who may set it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from portal.core import clock
from portal.core.clock import BANGKOK, UTC

MORNING = datetime(2018, 11, 9, 8, 30, tzinfo=BANGKOK)


def is_the_machines(moment: datetime) -> bool:
    return abs(moment - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("text", ["2018-11-09T08:30", "2018-11-09T08:30+07:00", "2018-11-09T01:30Z"])
def test_a_set_time_is_bangkoks_whatever_zone_it_is_written_in(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("PORTAL_CLOCK", text)
    assert (clock.now(), clock.now().utcoffset()) == (MORNING, timedelta(hours=7))


def test_a_time_in_a_file_is_read_anew_at_every_look(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "clock"
    monkeypatch.setenv("PORTAL_CLOCK", str(file))
    for day in (9, 10):
        file.write_text(f"2018-11-{day:02}T08:30\n")
        assert clock.now().day == day
    file.write_text("\n")
    assert is_the_machines(clock.now()), "an empty file sets nothing"


@pytest.mark.parametrize("setting", [None, ""])
def test_without_a_setting_it_is_the_machines_time_in_bangkok(
    monkeypatch: pytest.MonkeyPatch, setting: str | None
) -> None:
    monkeypatch.delenv("PORTAL_CLOCK", raising=False)
    if setting is not None:
        monkeypatch.setenv("PORTAL_CLOCK", setting)
    assert is_the_machines(clock.now()) and clock.now().tzinfo is BANGKOK


def test_nobody_sets_the_machines_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_CLOCK", "2018-11-09T08:30")
    assert is_the_machines(clock.machine())
