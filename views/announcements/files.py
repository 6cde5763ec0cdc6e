"""The receivers of an announcement as a file, and what the list of them is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.place import Province
from models.thai import thai_datetime_short
from portal.announcements import receivers, writing
from portal.announcements.receivers import RECEIVERS as ROLES_THAT_RECEIVE
from portal.announcements.receivers import STANDING, Receiver, Wanted
from portal.core.access import ROLES, the_actor
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.list_files import MAKERS, ListFile, Maker, filters_said
from portal.core.texts import _
from reports.spreadsheets import Cell

RECEIVERS = "announcements.receivers"


def wanted_of(args: Mapping[str, str]) -> Wanted:
    """What of the list an address asks for; words that are none narrow nothing."""
    province, standing = args.get("province", ""), args.get("standing", "")
    return Wanted(
        search=args.get("q", "").strip(),
        role=next((one for one in ROLES_THAT_RECEIVE if one.value == args.get("role")), None),
        province=int(province) if province.isdecimal() and len(province) < 9 else None,
        standing=standing if standing in STANDING else "",
    )


def args_of(wanted: Wanted) -> dict[str, Any]:
    """The same as arguments of an address."""
    named = {
        "q": wanted.search,
        "role": wanted.role.value if wanted.role else "",
        "province": str(wanted.province or ""),
        "standing": wanted.standing,
    }
    return {name: value for name, value in named.items() if value}


def _receivers(arguments: Mapping[str, Any]) -> ListFile:
    row = writing.written(arguments["announcement_id"], the_actor())
    wanted = wanted_of(arguments["args"])
    return ListFile(
        title=_("Receivers of the announcement"),
        plain=f"announcement-{row.id}",
        header=[_("Receiver"), _("Role"), _("Place"), _("Province"), _("Acknowledged at")],
        rows=lambda: map(_row, receivers.listed(row, wanted)),
        count=receivers.count(row, wanted),
        about=[row.heading, *filters_said(_filters(wanted))],
    )


def _row(one: Receiver) -> list[Cell]:
    at = thai_datetime_short(one.at) if one.at else None
    return [one.name, str(ROLES[one.role].label), one.place, one.province, at]


def _filters(wanted: Wanted) -> list[tuple[Any, Any]]:
    province = db.session.get(Province, wanted.province) if wanted.province else None
    return [
        (_("Search"), wanted.search),
        (_("Role"), ROLES[wanted.role].label if wanted.role else ""),
        (_("Province"), province.name if province else ""),
        (_("State"), STANDING[wanted.standing] if wanted.standing else ""),
    ]


MAKERS[RECEIVERS] = Maker(_receivers, P.ANNOUNCEMENTS_WRITE)
