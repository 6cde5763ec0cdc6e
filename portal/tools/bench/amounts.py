"""How much the bench does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Amounts:
    """How often each thing is done; the defaults are those that give figures."""

    #: askings of each page, letters, and in the process: forms and submissions
    pages: int = 40
    #: years begun from another one, and steps of the builder
    copies: int = 10
    activations: int = 300
    slips: int = 500
    posters: int = 400
    letters: int = 3
    events: int = 500
    forms: int = 300
    sends: int = 300
    #: respondents over HTTP, and hellos of the bare server
    crowd: int = 600
    hellos: int = 500
    #: seconds of each part of the last hour
    rush: float = 10.0
    #: names of the one large roster, and the share of the country that is filled in
    largest_roster: int = 5_000
    share: float = 0.05


#: everything once: shows that the bench works, its figures say nothing
LITTLE = Amounts(
    pages=1,
    copies=1,
    activations=2,
    slips=2,
    posters=2,
    letters=1,
    events=2,
    forms=1,
    sends=1,
    crowd=2,
    hellos=1,
    rush=0.3,
    largest_roster=50,
    share=0.001,
)
