"""What slips and a hand-over list are made from: plain frozen data that may be pickled.

A slip holds a code that opens an account: ``repr`` leaves codes out, so that no log and no error holds one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Slip:
    """One page for one person. ``number``: its envelope's; ``until``: the last day on which the code works.

    ``name`` is empty for an account that has no person yet.
    """

    number: int
    agency: str
    district: str
    username: str
    code: str = field(repr=False)
    until: date
    name: str = ""


@dataclass(frozen=True)
class SlipSheet:
    """The slips of one file: of one province and role, in the order in which they lie in it.

    ``url``: where a code is used; ``sender``: whose envelopes they are; ``calls``: whom to call, at most two
    lines; ``demo``: marked as made by a demonstration.
    """

    province: str
    role: str
    url: str
    sender: str
    calls: tuple[str, ...]
    slips: tuple[Slip, ...]
    fiscal_year: int | None = None
    demo: bool = False


@dataclass(frozen=True)
class Envelope:
    """One line of a hand-over list: an envelope, without its secret."""

    number: int
    agency: str
    district: str
    username: str


@dataclass(frozen=True)
class HandOver:
    """The envelopes of one province and role, each to be signed for."""

    province: str
    role: str
    as_of: date
    rows: tuple[Envelope, ...]
    fiscal_year: int | None = None
    demo: bool = False
