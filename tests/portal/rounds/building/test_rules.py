"""The rules of a round as edits: one rule for a group, one grade for a score, a sample for any number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.minimum_sample import bands_for, minimum_sample
from models.round import Stage, WindowKind
from models.thai import local_day
from models.zone import BANGKOK
from portal.content.year import ContentBand, ContentWindow, YearContent, load_year
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.rounds.building.edits import indicators, rules
from portal.rounds.building.edits.rules import Bracket, SampleGroup
from tests.support.world import NOW

EIT = SampleGroup("eit")
SAO_L = SampleGroup("eit", "sao", None, "L")


@pytest.fixture(autouse=True)
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def year() -> YearContent:
    return load_year(2561)


def fixed(number: int) -> list[Bracket]:
    return [Bracket(None, number, None)]


def test_a_number_for_one_kind_in_provinces_of_a_size_stands_beside_the_rule_for_all(
    year: YearContent,
) -> None:
    after = rules.put_sample(year, None, SAO_L, fixed(50))
    assert list(rules.sample_rules(after))[-1] == SAO_L
    assert [row.position for row in after.sample_rows] == list(range(1, len(after.sample_rows) + 1))
    rows = [row for row in after.sample_rows if row.instrument == "eit"]
    assert minimum_sample(4000, bands_for(rows, "sao", "M", "L")) == 50
    assert minimum_sample(4000, bands_for(rows, "sao", "M", "S")) != 50
    assert rules.remove_sample(after, SAO_L) == year


def test_a_rule_is_changed_at_its_place_also_to_another_group(year: YearContent) -> None:
    after = rules.put_sample(year, EIT, replace(EIT, agency_kind="pao"), fixed(7))
    assert len(rules.sample_rules(after)) == len(rules.sample_rules(year))
    assert EIT not in rules.sample_rules(after)
    assert rules.group_named(after, "eit:pao:-:-").agency_kind == "pao"


def test_brackets_stand_by_their_limits_whatever_their_order(year: YearContent) -> None:
    rows = [Bracket(None, 400, None), Bracket(30, None, Decimal(100)), Bracket(15, 5, None)]
    after = rules.put_sample(year, None, SAO_L, rows)
    assert [row.upto for row in rules.sample_rules(after)[SAO_L]] == [15, 30, None]


@pytest.mark.parametrize(
    ("edit", "field", "reason"),
    [
        (lambda it: rules.put_sample(it, None, EIT, fixed(1)), "agency_kind", "has a rule already"),
        (lambda it: rules.put_sample(it, None, SAO_L, []), "brackets", "no limit"),
        (lambda it: rules.put_sample(it, None, SAO_L, [Bracket(9, 1, None)]), "brackets", "no limit"),
        (lambda it: rules.put_sample(it, None, SAO_L, fixed(1) * 2), "brackets", "same number"),
        (lambda it: rules.change_bands(it, [ContentBand("A", Decimal(5), True)]), "bands", "begin at 0"),
        (lambda it: rules.change_bands(it, [ContentBand("A", Decimal(0), True)] * 2), "bands", "only once"),
        (lambda it: rules.change_groups(it, []), "groups", "at least one"),
        (lambda it: rules.change_groups(it, ["ก", "ก"]), "groups", "same name"),
        (lambda it: rules.change_headcount_groups(it, ["ก", "ก"]), "groups", "same name"),
        (lambda it: rules.change_settings(it, first_digits="x"), "first_digits", "refuse every"),
        (lambda it: indicators.change_weights(it, {"iit": Decimal(30), "eit": Decimal(30)}), "iit", "100"),
    ],
)
def test_rules_that_leave_somebody_out_are_refused_at_their_field(
    year: YearContent, edit: Callable[[YearContent], Any], field: str, reason: str
) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        edit(year)
    assert refused.value.field == field


def test_a_rule_that_is_not_there_is_not_found(year: YearContent) -> None:
    for edit in (
        lambda: rules.remove_sample(year, SAO_L),
        lambda: rules.put_sample(year, SAO_L, SAO_L, fixed(1)),
        lambda: rules.group_named(year, "eit:sao:-:L"),
    ):
        with pytest.raises(NotFound):
            edit()


def test_grades_groups_settings_weights_and_windows_are_what_was_said(year: YearContent) -> None:
    low, high = ContentBand("F", Decimal(0), False), ContentBand("A", Decimal(85), True)
    assert rules.change_bands(year, [low, high]).bands == (high, low)
    assert rules.change_groups(year, ["ก", "ข"]).roster_groups == ("ก", "ข")
    said = rules.change_settings(year, first_digits="12", grace_seconds=60)
    assert (said.first_digits, said.grace_seconds) == ("12", 60)
    weights = {"iit": Decimal("33.5"), "eit": Decimal("26.5"), "oit": Decimal(40)}
    changed = indicators.change_weights(year, weights)
    assert {one.code: one.weight for one in changed.instruments} == weights
    main, late = (
        ContentWindow(Stage.OIT, kind, NOW, NOW) for kind in (WindowKind.MAIN, WindowKind.LAST_CALL)
    )
    assert rules.change_windows(year, [late, main]).windows == (main, late)


def test_all_windows_move_together_by_the_days_to_the_first(year: YearContent) -> None:
    rows = [
        ContentWindow(stage, WindowKind.MAIN, NOW + begins, NOW + begins + timedelta(days=30))
        for stage, begins in ((Stage.PREPARATION, timedelta(0)), (Stage.OIT, timedelta(days=40, hours=8)))
    ]
    dated = rules.change_windows(year, rows)
    moved = rules.move_windows(dated, date(2025, 2, 3))
    first, later = moved.windows
    assert first.opens_at.astimezone(BANGKOK).date() == date(2025, 2, 3)
    assert later.opens_at - first.opens_at == rows[1].opens_at - rows[0].opens_at
    assert [row.closes_at - row.opens_at for row in moved.windows] == [
        row.closes_at - row.opens_at for row in rows
    ]
    assert rules.move_windows(moved, local_day(NOW)) == dated


def test_without_windows_there_is_nothing_to_move(year: YearContent) -> None:
    with pytest.raises(Refused, match="enter them first"):
        rules.move_windows(rules.change_windows(year, []), date(2025, 2, 3))


def test_rules_and_groups_are_put_at_another_place(year: YearContent) -> None:
    both = rules.put_sample(year, None, SAO_L, fixed(70))
    groups = list(rules.sample_rules(both))
    moved = rules.move_sample(both, SAO_L, to=1)
    assert list(rules.sample_rules(moved)) == [SAO_L, *groups[:-1]]
    assert [row.position for row in moved.sample_rows] == list(range(1, len(both.sample_rows) + 1))
    assert {group: len(rows) for group, rows in rules.sample_rules(moved).items()} == {
        group: len(rows) for group, rows in rules.sample_rules(both).items()
    }
    assert rules.move_sample(moved, SAO_L, to=99) == both
    first, second, *rest = year.roster_groups
    assert rules.move_group(year, 1, to=2).roster_groups == (second, first, *rest)
    assert rules.move_group(year, 2, to=99).roster_groups == (first, *rest, second)
    for wrong in (lambda: rules.move_sample(year, SAO_L, to=1), lambda: rules.move_group(year, 99, to=1)):
        with pytest.raises(NotFound):
            wrong()
