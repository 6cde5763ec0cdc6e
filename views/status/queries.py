"""What the pages and the files of status are narrowed to, and the rows that they then show: one for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.agency import AgencyKind
from models.disclosure import DisclosureState
from models.instrument import InstrumentKind
from models.participation import Participation
from models.place import Province
from models.round import Round
from models.search import found_in, words_of
from portal.core.errors import NotFound
from portal.core.texts import lazy
from portal.disclosure.progress import oit_states
from portal.status import figures

TABS = ("preparation", "iit", "eit", "oit")
SURVEYS = ("iit", "eit")
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
        kind = next((one for one in AgencyKind if one.value == args.get("kind", "")), None)
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

    def fits(self, row: figures.AgencyRow) -> bool:
        """True for a row that was asked for."""
        if self.search and not found_in(row.search_key, words_of(self.search)):
            return False
        if self.district and row.district != self.district:
            return False
        return self.behind is None or row.behind == self.behind


@dataclass(frozen=True)
class CountryPicture:
    """The provinces of a picture in its order, with what its tab is about."""

    rows: list[figures.ProvinceRow]
    surveys: dict[int, figures.SurveyCounts] = field(default_factory=dict)
    oit: dict[int, dict[DisclosureState, int]] = field(default_factory=dict)


def country_picture(round: Round, criteria: CountryQuery) -> CountryPicture:
    """What the page and the file of the country show."""
    rows = figures.most_behind_first(figures.provinces(round, region=criteria.region, kind=criteria.kind))
    here = {row.id for row in rows}
    surveys, oit = {}, {}
    if criteria.tab in SURVEYS:
        surveys = figures.surveys(round, InstrumentKind(criteria.tab), kind=criteria.kind)
    if criteria.tab == "oit":
        oit = oit_states(round.id, kind=criteria.kind)
    return CountryPicture(
        rows,
        {key: counts for key, counts in surveys.items() if key in here},
        {key: counts for key, counts in oit.items() if key in here},
    )


def agencies_listed(
    round: Round, place: Province | None, criteria: StatusQuery
) -> tuple[list[figures.AgencyRow], list[figures.AgencyRow]]:
    """All agencies of a place (None: of the actor's scope), and those of them that were asked for."""
    rows = figures.agencies(round, *([Participation.province_id == place.id] if place else []))
    return rows, [row for row in rows if criteria.fits(row)]
