"""Posters of many agencies in one paper."""

from __future__ import annotations

from dataclasses import dataclass

from reports.letter_data import Audience, PosterData


@dataclass(frozen=True)
class PosterBook:
    """Sheets of several agencies, a page each, in their order. Of surveys for people from outside only.

    Raises ValueError for an internal survey: its link is its agency's alone, and a book is made for others.
    """

    posters: tuple[PosterData, ...]

    def __post_init__(self) -> None:
        if not self.posters:
            raise ValueError("a book has pages")
        if any(poster.audience is not Audience.EXTERNAL for poster in self.posters):
            raise ValueError("an internal link is in no book of posters")
