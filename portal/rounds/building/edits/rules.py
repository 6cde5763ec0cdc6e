"""Edits of a round's rules: grades, roster groups, minimum samples, settings, windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from models.citizen_id import are_first_digits
from models.thai import local_day
from portal.content.year import ContentBand, ContentSampleRow, ContentWindow, YearContent, in_order
from portal.core.errors import NotFound, Refused
from portal.rounds.building.edits.places import order_moved

#: in the key of a group: whatever kind or size
ANY = "-"


@dataclass(frozen=True)
class SampleGroup:
    """The agencies that one minimum-sample rule is for; None: whatever kind or size."""

    instrument: str
    agency_kind: str | None = None
    agency_size: str | None = None
    province_size: str | None = None

    @property
    def key(self) -> str:
        """How addresses name it: "eit:sao:-:L"."""
        return ":".join(one or ANY for one in vars(self).values())


@dataclass(frozen=True)
class Bracket:
    """Up to so many people (None: any number): a number of answers, or a percentage."""

    upto: int | None
    fixed: int | None
    percent: Decimal | None


def sample_rules(content: YearContent) -> dict[SampleGroup, list[ContentSampleRow]]:
    """The rows of each group, groups in the order in which they are written."""
    found: dict[SampleGroup, list[ContentSampleRow]] = {}
    for row in content.sample_rows:
        group = SampleGroup(row.instrument, row.agency_kind, row.agency_size, row.province_size)
        found.setdefault(group, []).append(row)
    return found


def group_named(content: YearContent, key: str) -> SampleGroup:
    """The group that an address names. Raises NotFound."""
    for group in sample_rules(content):
        if group.key == key:
            return group
    raise NotFound


def put_sample(
    content: YearContent, old: SampleGroup | None, new: SampleGroup, brackets: Sequence[Bracket]
) -> YearContent:
    """A rule for a group, at its place or last. Raises Refused for a second rule of one group, and for
    brackets that leave out some number of people or name one twice."""
    rules: dict[SampleGroup, list[Bracket]] = {
        group: [Bracket(row.upto, row.fixed, row.percent) for row in rows]
        for group, rows in sample_rules(content).items()
    }
    if old is not None and old not in rules:
        raise NotFound
    if new in rules and new != old:
        raise Refused("This group has a rule already: change that one", field="agency_kind")
    placed = {(new if group == old else group): rows for group, rows in rules.items()}
    placed[new] = _ordered(brackets)
    return _with_rules(content, placed)


def remove_sample(content: YearContent, group: SampleGroup) -> YearContent:
    """Away with a group's rule. Raises NotFound."""
    if group not in sample_rules(content):
        raise NotFound
    kept = tuple(row for other, rows in sample_rules(content).items() if other != group for row in rows)
    return replace(content, sample_rows=_numbered(kept))


def move_sample(content: YearContent, group: SampleGroup, *, to: int) -> YearContent:
    """A group's rule to another place (from 1) among the rules. Raises NotFound."""
    rules = sample_rules(content)
    groups = list(rules)
    if group not in rules:
        raise NotFound
    order = order_moved(len(groups), groups.index(group) + 1, to)
    return replace(content, sample_rows=_numbered(row for at in order for row in rules[groups[at - 1]]))


def move_group(content: YearContent, place: int, *, to: int) -> YearContent:
    """A group of the roster, by its place from 1, to another place. Raises NotFound."""
    names = content.roster_groups
    return replace(content, roster_groups=tuple(names[at - 1] for at in order_moved(len(names), place, to)))


def change_bands(content: YearContent, bands: Sequence[ContentBand]) -> YearContent:
    """The grades with their lower bounds, the highest first. Raises Refused where a score has none or two."""
    grades, bounds = [row.grade for row in bands], [row.lower for row in bands]
    if len(set(grades)) != len(grades) or len(set(bounds)) != len(bounds):
        raise Refused("Each grade and each lower bound may stand only once", field="bands")
    if Decimal(0) not in bounds:
        raise Refused("The lowest grade band must begin at 0", field="bands")
    return replace(content, bands=tuple(sorted(bands, key=lambda row: row.lower, reverse=True)))


def change_groups(content: YearContent, names: Sequence[str]) -> YearContent:
    """The groups of the external roster in their order. Raises Refused for none, and for one named twice."""
    if not names:
        raise Refused("A roster needs at least one group", field="groups")
    if len(set(names)) != len(names):
        raise Refused("Two groups have the same name", field="groups")
    return replace(content, roster_groups=tuple(names))


def change_headcount_groups(content: YearContent, names: Sequence[str]) -> YearContent:
    """The groups of the headcount in their order; none: one number is asked. Raises Refused for one twice."""
    if len(set(names)) != len(names):
        raise Refused("Two groups have the same name", field="groups")
    return replace(content, headcount_groups=tuple(names))


def change_settings(content: YearContent, **says: Any) -> YearContent:
    """What holds for the whole round. Raises Refused for first digits that no citizen ID begins with."""
    if not are_first_digits(says.get("first_digits", content.first_digits)):
        raise Refused(
            "The accepted first digits refuse every citizen ID: enter them as 12345678 under settings",
            field="first_digits",
        )
    return replace(content, **says)


def change_windows(content: YearContent, windows: Sequence[ContentWindow]) -> YearContent:
    """The windows of the stages."""
    return replace(content, windows=in_order(windows))


def move_windows(content: YearContent, first_day: date) -> YearContent:
    """All windows by as many days, so that the first opens on this day; hours of the day stay.

    Raises Refused where there are none.
    """
    if not content.windows:
        raise Refused("There are no dates to move yet: enter them first", field="first_day")
    by = first_day - local_day(min(row.opens_at for row in content.windows))
    moved = (
        replace(row, opens_at=row.opens_at + by, closes_at=row.closes_at + by) for row in content.windows
    )
    return replace(content, windows=tuple(moved))


def _ordered(brackets: Sequence[Bracket]) -> list[Bracket]:
    """By the number of people that they reach to; the one without a limit stands last. Raises Refused."""
    limits = [one.upto for one in brackets]
    if len(set(limits)) != len(limits):
        raise Refused("Two rows reach to the same number of people", field="brackets")
    if None not in limits:
        raise Refused("One row must have no limit, for any larger number of people", field="brackets")
    return sorted(brackets, key=lambda one: (one.upto is None, one.upto or 0))


def _with_rules(content: YearContent, rules: dict[SampleGroup, list[Bracket]]) -> YearContent:
    rows = (
        ContentSampleRow(position=0, **vars(group), **vars(one))
        for group, brackets in rules.items()
        for one in brackets
    )
    return replace(content, sample_rows=_numbered(rows))


def _numbered(rows: Any) -> tuple[ContentSampleRow, ...]:
    return tuple(replace(row, position=place) for place, row in enumerate(rows, start=1))
