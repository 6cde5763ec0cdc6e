"""Two versions of a text: which lines went and came, and where inside a line."""

from __future__ import annotations

import pytest

from portal.letters.words.comparing import MOST_LINES, Change, Line, compared

S, G, C, L = Change.SAME, Change.GONE, Change.CAME, Change.LEFT_OUT


def changes(earlier: str, later: str) -> list[tuple[Change, int, str]]:
    return [
        (one.change, one.number, one.before + one.changed + one.after) for one in compared(earlier, later)
    ]


def test_a_line_shows_what_changed_inside_it() -> None:
    assert compared("ก\nภายในวันที่ 15 พฤศจิกายน\n", "ก\nภายในวันที่ 30 พฤศจิกายน\n") == [
        Line(S, 1, "ก"),
        Line(G, 2, "ภายในวันที่ ", "15", " พฤศจิกายน"),
        Line(C, 2, "ภายในวันที่ ", "30", " พฤศจิกายน"),
    ]


@pytest.mark.parametrize(("earlier", "later"), [("ที่นี้", "ที่นี่"), ("ทำ", "ทา"), ("ก่า", "ก้า"), ("กี่", "ก่")])
def test_no_mark_is_torn_from_its_letter(earlier: str, later: str) -> None:
    gone, came = compared(earlier, later)
    for line in (gone, came):
        for part in (line.changed, line.after):
            assert not part or part[0] not in "่้ีำิ"
    assert gone.before + gone.changed + gone.after == earlier
    assert came.before + came.changed + came.after == later


def test_lines_that_came_or_went_alone_are_shown_whole() -> None:
    assert changes("ก\nข", "ก\nค\nง\nข") == [(S, 1, "ก"), (C, 2, "ค"), (C, 3, "ง"), (S, 4, "ข")]
    assert changes("ก\nข\nค", "ก\nค") == [(S, 1, "ก"), (G, 2, "ข"), (S, 2, "ค")]


def test_what_did_not_change_is_left_out_but_for_two_lines_around() -> None:
    lines = [str(number) for number in range(1, 21)]
    later = [*lines[:10], "ใหม่", *lines[10:]]
    assert changes("\n".join(lines), "\n".join(later)) == [
        (L, 8, ""), (S, 9, "9"), (S, 10, "10"), (C, 11, "ใหม่"), (S, 12, "11"), (S, 13, "12"), (L, 8, ""),
    ]  # fmt: skip


def test_equal_texts_have_no_change() -> None:
    assert {one.change for one in compared("ก\nข", "ก\nข\n")} <= {S, L}


def test_very_many_lines_are_compared_as_wholes() -> None:
    many = "ก\n" * (MOST_LINES + 1)
    assert {one.change for one in compared(many, "ข")} == {G, C}
