"""A change of agencies in words: what it is called, what becomes of whom, what happens in rounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.agency import Agency
from models.agency_change import AgencyChange, ChangeSort, ChangeState, PartSide
from models.kinds import AgencyKind
from models.round import RoundState
from models.thai import thai_date
from portal.core.texts import _, lazy
from portal.register.changes import COLUMNS, value_of
from portal.register.consequences import InRound
from views.register.words import FIELD_LABELS, value_words

STATE_KINDS = {
    ChangeState.DRAFT: "idle",
    ChangeState.SET: "info",
    ChangeState.APPLIED: "ok",
    ChangeState.UNDONE: "idle",
}
SORTS = {
    ChangeSort.RENEWED: lazy("Another name, kind, code or district of the same agency"),
    ChangeSort.MERGED: lazy("Agencies of the province end in another one"),
    ChangeSort.SPLIT: lazy("New agencies are made from this one"),
}
#: what happens in a round with what an agency has there, by the round's state
_IN_ROUND = {
    RoundState.DRAFT: lazy(
        "The round is being made and took the agency up under this name: "
        "the NACC looks whether it stays in it"
    ),
    RoundState.OPEN: lazy(
        "Goes on under this name with the people who have it, links and posters stay good. What cannot be "
        "finished is marked not assessable by the NACC"
    ),
    RoundState.CLOSED: lazy("Nothing can be added any more: its answers are opened under this name"),
    RoundState.OPENED: lazy("The result stays under this name; the page of what it becomes leads to it"),
}
#: what happens to the people of an agency
_PEOPLE = {
    PartSide.ENDS: lazy(
        "%(count)s people have rights here: they keep them, to finish the rounds under the old name. "
        "For what goes on they are given rights of their own"
    ),
    PartSide.GOES_ON: lazy(
        "%(count)s people have rights here: they keep them and act under the name that holds"
    ),
}


@dataclass(frozen=True)
class Outcome:
    """What becomes of one agency."""

    name: str
    side: PartSide
    #: where its page is; None: it is not there yet
    agency: Agency | None
    #: label, before, after
    changes: list[tuple[str, str, str]]


def title_of(change: AgencyChange) -> str:
    """A change in one line, with short names: "อบต.ท่าผา, ทต.เกาะคา → ทม.เกาะคา"."""
    made = [_short(row["kind"], row["name"]) for row in change.planned]
    ends = [_short_before(change, part.agency) for part in change.on(PartSide.ENDS)]
    stay = [_short_before(change, part.agency) for part in change.on(PartSide.GOES_ON)]
    left = ends or stay
    right = [*stay, *made] if ends else made
    return f"{', '.join(left)} → {', '.join(right)}"


def _short(kind: str, name: str) -> str:
    return AgencyKind(kind).short_name(name)


def _before(change: AgencyChange, agency: Agency) -> Mapping[str, Any]:
    """What the change found of an agency, of what it made another; nothing before it is made."""
    return next((one["before"] for one in change.changes if one["id"] == agency.id), None) or {}


def _short_before(change: AgencyChange, agency: Agency) -> str:
    before = _before(change, agency)
    return _short(before.get("kind", agency.kind.value), before.get("name", agency.name))


def _name_before(change: AgencyChange, agency: Agency) -> str:
    return str(_before(change, agency).get("full_name", agency.full_name))


def outcomes(change: AgencyChange) -> Iterator[Outcome]:
    """What becomes of each agency: as it was done, else as it would be done now."""
    words = value_words()
    done = {one["id"]: one for one in change.changes}
    planned = {row["agency"]: row for row in change.planned}
    for part in change.parts:
        was = done.get(part.agency_id)
        pairs = was if was and was["before"] is not None else _as_now(part.agency, planned)
        before = pairs["before"] or {}
        shown = [
            (str(FIELD_LABELS[name]), words(name, before.get(name)), words(name, value))
            for name, value in pairs["after"].items()
            if name in FIELD_LABELS and name != "name"
        ]
        yield Outcome(_name_before(change, part.agency), part.side, part.agency, shown)
    if not change.changes:
        for row in change.planned:
            if row["agency"] is None:
                yield Outcome(row["full_name"], PartSide.MADE, None, list(_values(row, words)))


def _values(row: Mapping[str, Any], words: Any) -> Iterator[tuple[str, str, str]]:
    for name in ("code", "district_id"):
        yield str(FIELD_LABELS[name]), "", words(name, row[name])


def _as_now(agency: Agency, planned: Mapping[Any, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    row = planned.get(agency.id)
    changed = [name for name in COLUMNS if row and value_of(agency, name) != row[name]]
    return {
        "before": {name: value_of(agency, name) for name in changed},
        "after": {name: row[name] for name in changed} if row else {},
    }


def in_round_words(one: InRound) -> str:
    """What happens with what an agency has in a round."""
    return str(_IN_ROUND[one.round.state])


def people_words(side: PartSide, count: int) -> str:
    """What happens to the people of an agency."""
    return str(_PEOPLE[side] % {"count": f"{count:,}"})


def consequences(change: AgencyChange) -> list[str]:
    """What a person knows before a change is confirmed."""
    said = [_("%(change)s · holds from %(day)s", change=title_of(change), day=_day(change))]
    if ended := change.on(PartSide.ENDS):
        said.append(_("%(count)s agencies go out of use: new rounds do not take them up", count=len(ended)))
    said += [
        _("Rounds keep every agency under the name that they took up: nothing moves, no answer is lost"),
        _("New rounds take up the agencies as the register has them then"),
        _("It can be undone as a whole as long as nothing of it was changed since"),
    ]
    return said


def _day(change: AgencyChange) -> str:
    return thai_date(change.holds_from)
