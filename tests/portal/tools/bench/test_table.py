"""The bench's figures: in the unit that people read, with what the same work costs at least."""

from __future__ import annotations

import pytest

from portal.tools.bench import table
from portal.tools.bench.table import Figure, Table, cpu_of, timed


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "–"),
        (0.0000042, "4 µs"),
        (0.000999, "999 µs"),
        (0.001, "1.00 ms"),
        (0.25, "250.00 ms"),
        (1.0, "1.00 s"),
        (83.456, "83.46 s"),
    ],
)
def test_a_time_is_shown_in_its_unit(seconds: float | None, shown: str) -> None:
    assert table._shown(seconds) == shown


def test_a_figure_is_one_line_beside_its_limit(capsys: pytest.CaptureFixture[str]) -> None:
    figures = Table()
    figures.add(Figure("status page", 0.02, 0.031, 0.001, "its query alone", "20 KiB"))
    figures.add(Figure("letters", 2.0, 2.5))
    first, second = capsys.readouterr().out.splitlines()
    assert first.split() == "status page 20.00 ms 31.00 ms 1.00 ms its query alone 20 KiB".split()
    assert second.split() == "letters 2.00 s 2.50 s".split()
    assert first.index("20.00 ms") + 2 == second.index("2.00 s"), "columns end below one another"
    assert [line.name for line in figures.lines] == ["status page", "letters"]


def test_the_middle_and_the_95th_percentile_of_many_runs_after_a_warm_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first run is not counted: it finds nothing in any cache."""
    runs: list[int] = []
    lengths = iter([900, *range(20, 0, -1)])
    now = [0.0]

    def act() -> None:
        runs.append(1)
        now[0] += next(lengths)

    monkeypatch.setattr(table.time, "perf_counter", lambda: now[0])
    assert timed(act, times=20) == (10.5, 20)
    assert len(runs) == 21


def test_cpu_is_that_of_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def act() -> None:
        now[0] += 3

    monkeypatch.setattr(table.time, "process_time", lambda: now[0])
    assert cpu_of(act, times=4) == 3
