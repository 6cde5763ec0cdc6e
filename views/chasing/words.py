"""How notes of late agencies are said."""

from __future__ import annotations

from typing import Any

from portal.core.texts import lazy

NOTED: dict[str, Any] = {
    "none": lazy("Nobody noted anything"),
    "promised": lazy("Promised, not yet over"),
    "broken": lazy("The promised day is over"),
}
