"""What the list of extensions and the outbox are narrowed to: one for a page and for its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.participation import EXTENDABLE
from models.reminder import MailState
from models.round import Stage
from portal.chasing.extended import Asked, Course
from portal.chasing.outbox import Wanted
from portal.core.scopes import Reach, Scope


@dataclass(frozen=True)
class ExtensionQuery:
    """Words of an address that narrow the list."""

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


def wanted_of(args: Mapping[str, str]) -> Wanted:
    """What of the outbox an address asks for."""
    state = next((one for one in MailState if one.value == args.get("state")), None)
    return Wanted(args.get("q", "").strip(), state)


def args_of_outbox(wanted: Wanted) -> dict[str, Any]:
    """The same as arguments of an address."""
    named = {"q": wanted.search, "state": wanted.state.value if wanted.state else ""}
    return {name: value for name, value in named.items() if value}
