"""What the pages and the files of status are narrowed to, and the rows that they then show: one for both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select

from models.disclosure import DisclosureState
from models.instrument import InstrumentKind
from models.kinds import AGENCY_KINDS, AgencyKind
from models.participation import Participation
from models.place import Province
from models.round import Round, Stage
from portal.core.errors import NotFound
from portal.core.scopes import Reach
from portal.core.search import matching
from portal.core.texts import lazy
from portal.disclosure.progress import oit_states
from portal.status import figures
from portal.status.outlook import FORECAST, likely

TABS = ("preparation", "iit", "eit", "oit")
SURVEYS = ("iit", "eit")
Value = TypeVar("Value")
#: the states of OIT in their order, as heads of columns
OIT_STATES: tuple[tuple[DisclosureState, Any], ...] = (
    (DisclosureState.DRAFT, lazy("Being answered")),
    (DisclosureState.SUBMITTED, lazy("Waits for the executive")),
    (DisclosureState.RETURNED, lazy("Returned to be mended")),
    (DisclosureState.CONFIRMED, lazy("Confirmed by the executive")),
    (DisclosureState.SCORED, lazy("Scored")),
)


@dataclass(frozen=True)
class CountryQuery:
    """What the picture of the country shows. Raises NotFound for a tab that is not there."""

    tab: str = TABS[0]
    region: str = ""
    kind: AgencyKind | None = None

    @classmethod
    def of(cls, args: Mapping[str, str]) -> CountryQuery:
        """Read from an address or from a job's arguments."""
        tab = args.get("tab", TABS[0])
        if tab not in TABS:
            raise NotFound
        kind = AGENCY_KINDS.get(args.get("kind", ""))
        return cls(tab, args.get("region", ""), kind)

    def args(self) -> dict[str, Any]:
        """The same as arguments of an address."""
        named = {"tab": self.tab, "region": self.region, "kind": self.kind.value if self.kind else ""}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True)
class StatusQuery:
    """What the list of agencies is narrowed to."""

    search: str = ""
    district: str = ""
    behind: int | None = None

    @classmethod
    def of(cls, args: Mapping[str, str]) -> StatusQuery:
        """Read from an address or from a job's arguments."""
        behind = args.get("behind", "")
        steps = {str(step): step for step in range(5)}
        return cls(args.get("q", "").strip(), args.get("district", ""), steps.get(behind))

    def args(self) -> dict[str, Any]:
        """The same as arguments of an address."""
        named = {"q": self.search, "district": self.district}
        named["behind"] = "" if self.behind is None else str(self.behind)
        return {name: value for name, value in named.items() if value}

    def conditions(self) -> list[Any]:
        """The same as SQL conditions on Participation."""
        found: list[Any] = [matching(self.search, Participation)] if self.search else []
        if self.district:
            found.append(Participation.district_name == self.district)
        if self.behind is not None:
            found.append(Participation.step_to_do == self.behind)
        return found


#: what the list of all stages is narrowed to by the forecast: any stage, or one of them
ANY = "any"
MISSES: dict[str, tuple[Stage, ...]] = {ANY: FORECAST, **{stage.value: (stage,) for stage in FORECAST}}


@dataclass(frozen=True)
class StagesQuery:
    """What the list of all stages is narrowed to. ``miss``: a word of ``MISSES``, or ""."""

    search: str = ""
    region: str = ""
    province: int | None = None
    kind: AgencyKind | None = None
    miss: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str], reach: Reach) -> StagesQuery:
        """Read from an address or from a job's arguments; a desk of one place has no other to choose, and who
        may not read the forecast is not narrowed by it."""
        wide, province = reach is Reach.COUNTRY, args.get("province", "")
        miss = args.get("miss", "")
        return cls(
            search=args.get("q", "").strip(),
            region=args.get("region", "") if wide else "",
            province=int(province) if wide and province.isdecimal() and len(province) < 9 else None,
            kind=AGENCY_KINDS.get(args.get("kind", "")),
            miss=miss if miss in MISSES and looks_ahead(reach) else "",
        )

    def args(self) -> dict[str, Any]:
        """The same as arguments of an address."""
        named = {"q": self.search, "region": self.region, "province": str(self.province or "")}
        named |= {"kind": self.kind.value if self.kind else "", "miss": self.miss}
        return {name: value for name, value in named.items() if value}

    def conditions(self, round: Round) -> list[Any]:
        """The same as SQL conditions on Participation."""
        found: list[Any] = [matching(self.search, Participation)] if self.search else []
        if self.region:
            places = select(Province.id).where(Province.region == self.region)
            found.append(Participation.province_id.in_(places))
        if self.province is not None:
            found.append(Participation.province_id == self.province)
        if self.kind is not None:
            found.append(Participation.kind == self.kind)
        if self.miss:
            found.append(likely(round, MISSES[self.miss]))
        return found


def looks_ahead(reach: Reach) -> bool:
    """Whether a desk reads the forecast: an agency would learn from it when its people answered."""
    return reach in (Reach.COUNTRY, Reach.PROVINCE)


@dataclass(frozen=True)
class CountryPicture:
    """The provinces of a picture in its order, with what its tab is about."""

    rows: list[figures.ProvinceRow]
    surveys: dict[int, figures.SurveyCounts] = field(default_factory=dict)
    oit: dict[int, dict[DisclosureState, int]] = field(default_factory=dict)


def country_picture(round: Round, criteria: CountryQuery) -> CountryPicture:
    """What the page and the file of the country show: of the tab's own matter what is behind first."""
    asked: dict[str, Any] = {"region": criteria.region, "kind": criteria.kind}
    if criteria.tab in SURVEYS:
        rows = figures.places(round, **asked)
        surveys = figures.surveys(round, InstrumentKind(criteria.tab), kind=criteria.kind)
        return CountryPicture(
            figures.furthest_from_minimum_first(rows, surveys),
            surveys=_of(rows, surveys),
        )
    if criteria.tab == "oit":
        rows = figures.places(round, **asked)
        oit = _of(rows, oit_states(round.id, kind=criteria.kind))
        return CountryPicture(figures.fewest_confirmed_first(rows, oit), oit=oit)
    return CountryPicture(figures.most_behind_first(figures.provinces(round, **asked)))


def _of(rows: Iterable[figures.ProvinceRow], found: dict[int, Value]) -> dict[int, Value]:
    here = {row.id for row in rows}
    return {key: value for key, value in found.items() if key in here}


def within(place: Province | None) -> list[Any]:
    """The SQL conditions of a place (None: of the actor's scope)."""
    return [Participation.province_id == place.id] if place else []
