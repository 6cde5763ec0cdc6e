"""``back-test``: the table of the forecast, of few agencies."""

from __future__ import annotations

from tests.support.command_line import Command


def test_it_prints_what_is_named_and_what_was_false(command: Command) -> None:
    done = command("back-test", "--number", "6")
    assert done.code == 0
    assert "surveys, held out, the first year" in done.out
    assert "work with a date, held out" in done.out
