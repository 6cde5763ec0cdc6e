"""The list of closed rounds: each once, whole lines only, and a round is known by its key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from portal.ballot.closed_rounds import ClosedRound, note, read

ONE = ClosedRound(3, 2561, "ITA", "รอบ 2561", "aa", "2018-11-01T00:00:00+00:00")
TWO = replace(ONE, round_id=4, fiscal_year=2562, fingerprint="bb")


def test_what_was_noted_is_read_and_noted_once(tmp_path: Path) -> None:
    place = tmp_path / "keys" / "list"
    assert read(place) == []
    note(place, [ONE])
    note(place, [ONE, TWO])
    assert read(place, place) == [ONE, TWO]
    assert place.stat().st_mode & 0o777 == 0o600


def test_a_line_that_a_crash_cut_counts_for_nothing_and_harms_no_other(tmp_path: Path) -> None:
    place = tmp_path / "list"
    note(place, [ONE])
    whole = place.read_bytes()
    place.write_bytes(whole + whole[:30])
    assert read(place) == [ONE]
    note(place, [TWO])
    assert read(place) == [ONE, TWO]


def test_a_round_is_known_by_its_key_and_not_by_its_id_alone() -> None:
    assert not ONE.is_same(replace(ONE, fingerprint="cc")), "the id was given again"
    assert not ONE.is_same(replace(ONE, round_id=5))
    assert ONE.is_same(replace(ONE, fingerprint="")), "before its keys were made"
    assert not ONE.is_same(replace(ONE, fingerprint="", fiscal_year=2570))
