"""What two years may be compared, and why not: each rule by itself, and over made-up years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from models.instrument import InstrumentKind
from models.scoring import Level
from models.year import Likeness
from portal.content.year import ContentIndicator, YearContent
from portal.rounds.trends.comparing import Comparison, Links, Parts, Standing, Why, chained, compared
from portal.rounds.trends.things import Asked, Place, Thing, asked_by
from tests.support.years import contents

OIT, EIT = InstrumentKind.OIT, InstrumentKind.EIT
SCALE = (Decimal(0), Decimal(100))


def item(code: str, indicator: str, kinds: tuple[str, ...] = ()) -> Thing:
    return Thing(OIT, code, indicator, f"รายการ {code}", kinds=kinds)


def question(code: str, points: tuple[Decimal | None, ...] = SCALE) -> Thing:
    return Thing(EIT, code, "6", f"ข้อ {code}", points=(points,))


TREE: dict[str, str | None] = {"9": None, "9.1": "9", "9.2": "9", "10": None}


def asked(
    *things: Thing,
    combine: str = "pooled",
    oit: Decimal = Decimal(40),
    rows: Mapping[str, str | None] = TREE,
) -> Asked:
    """A year of these things; ``rows``: the OIT's indicators with their parents."""
    tree = tuple(ContentIndicator(code, f"ตัวชี้วัด {code}", up) for code, up in rows.items())
    return Asked(
        {thing.place: thing for thing in things},
        {EIT: (ContentIndicator("6", "คุณภาพ", None),), OIT: tree},
        {EIT: Decimal(60), OIT: oit},
        combine,
    )


ALL = (item("O1", "9.1"), item("O2", "9.1"), item("O3", "9.2"), item("O4", "10"), question("E1"))
YEAR = asked(*ALL)


def same(*things: Thing) -> dict[Place, tuple[str, Likeness]]:
    return {thing.place: (thing.code, Likeness.SAME) for thing in things}


def of(found: Comparison, level: Level, code: str) -> Standing:
    """E1, 6 and "eit" are of EIT; all else is of OIT."""
    return found.of(EIT if code in {"E1", "6", "eit"} else OIT, level, code)


def why(found: Comparison, level: Level, code: str) -> Why | None:
    return of(found, level, code).why


def test_a_year_is_comparable_with_itself() -> None:
    found = compared(YEAR, YEAR, same(*ALL))
    assert all(one.comparable for one in found.standings.values())
    assert of(found, Level.SUB_INDICATOR, "9.1").earlier == "9.1"
    assert found.total.comparable


def test_other_codes_are_compared_by_what_they_are() -> None:
    later = asked(item("O9", "9.1"), item("O8", "9.1"), *ALL[2:])
    links = same(*ALL[2:]) | {(OIT, "O9"): ("O1", Likeness.SAME), (OIT, "O8"): ("O2", Likeness.SAME)}
    found = compared(later, YEAR, links)
    assert of(found, Level.ITEM, "O9").earlier == "O1"
    assert found.total.comparable


@pytest.mark.parametrize(
    ("said", "item_why", "parts"),
    [
        (("O2", Likeness.CHANGED), Why.CHANGED, Parts(same=1, changed=1)),
        (("", Likeness.NEW), Why.NEW, Parts(same=1, new=1, dropped=1)),
    ],
)
def test_one_changed_or_new_item_ends_the_comparison_of_all_above_it(
    said: tuple[str, Likeness], item_why: Why, parts: Parts
) -> None:
    found = compared(YEAR, YEAR, same(*ALL) | {(OIT, "O2"): said})
    assert why(found, Level.ITEM, "O2") is item_why
    assert of(found, Level.SUB_INDICATOR, "9.1").why is Why.PARTS
    assert of(found, Level.SUB_INDICATOR, "9.1").parts == parts
    assert why(found, Level.INDICATOR, "9") is Why.PARTS
    assert why(found, Level.INSTRUMENT, "oit") is Why.INDICATORS
    assert found.total.why is Why.INSTRUMENTS
    for level, code in ((Level.ITEM, "O1"), (Level.SUB_INDICATOR, "9.2"), (Level.INDICATOR, "10")):
        assert of(found, level, code).comparable, "what stands beside it is still compared"


def test_a_dropped_item_ends_it_too() -> None:
    found = compared(asked(*ALL[1:]), YEAR, same(*ALL[1:]))
    assert of(found, Level.SUB_INDICATOR, "9.1").parts == Parts(same=1, dropped=1)
    assert why(found, Level.INDICATOR, "9") is Why.PARTS


def test_an_item_in_another_part_is_compared_and_the_parts_are_not() -> None:
    moved = (ALL[0], item("O2", "9.2"), *ALL[2:])
    found = compared(asked(*moved), YEAR, same(*moved))
    assert of(found, Level.ITEM, "O2").comparable
    assert why(found, Level.SUB_INDICATOR, "9.1") is Why.DIVIDED
    assert why(found, Level.SUB_INDICATOR, "9.2") is Why.DIVIDED
    assert why(found, Level.INDICATOR, "9") is Why.DIVIDED


def test_a_part_that_went_away_whole_divides_what_is_left() -> None:
    """9.2 with all in it is no part of 9 any more: 9 is another mean."""
    found = compared(asked(*ALL, rows={**TREE, "9.2": None}), YEAR, same(*ALL))
    assert of(found, Level.SUB_INDICATOR, "9.1").comparable
    assert why(found, Level.INDICATOR, "9") is Why.DIVIDED
    assert why(found, Level.INSTRUMENT, "oit") is Why.INDICATORS


def test_points_are_compared_without_their_order_and_with_not_applicable() -> None:
    turned = question("E1", (Decimal(100), Decimal(0)))
    other = question("E1", (Decimal(0), Decimal(100), None))
    assert of(compared(asked(turned), YEAR, same(turned)), Level.QUESTION, "E1").comparable
    found = compared(asked(other), YEAR, same(other))
    assert why(found, Level.QUESTION, "E1") is Why.POINTS
    assert of(found, Level.INDICATOR, "6").parts == Parts(changed=1)


def test_another_rule_of_the_parts_of_eit_ends_all_of_eit_alone() -> None:
    found = compared(asked(*ALL, combine="halves"), YEAR, same(*ALL))
    for level, code in ((Level.QUESTION, "E1"), (Level.INDICATOR, "6"), (Level.INSTRUMENT, "eit")):
        assert why(found, level, code) is Why.COMBINED
    assert of(found, Level.INSTRUMENT, "oit").comparable


def test_other_weights_end_the_comparison_of_totals_alone() -> None:
    found = compared(asked(*ALL, oit=Decimal(30)), YEAR, same(*ALL))
    assert found.total.why is Why.WEIGHTS
    assert all(one.comparable for one in found.standings.values())


def test_nothing_is_compared_that_nobody_decided() -> None:
    found = compared(YEAR, YEAR, {})
    assert {one.why for one in found.standings.values()} == {Why.UNDECIDED, Why.INDICATORS}
    assert of(found, Level.ITEM, "O99").why is Why.NEW


def test_agencies_are_compared_by_what_is_asked_of_their_kind() -> None:
    """O2 is asked of municipalities in the later year only; others were asked the same in both."""
    later = asked(ALL[0], item("O2", "9.1", ("subdistrict",)), *ALL[2:])
    earlier = asked(*(one for one in ALL if one.code != "O2"))
    links = {at: one for at, one in same(*ALL).items() if at[1] != "O2"} | {(OIT, "O2"): ("", Likeness.NEW)}
    of_town = compared(later.for_agencies("subdistrict"), earlier.for_agencies("subdistrict"), links)
    of_sao = compared(later.for_agencies("sao"), earlier.for_agencies("sao"), links)
    assert why(of_town, Level.INDICATOR, "9") is Why.PARTS
    assert of_sao.total.comparable
    assert why(compared(later, earlier, links), Level.INDICATOR, "9") is Why.PARTS, "all kinds together"


def test_the_same_of_the_same_is_the_same_over_a_year_between() -> None:
    middle: Links = {(OIT, "B1"): ("A1", Likeness.SAME), (OIT, "B2"): ("A2", Likeness.CHANGED)}
    later: Mapping[Place, tuple[str, Likeness]] = {
        (OIT, "C1"): ("B1", Likeness.SAME),
        (OIT, "C2"): ("B2", Likeness.SAME),
        (OIT, "C3"): ("B3", Likeness.SAME),
        (OIT, "C4"): ("", Likeness.NEW),
    }
    assert chained(later, middle) == {
        (OIT, "C1"): ("A1", Likeness.SAME),
        (OIT, "C2"): ("A2", Likeness.CHANGED),
        (OIT, "C3"): ("", Likeness.NEW),
        (OIT, "C4"): ("", Likeness.NEW),
    }


@given(content=contents())
def test_every_year_is_comparable_with_itself_and_with_no_word_of_it_changed(content: YearContent) -> None:
    year = asked_by(content)
    links = same(*year.things.values())
    full = {(thing.kind, thing.indicator) for thing in year.things.values()}
    for (kind, level, code), one in compared(year, year, links).standings.items():
        if level in (Level.QUESTION, Level.ITEM) or (kind, code) in full:
            assert one.comparable, (level, code, one)
    changed = {place: (code, Likeness.CHANGED) for place, (code, _what) in links.items()}
    assert not any(one.comparable for one in compared(year, year, changed).standings.values())


@given(content=contents())
def test_what_is_read_of_a_kind_of_agency_is_never_more_than_all(content: YearContent) -> None:
    year = asked_by(content)
    kept = year.for_agencies("sao")
    assert set(kept.things) <= set(year.things)
    assert all(replace(year.things[at], kinds=()) == thing for at, thing in kept.things.items())
