"""The rules of a round before it opens: brackets, grades, weights, accepted first digits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from portal.content.year import ContentBand, ContentSampleRow, YearContent, load_year
from portal.rounds.checking import rules
from portal.rounds.checking.found import Level, Page, Where

CONTENT = load_year(2561)


def brackets(*limits: int | None, fixed: int = 5) -> YearContent:
    """A content with one minimum sample of these upper limits."""
    rows = (
        ContentSampleRow("eit", place, "sao", None, limit, fixed, None)
        for place, limit in enumerate(limits, 1)
    )
    return replace(CONTENT, sample_rows=tuple(rows))


def grades(*bands: tuple[str, int, bool]) -> YearContent:
    return replace(CONTENT, bands=tuple(ContentBand(name, Decimal(low), ok) for name, low, ok in bands))


def test_the_shipped_rules_have_no_fault() -> None:
    for look in (rules.weights, rules.bands, rules.samples, rules.roster_groups, rules.first_digits):
        assert list(look(CONTENT)) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (brackets(50, 50, None), "may stand only once"),
        (brackets(None, None), "may stand only once"),
        (brackets(50, 20, None), "must rise"),
        (brackets(50, None, 100), "must rise"),
        (brackets(50, 100), "without a limit"),
        (brackets(50, None, fixed=0), "leaves a gap"),
    ],
)
def test_brackets_neither_overlap_nor_leave_a_gap(content: YearContent, reason: str) -> None:
    found = list(rules.samples(content))
    assert any(reason in one.reason for one in found)
    assert {one.where for one in found} == {Where(Page.SAMPLE, "", "eit:sao:-:-")}
    assert list(rules.samples(brackets(50, 100, None))) == []


@pytest.mark.parametrize(
    ("content", "reason", "level"),
    [
        (grades(), "must begin at 0", Level.MEND),
        (grades(("A", 50, True)), "must begin at 0", Level.MEND),
        (grades(("A", 50, True), ("B", 50, True), ("F", 0, False)), "may stand only once", Level.MEND),
        (grades(("A", 101, True), ("F", 0, False)), "above 100", Level.MEND),
        (grades(("A", 80, False), ("B", 50, True), ("F", 0, False)), "does not pass", Level.MEND),
        (grades(("A", 80, False), ("F", 0, False)), "No grade passes", Level.WARNING),
    ],
)
def test_every_total_has_one_grade(content: YearContent, reason: str, level: Level) -> None:
    assert any(reason in one.reason and one.level is level for one in rules.bands(content))


@pytest.mark.parametrize(
    ("digits", "reason"), [("", "every citizen ID"), ("๑๒", "every citizen ID"), ("12x", "begins with")]
)
def test_first_digits_that_refuse_an_id_are_named(digits: str, reason: str) -> None:
    found = list(rules.first_digits(replace(CONTENT, first_digits=digits)))
    assert [one.where.page for one in found] == [Page.SETTINGS]
    assert reason in found[0].reason
