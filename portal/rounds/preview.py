"""What a draft is shown with in a preview: an agency that is none, answers that nobody gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import func, select

from models.agency import Agency
from models.citizen_id import InvalidCitizenId, check
from models.disclosure import Review
from models.kinds import AGENCY_KINDS, AgencyKind
from models.round import Round
from portal.core.database.session import db
from portal.core.errors import NotFound
from portal.core.texts import _
from portal.disclosure.checklist import Checklist, Group, ItemLine, items_of

#: a place in the middle of a made-up number, which nobody has
_BODY = "00000000001"


@dataclass(frozen=True)
class ExampleAgency:
    """An agency as the pages of a round read it."""

    round_id: int
    kind: AgencyKind
    name: str
    full_name: str
    province_name: str
    district_name: str
    id: int = 0


@dataclass(frozen=True)
class ExampleLink:
    """A link of an example answer."""

    url: str


@dataclass(frozen=True)
class ExampleAnswer:
    """An answer of the checklist as its pages read it."""

    explanation: str
    disclosed: bool = True
    links: tuple[ExampleLink, ...] = (ExampleLink("https://www.example.go.th/ita"),)
    review: Review = Review.PENDING
    review_reason: str = ""
    score: None = None
    score_note: str = ""
    version: int = 1


@dataclass(frozen=True)
class ExamplePerson:
    """Who would be called, as a page shows a person of a roster."""

    group: str
    name: str
    organisation: str
    phone: str = ""
    number: int = 1


@dataclass(frozen=True)
class ExampleRow:
    """A row of the roster: an example has nobody to hide."""

    person: ExamplePerson
    number: int = 1


@dataclass(frozen=True)
class ExampleCall:
    """An interview that was not made yet."""

    roster_entry: ExampleRow
    outcome: Any
    id: int = 0
    position: int = 1
    version: int = 1


@dataclass(frozen=True)
class ExampleSample:
    """A sample that was drawn."""

    sample_size: int = 10


def kind_or_404(code: str) -> AgencyKind:
    """The kind that an address names by its code. Raises NotFound."""
    kind = AGENCY_KINDS.get(code)
    if kind is None:
        raise NotFound
    return kind


def usual_kind() -> AgencyKind:
    """The kind of most agencies of the register; the first one of all while it is empty."""
    query = select(Agency.kind, func.count(Agency.id)).group_by(Agency.kind)
    found = [(count, kind) for kind, count in db.session.execute(query)]
    return max(found)[1] if found else next(iter(AGENCY_KINDS))


def example_agency(round: Round, kind: AgencyKind) -> ExampleAgency:
    """An agency of a kind, whose name says that it is an example."""
    name = _("Example")
    full_name = kind.label if kind.alone else kind.full_name(name)
    return ExampleAgency(round.id, kind, name, full_name, name, name)


def example_checklist(round: Round, kind: AgencyKind) -> Checklist:
    """The checklist of an agency of this kind: its items, each with an example of an answer."""
    groups: dict[int, list[ItemLine]] = {}
    indicators = {}
    for item in items_of(round.id):
        if item.kinds and kind.value not in item.kinds:
            continue
        answer = ExampleAnswer(item.example or _("What the agency wrote stands here"))
        indicators[item.indicator_id] = item.indicator
        groups.setdefault(item.indicator_id, []).append(ItemLine(item, cast(Any, answer)))
    made = tuple(Group(indicators[key], tuple(lines)) for key, lines in groups.items())
    return Checklist(cast(Any, example_agency(round, kind)), None, made)


def example_call(round: Round, outcome: Any) -> ExampleCall:
    """The first call of a sample, to a person who is none."""
    group = round.roster_groups[0].name if round.roster_groups else _("Example")
    return ExampleCall(ExampleRow(ExamplePerson(group, _("Example"), _("Example"))), outcome)


def example_id(first_digits: str) -> str:
    """A number that the form takes, for whoever tries it. Raises InvalidCitizenId where none would be."""
    body = f"{min(first_digits)}{_BODY}"
    for last in "012345678":
        try:
            return check(body + last, first_digits=first_digits)
        except InvalidCitizenId:
            continue
    return check(f"{body}9", first_digits=first_digits)
