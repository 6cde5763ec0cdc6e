"""Words of a round's rules, as its pages and sheets name them."""

from __future__ import annotations

from typing import Any

from models.round import CombineRule, WindowKind
from portal.core.texts import lazy

WINDOWS: dict[WindowKind, Any] = {
    WindowKind.MAIN: lazy("Main window"),
    WindowKind.SUPPLEMENTARY: lazy("Supplementary window"),
    WindowKind.LAST_CALL: lazy("Last call"),
}
COMBINES: dict[CombineRule, Any] = {
    CombineRule.POOLED: lazy("All answers of both parts together"),
    CombineRule.HALVES: lazy("Each part counts one half"),
}
