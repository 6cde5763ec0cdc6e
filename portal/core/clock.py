"""The one clock (Asia/Bangkok). In demonstration mode and tests it can be set, else it is the machine's."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from models.zone import BANGKOK

__all__ = ["BANGKOK", "UTC", "machine", "now"]


def now() -> datetime:
    """The moment it is, aware, in Bangkok's zone.

    ``PORTAL_CLOCK`` (an ISO time, or the path of a file holding one, re-read at every call) sets it in
    demonstration mode and tests only; run.py clears it elsewhere.
    """
    setting = os.environ.get("PORTAL_CLOCK")
    if not setting:
        return datetime.now(BANGKOK)
    text = Path(setting).read_text().strip() if os.path.isabs(setting) else setting
    if not text:
        return datetime.now(BANGKOK)
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=BANGKOK) if moment.tzinfo is None else moment.astimezone(BANGKOK)


def machine() -> datetime:
    """The machine's own time, which nobody sets: for leases and paces, never for what people read."""
    return datetime.now(UTC)
