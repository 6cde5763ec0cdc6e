"""How notes of late agencies are said."""

from __future__ import annotations

from typing import Any

from models.chasing import Reached
from portal.core.texts import lazy

REACHED: dict[Reached, Any] = {
    Reached.CALLED: lazy("Called"),
    Reached.NO_ANSWER: lazy("Called, nobody answered"),
    Reached.LINE: lazy("Written to in LINE"),
    Reached.MAIL: lazy("Written to by e-mail"),
    Reached.LETTER: lazy("A letter was sent"),
    Reached.MET: lazy("Met"),
}
NOTED: dict[str, Any] = {
    "none": lazy("Nobody noted anything"),
    "promised": lazy("Promised, not yet over"),
    "broken": lazy("The promised day is over"),
}
