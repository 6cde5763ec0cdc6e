"""Which backups stay: by day, week and month of Bangkok; the newest always does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.zone import BANGKOK
from portal.backup.rotation import staying

#: a Sunday
LAST = datetime(2026, 11, 29, 1, 0, tzinfo=BANGKOK)
YEAR = [LAST - timedelta(days=back) for back in range(365)]


def test_a_year_of_nights_leaves_days_weeks_and_months() -> None:
    stay = sorted(staying(YEAR, daily=7, weekly=5, monthly=12), reverse=True)
    assert stay[:7] == YEAR[:7]
    assert [at.date().isoformat() for at in stay[7:12]] == [
        "2026-11-22", "2026-11-15", "2026-11-08", "2026-11-01", "2026-10-31",
    ]  # fmt: skip
    assert len(stay) == 7 + 4 + 11


def test_of_a_day_the_newest_stays_and_the_day_is_that_of_bangkok() -> None:
    before_midnight = datetime(2026, 11, 28, 16, 59, tzinfo=UTC)
    after = before_midnight + timedelta(minutes=2)
    assert staying([before_midnight, after], daily=2, weekly=0, monthly=0) == {before_midnight, after}
    later = after + timedelta(hours=1)
    assert staying([before_midnight, after, later], daily=2, weekly=0, monthly=0) == {before_midnight, later}


def test_a_pause_drops_none() -> None:
    old = [LAST - timedelta(days=back) for back in (40, 50, 60)]
    assert staying([LAST, *old], daily=4, weekly=0, monthly=0) == {LAST, *old}


@given(
    st.lists(st.integers(0, 20_000), max_size=60), st.integers(1, 9), st.integers(0, 9), st.integers(0, 14)
)
def test_the_newest_always_stays_and_no_more_than_was_set(
    hours: list[int], daily: int, weekly: int, monthly: int
) -> None:
    moments = [LAST - timedelta(hours=back) for back in hours]
    stay = staying(moments, daily=daily, weekly=weekly, monthly=monthly)
    assert stay <= set(moments) and len(stay) <= daily + weekly + monthly
    assert not moments or max(moments) in stay
    assert staying(stay, daily=daily, weekly=weekly, monthly=monthly) == stay
