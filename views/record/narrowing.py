"""What part of a history an address asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from portal.core import clock
from portal.core.outside import whole
from portal.core.texts import lazy
from portal.record.history import Narrowing
from views.record.words import THINGS

#: how far back a history is asked for, in days
PERIODS = {"7": lazy("The last 7 days"), "30": lazy("The last 30 days"), "365": lazy("The last year")}


def narrowing_of(args: Mapping[str, Any]) -> Narrowing:
    """Words of an address that are none narrow nothing."""
    days, thing = args.get("days", ""), args.get("thing", "")
    return Narrowing(
        since=clock.now() - timedelta(days=int(days)) if days in PERIODS else None,
        account_id=whole(args.get("by", ""), least=1),
        thing=thing if thing in THINGS else "",
        below=whole(args.get("below", ""), least=1),
    )


def args_of(args: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The words of these names that an address says."""
    return {name: args[name] for name in names if args.get(name)}
