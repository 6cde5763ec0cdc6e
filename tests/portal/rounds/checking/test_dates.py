"""The windows of a round before it opens: in their order; the past is told, and stops nobody."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from models.round import Stage, WindowKind
from models.zone import BANGKOK
from portal.content.year import ContentWindow, YearContent, load_year
from portal.core.web import Portal
from portal.rounds.checking import dates
from portal.rounds.checking.found import Found, Level, Page
from portal.tools.demo.windows import shifted_windows
from tests.support.world import NOW

DAY = timedelta(days=1)
MAIN, LATER = WindowKind.MAIN, WindowKind.SUPPLEMENTARY


def dated(**moved: tuple[int, int]) -> YearContent:
    """The windows of the demonstration; ``iit=(-1, 0)`` moves that main window's edges by days."""
    rows = []
    for (stage, kind), (opens, closes) in shifted_windows(NOW).items():
        first, last = moved.get(stage.value, (0, 0)) if kind is MAIN else (0, 0)
        rows.append(ContentWindow(stage, kind, opens + first * DAY, closes + last * DAY))
    content = load_year(2561)
    return YearContent(**{**vars(content), "windows": tuple(rows)})


def found(app: Portal, content: YearContent, days: int = 0) -> list[Found]:
    with app.app_context():
        return list(dates.windows(content, NOW + days * DAY))


def test_windows_in_order_have_no_fault(app: Portal) -> None:
    assert found(app, dated()) == []


@pytest.mark.parametrize(
    ("moved", "reason"),
    [
        ({"preparation": (0, 5)}, "overlap"),
        ({"iit": (-60, 0)}, "begins before"),
        ({"oit_scoring": (0, -60)}, "ends before"),
    ],
)
def test_windows_out_of_order_must_be_mended(
    app: Portal, moved: dict[str, tuple[int, int]], reason: str
) -> None:
    assert [one.level for one in found(app, dated(**moved)) if reason in one.reason] == [Level.MEND]


def test_a_stage_that_is_over_is_a_warning_only(app: Portal) -> None:
    over = found(app, dated(), days=400)
    assert len(over) == len(Stage)
    assert {one.level for one in over} == {Level.WARNING}


@pytest.mark.parametrize(("year", "away"), [(2561, 0), (2562, 0), (2560, 8), (2568, 8)])
def test_windows_of_other_years_are_a_warning_that_leads_to_the_one_step(
    app: Portal, year: int, away: int
) -> None:
    """The assessment of 2561 was held after its fiscal year: the year that follows is in order too."""
    content = YearContent(**{**vars(dated()), "fiscal_year": year})
    warned = [one for one in found(app, content) if "outside" in one.reason]
    assert [(one.values["count"], one.level, one.where.page) for one in warned] == (
        [(away, Level.WARNING, Page.MOVE_WINDOWS)] if away else []
    )


def test_the_years_of_a_round_are_its_fiscal_year_and_the_next() -> None:
    assert dates.years_of(2568) == (date(2024, 10, 1), date(2026, 9, 30))


def test_the_last_day_counts_and_its_midnight_is_no_day_more(app: Portal) -> None:
    first, last = dates.years_of(2561)
    midnight = [datetime.combine(day, time(), BANGKOK) for day in (first, last + DAY)]
    whole = ContentWindow(Stage.OIT, MAIN, *midnight)
    assert list(dates.misplaced(2561, [whole])) == []
    longer = ContentWindow(Stage.OIT, MAIN, midnight[0], midnight[1] + timedelta(minutes=1))
    with app.app_context():
        assert [one.values["count"] for one in dates.misplaced(2561, [longer])] == [1]
