"""What a check found: how bad it is, in which words, and on which page it is mended."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Level(enum.Enum):
    """How a check stands; only what must be mended keeps a round from opening."""

    PASSES = "passes"
    WARNING = "warning"
    MEND = "mend"


class Page(enum.Enum):
    """The pages on which something of a draft is mended."""

    TREE = "tree"
    INSTRUMENT = "instrument"
    INDICATOR = "indicator"
    QUESTION = "question"
    ITEM = "item"
    SCALES = "scales"
    SCALE = "scale"
    WEIGHTS = "weights"
    RULES = "rules"
    SAMPLE = "sample"
    BANDS = "bands"
    GROUPS = "groups"
    SETTINGS = "settings"
    WINDOWS = "windows"
    MOVE_WINDOWS = "move windows"
    TEXTS = "texts"
    LANGUAGE = "language"
    ROUND = "round"


@dataclass(frozen=True)
class Where:
    """A page: of which instrument (``kind``) and of what (``code``), where it has several."""

    page: Page
    kind: str = ""
    code: str = ""


@dataclass(frozen=True)
class Found:
    """One thing that is wrong, or worth a look: ``reason`` is an English id."""

    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)
    where: Where = field(default_factory=lambda: Where(Page.ROUND))
    level: Level = Level.MEND


@dataclass(frozen=True)
class Check:
    """One thing to have. ``label`` (an English id) says it; ``found`` is empty where it passes.

    ``where``: the page to look at while nothing is found.
    """

    name: str
    label: str
    found: tuple[Found, ...] = ()
    where: Where = field(default_factory=lambda: Where(Page.ROUND))

    @property
    def level(self) -> Level:
        """The worst of what was found."""
        levels = {one.level for one in self.found}
        return next((level for level in (Level.MEND, Level.WARNING) if level in levels), Level.PASSES)

    @property
    def ok(self) -> bool:
        """True where nothing must be mended; a warning lets the round open."""
        return self.level is not Level.MEND

    @property
    def reason(self) -> str:
        """The first thing that must be mended, else the first warning; "" where there is none."""
        return self._first.reason

    @property
    def values(self) -> Mapping[str, Any]:
        """What the reason names."""
        return self._first.values

    @property
    def _first(self) -> Found:
        return next((one for one in self.found if one.level is self.level), Found(""))
