"""What the lists of late agencies and of extensions are narrowed to: one for the page and for its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.agency import AgencyKind
from models.participation import EXTENDABLE
from models.round import Stage
from portal.chasing.extended import Asked, Course
from portal.chasing.lacks import CHASED, Lack
from portal.chasing.listing import NOTED, Narrowed
from portal.core.scopes import Reach, Scope


@dataclass(frozen=True)
class ChaseQuery:
    """The words of an address or of a job's arguments; what is none narrows nothing."""

    search: str = ""
    region: str = ""
    province: int | None = None
    district: str = ""
    kind: AgencyKind | None = None
    stage: Stage | None = None
    at: Lack | None = None
    noted: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str], scope: Scope) -> ChaseQuery:
        """Read it. A province's desk is narrowed to its own province already."""
        wide = scope.reach is Reach.COUNTRY
        province = args.get("province", "")
        noted = args.get("noted", "")
        return cls(
            search=args.get("q", "").strip(),
            region=args.get("region", "") if wide else "",
            province=int(province) if wide and province.isdecimal() and len(province) < 9 else None,
            district=args.get("district", ""),
            kind=next((one for one in AgencyKind if one.value == args.get("kind")), None),
            stage=next((one for one in CHASED if one.value == args.get("stage")), None),
            at=next((one for one in Lack if one.value == args.get("at")), None),
            noted=noted if noted in NOTED else "",
        )

    def args(self) -> dict[str, Any]:
        """The same as arguments of an address."""
        named = {
            "q": self.search,
            "region": self.region,
            "province": str(self.province or ""),
            "district": self.district,
            "kind": self.kind.value if self.kind else "",
            "stage": self.stage.value if self.stage else "",
            "at": self.at.value if self.at else "",
            "noted": self.noted,
        }
        return {name: value for name, value in named.items() if value}

    @property
    def narrowed(self) -> Narrowed:
        """As the subject takes it."""
        return Narrowed(
            self.search,
            self.region,
            self.province,
            self.district,
            self.kind,
            self.stage,
            self.at,
            self.noted,
        )


@dataclass(frozen=True)
class ExtensionQuery:
    """The same of the list of extensions."""

    search: str = ""
    province: int | None = None
    stage: Stage | None = None
    course: Course | None = None

    @classmethod
    def of(cls, args: Mapping[str, str], scope: Scope) -> ExtensionQuery:
        """Read it. A province's desk is narrowed to its own province already."""
        province = args.get("province", "") if scope.reach is Reach.COUNTRY else ""
        return cls(
            search=args.get("q", "").strip(),
            province=int(province) if province.isdecimal() and len(province) < 9 else None,
            stage=next((one for one in EXTENDABLE if one.value == args.get("stage")), None),
            course=next((one for one in Course if one.value == args.get("course")), None),
        )

    def args(self) -> dict[str, Any]:
        """The same as arguments of an address."""
        named = {
            "q": self.search,
            "province": str(self.province or ""),
            "stage": self.stage.value if self.stage else "",
            "course": self.course.value if self.course else "",
        }
        return {name: value for name, value in named.items() if value}

    @property
    def asked(self) -> Asked:
        """As the subject takes it."""
        return Asked(self.search, self.province, self.stage, self.course)
