"""Codes that people type: one that opens nothing makes its network wait, never an office for good."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import TypeVar

from sqlalchemy.orm import Session

from portal.core import delays
from portal.core.database.session import privileged, writing
from portal.core.delays import Limit, network_of, short_hash
from portal.core.errors import Refused

#: wrong codes of one network: an office with thirty slips mistypes some; a machine needs billions
WRONG = Limit(30, 20)
Found = TypeVar("Found")


def look_up(network: str, opens: Callable[[Session], Found | None]) -> Found | None:
    """What a code opens, by ``opens``; None for a wrong one, which counts against the network.

    The attempt is counted before it is known what comes of it. Raises Refused where the network has to wait.
    """
    limits = {f"code:{short_hash(network_of(network, 64))}": WRONG}
    with writing(), privileged("a code is looked up") as session:
        taken = delays.take(session, limits)
        found = opens(session) if taken.allowed else None
        if found is not None:
            delays.give_back(session, limits)
    if not taken.allowed:
        raise Refused(
            "Too many codes that did not fit were typed from here: try again in %(seconds)s seconds",
            field="code",
            seconds=ceil(taken.wait.total_seconds()),
        )
    return found
