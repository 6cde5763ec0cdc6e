"""Why an agency needs so many answers, in words: the group whose rule holds, and what the rule asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models.instrument import InstrumentKind
from models.kinds import AgencySize
from models.minimum_sample import SampleBand, band_of, in_order, nearest_rows
from models.participation import Participation
from models.round import SampleRule
from portal.core.texts import _, lazy
from portal.register.sizes import size_words
from portal.surveys.minimum import SURVEYS, Targets, bands_of, minimum_for


@dataclass(frozen=True)
class RuleLine:
    """What is asked of so many people; ``people`` is "" where the rule is the same for any number."""

    people: str
    answers: str


@dataclass(frozen=True)
class RuleWords:
    """The rule of one survey for one agency. Without ``lines`` no rule covers it, and ``group`` says why."""

    group: str
    lines: tuple[RuleLine, ...] = ()

    @property
    def covered(self) -> bool:
        """True where a rule of the round says how many answers the agency needs."""
        return bool(self.lines)


#: by what a group names: its kind, its own size, the size class of its province
_GROUPS: dict[tuple[bool, bool, bool], Any] = {
    (False, False, False): lazy("The rule of this round for all agencies"),
    (True, False, False): lazy("The rule of this round for %(kind)s"),
    (False, True, False): lazy("The rule of this round for agencies of size %(size)s"),
    (False, False, True): lazy("The rule of this round for agencies in provinces of size %(province)s"),
    (True, True, False): lazy("The rule of this round for %(kind)s of size %(size)s"),
    (True, False, True): lazy("The rule of this round for %(kind)s in provinces of size %(province)s"),
    (False, True, True): lazy(
        "The rule of this round for agencies of size %(size)s in provinces of size %(province)s"
    ),
    (True, True, True): lazy(
        "The rule of this round for %(kind)s of size %(size)s in provinces of size %(province)s"
    ),
}


def rules_of(participation: Participation, targets: Targets) -> dict[InstrumentKind, RuleWords]:
    """The rules of both surveys for an agency: what holds for the number of people in its ``targets``, or
    everything where that is not known yet."""
    return {survey: _rule(participation, survey, targets[survey].population) for survey in SURVEYS}


def rule_for_any_number(participation: Participation) -> RuleWords:
    """The rule of IIT with all bands: beside a number that is being typed one alone would be untrue."""
    return _rule(participation, InstrumentKind.IIT, None)


@dataclass(frozen=True)
class Needed:
    """How many answers IIT needs from so many people, and by which bands a page says it as one types:
    (up to, number, percent) each, the last without a limit. ``answers`` None: not known."""

    answers: int | None
    bands: tuple[tuple[int | None, int | None, str | None], ...]


def needed_by(participation: Participation, number: int | None) -> Needed:
    """What IIT needs from the number that a form shows."""
    bands = in_order(bands_of(participation))
    answers = minimum_for(participation, number) if number else None
    told = ((one.upto, one.fixed, None if one.percent is None else f"{one.percent:f}") for one in bands)
    return Needed(answers, tuple(told))


def _rule(one: Participation, survey: InstrumentKind, people: int | None) -> RuleWords:
    own = [rule for rule in one.round.sample_rules if rule.instrument == survey.value]
    size = one.size.value if one.size else None
    rows = nearest_rows(own, one.kind.value, size, one.province_size)
    if not rows:
        return RuleWords(_why_none(own, one))
    bands = in_order(SampleBand(row.upto, row.fixed, row.percent) for row in rows)
    first = rows[0]
    given = (first.agency_kind is not None, first.agency_size is not None, first.province_size is not None)
    group = str(_GROUPS[given]) % {
        "kind": one.kind.label,
        "size": AgencySize(size).words if size else "–",
        "province": size_words(one.province_size),
    }
    if not people:
        return RuleWords(group, tuple(_lines(bands)))
    holding = band_of(people, bands)
    if holding is None:
        return RuleWords(_("%(group)s says nothing of %(people)s people", group=group, people=f"{people:,}"))
    return RuleWords(group, (list(_lines(bands))[bands.index(holding)],))


def _why_none(rules: Sequence[SampleRule], one: Participation) -> str:
    """Why no rule of the survey covers an agency."""
    if not rules:
        return _("This round has no rule for the minimum sample of this survey")
    if one.province_size is None and any(rule.province_size is not None for rule in rules):
        return _(
            "No rule of this round covers this agency: the rules ask for the size class of %(province)s"
            " province, which is not set",
            province=one.province_name,
        )
    return _(
        "No rule of this round covers %(kind)s of size %(size)s in a province of size %(province)s",
        kind=one.kind.label,
        size=one.size.words if one.size else "–",
        province=size_words(one.province_size),
    )


def _lines(bands: Sequence[SampleBand]) -> Iterator[RuleLine]:
    since = 1
    for band in bands:
        yield RuleLine(_people(since, band.upto), _answers(band, since))
        since = (band.upto or 0) + 1


def _people(since: int, upto: int | None) -> str:
    if upto is None:
        return "" if since == 1 else _("from %(since)s people", since=f"{since:,}")
    if since == 1:
        return _("up to %(upto)s people", upto=f"{upto:,}")
    return _("%(since)s to %(upto)s people", since=f"{since:,}", upto=f"{upto:,}")


def _answers(band: SampleBand, since: int) -> str:
    if band.percent is None:
        number = f"{band.fixed:,}"
        if since >= (band.fixed or 0):
            return _("at least %(number)s answers", number=number)
        return _("at least %(number)s answers; everybody where there are fewer people", number=number)
    if band.percent == 100:
        return _("everybody")
    return _("%(percent)s percent of the people, rounded up", percent=f"{band.percent.normalize():f}")
