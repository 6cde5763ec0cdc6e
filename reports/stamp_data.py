"""What a receipt stamp says: plain frozen data that may be pickled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ReceiptStamp:
    """The stamp of an office on a letter that came in: its receipt number, and the moment of the receipt."""

    office: str
    number: str
    at: datetime
