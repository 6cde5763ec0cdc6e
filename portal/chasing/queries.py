"""What the list of late agencies is narrowed to, in an address: one for page, files and e-mails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.kinds import AGENCY_KINDS
from portal.chasing.lacks import CHASED, Lack
from portal.chasing.listing import NOTED, Narrowed
from portal.core.scopes import Reach, Scope


def narrowed_by(args: Mapping[str, str], scope: Scope) -> Narrowed:
    """Read the words of an address or of a job's arguments; what is none narrows nothing.

    A province's desk is narrowed to its own province already.
    """
    wide = scope.reach is Reach.COUNTRY
    province = args.get("province", "")
    noted = args.get("noted", "")
    return Narrowed(
        search=args.get("q", "").strip(),
        region=args.get("region", "") if wide else "",
        province_id=int(province) if wide and province.isdecimal() and len(province) < 9 else None,
        district=args.get("district", ""),
        kind=AGENCY_KINDS.get(args.get("kind")),
        stage=next((one for one in CHASED if one.value == args.get("stage")), None),
        at=next((one for one in Lack if one.value == args.get("at")), None),
        noted=noted if noted in NOTED else "",
        likely=args.get("miss") == "likely",
    )


def args_of(narrowed: Narrowed) -> dict[str, Any]:
    """The same as arguments of an address."""
    named = {
        "q": narrowed.search,
        "region": narrowed.region,
        "province": str(narrowed.province_id or ""),
        "district": narrowed.district,
        "kind": narrowed.kind.value if narrowed.kind else "",
        "stage": narrowed.stage.value if narrowed.stage else "",
        "at": narrowed.at.value if narrowed.at else "",
        "noted": narrowed.noted,
        "miss": "likely" if narrowed.likely else "",
    }
    return {name: value for name, value in named.items() if value}
