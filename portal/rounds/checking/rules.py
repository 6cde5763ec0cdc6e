"""The rules of a round: weights, grades, minimum samples, accepted first digits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from models.citizen_id import accepts_first_digit
from models.kinds import AgencyKind
from portal.content.year import ContentSampleRow, YearContent
from portal.rounds.building.edits.rules import SampleGroup, sample_rules
from portal.rounds.checking.found import Found, Level, Page, Where

WHOLE = Decimal(100)
MOST_DIGITS = 10


def weights(content: YearContent) -> Iterator[Found]:
    """They make 100, and none is below 0."""
    here = Where(Page.WEIGHTS)
    total = sum((one.weight for one in content.instruments), Decimal(0))
    if total != WHOLE:
        said = {"total": f"{total.normalize():f}"}
        yield Found("The weights of the instruments make %(total)s: they must make 100", said, here)
    for one in content.instruments:
        if one.weight < 0:
            said = {"instrument": one.code.upper()}
            yield Found("The weight of %(instrument)s lies below 0", said, here)


def bands(content: YearContent) -> Iterator[Found]:
    """From 0 on every total has one grade, and one passes or does not from one bound on."""
    here, rows = Where(Page.BANDS), sorted(content.bands, key=lambda row: row.lower)
    if not rows or rows[0].lower != 0:
        yield Found("The lowest grade band must begin at 0", {}, here)
    if rows and rows[-1].lower > WHOLE:
        yield Found("The grade %(grade)s begins above 100: nobody gets it", {"grade": rows[-1].grade}, here)
    if len({row.lower for row in rows}) < len(rows) or len({row.grade for row in rows}) < len(rows):
        yield Found("Each grade and each lower bound may stand only once", {}, here)
    passing = [row.passes for row in rows]
    if passing != sorted(passing):
        yield Found("A grade above one that passes does not pass", {}, here)
    elif not any(passing):
        yield Found("No grade passes", {}, here, Level.WARNING)


def samples(content: YearContent) -> Iterator[Found]:
    """The brackets of each group follow one another to an open end."""
    for group, rows in sample_rules(content).items():
        here = Where(Page.SAMPLE, code=group.key)
        for reason in _wrong_brackets(rows):
            yield Found(reason, {"group": group_words(group)}, here)


def roster_groups(content: YearContent) -> Iterator[Found]:
    """A roster's row belongs to a group."""
    if not any(name.strip() for name in content.roster_groups):
        yield Found("A roster needs at least one group", {}, Where(Page.GROUPS))


def first_digits(content: YearContent) -> Iterator[Found]:
    """A made-up ID of each accepted first digit passes the check that the respondents' door makes."""
    here = Where(Page.SETTINGS)
    digits = content.first_digits
    refused = [one for one in digits if not accepts_first_digit(one, digits)]
    if not digits or len(digits) > MOST_DIGITS or len(refused) == len(digits):
        reason = "The accepted first digits refuse every citizen ID: enter them as 12345678 under settings"
        yield Found(reason, {}, here)
    elif refused:
        reason = "A made-up citizen ID that begins with %(digits)s is refused by the form: take them out"
        yield Found(reason, {"digits": ", ".join(refused)}, here)


def group_words(group: SampleGroup) -> str:
    """The group by its instrument and what it names: "EIT อบต. S"."""
    kind = AgencyKind(group.agency_kind).label if group.agency_kind else ""
    named = (kind, group.agency_size, group.province_size)
    return " ".join((group.instrument.upper(), *(one for one in named if one)))


def _wrong_brackets(rows: list[ContentSampleRow]) -> Iterator[str]:
    limits = [row.upto for row in sorted(rows, key=lambda row: row.position)]
    closed = [limit for limit in limits if limit is not None]
    if len(set(limits)) < len(limits):
        yield "Brackets of the minimum sample of %(group)s overlap: each upper limit may stand only once"
    elif closed != sorted(closed) or None in limits[:-1]:
        yield "Brackets of the minimum sample of %(group)s overlap: their limits must rise"
    if None not in limits:
        yield "The minimum sample of %(group)s leaves out larger numbers of people: add a row without a limit"
    if any(not (row.fixed or row.percent) for row in rows):
        yield "A bracket of the minimum sample of %(group)s leaves a gap: it asks for no answer"
