"""What a reader of an uploaded file should know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Note:
    """An English message id with its values."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
