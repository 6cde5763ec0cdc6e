"""What a certificate of erased rosters is made from: plain frozen data that may be pickled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from reports.letter_data import Office


@dataclass(frozen=True)
class RosterErasure:
    """The certificate of one round.

    ``by_rule``: the last day of keeping follows from the round's end, else the NACC set it. ``backups``: how
    many daily, weekly and monthly ones the portal keeps; None where another tool makes them, or nobody.
    """

    office: Office
    round: str
    year: str
    kept_until: date
    by_rule: bool
    began_at: datetime
    finished_at: datetime
    rows: int
    agencies: int
    backups: tuple[int, int, int] | None
