"""Words of a round for people: its states and kinds of window."""

from __future__ import annotations

from typing import Any

from models.round import RoundState
from models.windows import Phase
from portal.core.texts import lazy
from portal.rounds.content.words import COMBINES, WINDOWS

__all__ = ["COMBINES", "PHASES", "STATES", "WINDOWS"]

#: kind of state (colour and icon) and word
STATES: dict[RoundState, tuple[str, Any]] = {
    RoundState.DRAFT: ("idle", lazy("Being prepared")),
    RoundState.OPEN: ("info", lazy("Round open")),
    RoundState.CLOSED: ("warn", lazy("Closed, ready to open the boxes")),
    RoundState.OPENED: ("ok", lazy("Boxes opened, results computed")),
}
PHASES: dict[Phase, tuple[str, Any]] = {
    Phase.NO_WINDOW: ("idle", lazy("No dates yet")),
    Phase.NOT_YET: ("idle", lazy("Not open yet")),
    Phase.OPEN: ("info", lazy("Open now")),
    Phase.BETWEEN: ("warn", lazy("Between two windows")),
    Phase.CLOSED: ("ok", lazy("Stage over")),
}
