"""What a reader of an uploaded file should know of it: of the whole, and of a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Note:
    """An English message id with its values."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Wrong:
    """Why a row cannot be used: the column, and an English message id with its values."""

    column: str
    reason: str
    values: Mapping[str, object]
