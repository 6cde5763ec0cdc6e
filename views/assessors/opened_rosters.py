"""Which rosters this person has opened today, kept in the signed cookie: names are shown only after that."""

from __future__ import annotations

from typing import Any

from flask import session

from models.participation import Participation
from portal.core import clock
from portal.core.access import Actor
from portal.rosters.access import open_roster

_KEY = "rosters"
#: the cookie stays small; a roster that fell out is opened, and noted, once more
_MOST = 120


def is_opened(participation: Participation, actor: Actor) -> bool:
    """True where the actor has opened this roster today, at this desk."""
    return participation.id in _opened(actor)["ids"]


def open_once(participation: Participation, *, actor: Actor) -> None:
    """Open the roster; noted once per person, day and agency. Raises NotFound."""
    opened = _opened(actor)
    if participation.id in opened["ids"]:
        return
    open_roster(participation, actor=actor)
    session[_KEY] = {**opened, "ids": [*opened["ids"], participation.id][-_MOST:]}


def _opened(actor: Actor) -> dict[str, Any]:
    today = {"grant": actor.grant_id, "day": clock.now().date().isoformat()}
    held = session.get(_KEY) or {}
    return held if {key: held.get(key) for key in today} == today else {**today, "ids": []}
