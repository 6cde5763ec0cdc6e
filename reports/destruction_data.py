"""What a certificate of key destruction is made from: plain frozen data that may be pickled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from reports.letter_data import Office


@dataclass(frozen=True)
class DestroyedCopy:
    """A copy of a key that lay outside the portal, as those who destroyed it say.

    ``private``: of the key that opens the boxes; else of the key of the marks.
    """

    private: bool
    place: str
    medium: str
    how: str
    at: datetime
    by: str
    witness: str


@dataclass(frozen=True)
class KeyDestruction:
    """The certificate of one round.

    ``fingerprint``: SHA-256 of the public half of the key that opened the boxes; the key of the marks has no
    public half, and so no fingerprint. ``opened_at``, ``marks_gone_at`` (None where the record has no such
    event) and ``looked_at`` are what the portal itself saw. ``replaces``: the number of the certificate
    whose place it takes, with the ``reason``.
    """

    office: Office
    number: str
    dated: date
    round: str
    year: str
    fingerprint: str
    mark_file: str
    key_file: str
    opened_at: datetime
    marks_gone_at: datetime | None
    looked_at: datetime
    copies: tuple[DestroyedCopy, ...]
    written_by: str
    replaces: str = ""
    reason: str = ""

    @property
    def names_mark_key(self) -> bool:
        """True where a copy of the key of the marks is among those that were destroyed."""
        return any(not copy.private for copy in self.copies)

    @property
    def destroyers(self) -> tuple[str, ...]:
        """Who destroyed a copy, each once, in the order in which they stand."""
        return tuple(dict.fromkeys(copy.by for copy in self.copies))

    @property
    def witnesses(self) -> tuple[str, ...]:
        """Who saw it, each once; who destroyed a copy and saw another signs in both places."""
        return tuple(dict.fromkeys(copy.witness for copy in self.copies))
