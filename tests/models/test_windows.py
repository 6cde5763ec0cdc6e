"""When a stage is open."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.windows import Phase, StageState, WindowSpan
from models.zone import BANGKOK


def day(month: int, number: int, hour: int = 0) -> datetime:
    return datetime(2018, month, number, hour, tzinfo=BANGKOK)


MAIN = WindowSpan(day(10, 16), day(11, 1), "main")
SUPPLEMENTARY = WindowSpan(day(11, 1), day(11, 8), "supplementary")
LAST_CALL = WindowSpan(day(11, 10), day(11, 16), "last_call")
LETTER = (LAST_CALL, MAIN, SUPPLEMENTARY)


@pytest.mark.parametrize(
    ("now", "phase", "current", "following", "last"),
    [
        (day(10, 15, 23), Phase.NOT_YET, None, MAIN, None),
        (day(10, 16), Phase.OPEN, MAIN, SUPPLEMENTARY, None),
        (day(10, 31, 23), Phase.OPEN, MAIN, SUPPLEMENTARY, None),
        (day(11, 1), Phase.OPEN, SUPPLEMENTARY, LAST_CALL, MAIN),
        (day(11, 8), Phase.BETWEEN, None, LAST_CALL, SUPPLEMENTARY),
        (day(11, 15, 23), Phase.OPEN, LAST_CALL, None, SUPPLEMENTARY),
        (day(11, 16), Phase.CLOSED, None, None, LAST_CALL),
    ],
)
def test_the_windows_of_the_letter(
    now: datetime, phase: Phase, current: WindowSpan, following: WindowSpan, last: WindowSpan
) -> None:
    state = StageState.at(LETTER, now)
    assert (state.phase, state.current, state.next, state.last) == (phase, current, following, last)
    assert state.is_open is (phase is Phase.OPEN)
    assert state.final_close == day(11, 16)
    assert state.first_opening == day(10, 16)


def test_it_tells_when_it_opens_and_when_it_was_closed() -> None:
    before, between, after = (StageState.at(LETTER, now) for now in (day(10, 1), day(11, 9), day(12, 1)))
    assert (before.opens_at, before.closes_at) == (day(10, 16), None)
    assert (between.opens_at, between.closes_at) == (day(11, 10), day(11, 8))
    assert (after.opens_at, after.closes_at, after.is_over) == (None, day(11, 16), True)


def test_windows_without_a_break_close_with_the_last_of_them() -> None:
    """16–31 October and 1–7 November are one opening: nobody reads that it closes on the 31st."""
    state = StageState.at(LETTER, day(10, 20))
    assert state.closes_at == day(11, 8)
    assert state.reopens is LAST_CALL
    assert state.last_day == day(11, 15).date()
    before = StageState.at(LETTER, day(10, 1))
    assert (before.closes_at, before.next_closes_at) == (None, day(11, 8))
    assert StageState.at(LETTER, day(11, 12)).next_closes_at is None


def test_nothing_opens_again_after_the_last_window_or_outside_one() -> None:
    assert StageState.at(LETTER, day(11, 12)).reopens is None
    assert StageState.at(LETTER, day(11, 9)).reopens is None
    assert StageState.at((MAIN, SUPPLEMENTARY), day(10, 20)).reopens is None


def test_without_windows_it_is_never_open() -> None:
    state = StageState.at((), day(11, 1))
    assert state.phase is Phase.NO_WINDOW
    assert not state.is_open
    assert not state.is_over
    assert not state.accepts(timedelta(days=1))


def test_a_form_opened_inside_may_be_sent_in_the_grace_time() -> None:
    grace = timedelta(minutes=15)
    assert StageState.at(LETTER, day(11, 16) + timedelta(minutes=14)).accepts(grace)
    assert not StageState.at(LETTER, day(11, 16) + grace).accepts(grace)
    assert not StageState.at(LETTER, day(11, 16)).accepts(timedelta(0))


def test_of_windows_that_lie_over_each_other_the_longest_is_the_open_one() -> None:
    whole, inside = (
        WindowSpan(day(10, 1), day(12, 1), "main"),
        WindowSpan(day(10, 5), day(10, 9), "last_call"),
    )
    before, within = (StageState.at((inside, whole), now) for now in (day(9, 30), day(10, 6)))
    assert (before.next, before.opens_at) == (whole, day(10, 1))
    assert (within.current, within.opens_at, within.closes_at) == (whole, day(10, 1), day(12, 1))


def test_the_grace_time_begins_with_the_closing_moment() -> None:
    assert StageState.at((MAIN,), MAIN.closes_at, grace=timedelta(minutes=1)).in_grace


def test_a_window_needs_a_zone_and_a_length() -> None:
    with pytest.raises(ValueError, match="time zone"):
        WindowSpan(datetime(2018, 1, 1), datetime(2018, 1, 2), "main")  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        WindowSpan(day(11, 1), datetime(2018, 11, 2), "main")  # noqa: DTZ001
    with pytest.raises(ValueError, match="opens before"):
        WindowSpan(day(11, 1), day(11, 1), "main")


hours = st.integers(0, 2000)


@given(st.lists(st.tuples(hours, st.integers(1, 300)), max_size=4), hours)
def test_open_means_inside_some_window(pieces: list[tuple[int, int]], at: int) -> None:
    start = day(1, 1)
    spans = [
        WindowSpan(start + timedelta(hours=a), start + timedelta(hours=a + length), "main")
        for a, length in pieces
    ]
    now = start + timedelta(hours=at)
    state = StageState.at(spans, now)
    assert state.is_open == any(span.opens_at <= now < span.closes_at for span in spans)
    if state.next:
        assert state.next.opens_at > now
    if state.last:
        assert state.last.closes_at <= now
    assert (state.phase is Phase.CLOSED) == bool(spans and all(span.closes_at <= now for span in spans))


def test_a_grace_time_keeps_a_stage_open_and_changes_no_day_that_is_named() -> None:
    opens, closes = datetime(2018, 11, 1, tzinfo=BANGKOK), datetime(2018, 12, 1, tzinfo=BANGKOK)
    spans = [WindowSpan(opens, closes, "main")]
    late = StageState.at(spans, closes + timedelta(minutes=14), grace=timedelta(minutes=15))
    assert (late.is_open, late.in_grace, late.is_over) == (True, True, False)
    assert late.closes_at == closes
    assert late.last_day == date(2018, 11, 30)
    assert not StageState.at(spans, closes - timedelta(minutes=1), grace=timedelta(minutes=15)).in_grace
    over = StageState.at(spans, closes + timedelta(minutes=15), grace=timedelta(minutes=15))
    assert (over.is_open, over.in_grace, over.is_over) == (False, False, True)
