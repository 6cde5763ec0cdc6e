"""The texts that come with the portal (``portal/content/letters/*.txt``)."""

from __future__ import annotations

import enum
from functools import cache
from pathlib import Path

from portal import content
from portal.letters.words.fields import Scope
from portal.letters.words.reading import LetterText, read_text

FOLDER = Path(content.__file__).parent / "letters"


class ShippedText(enum.Enum):
    """A shipped text: the name of its file, and what one copy of the letter is about."""

    CIRCULAR = "circular", Scope.PROVINCE
    ALL_PROVINCES = "all_provinces", Scope.COUNTRY
    NACC = "nacc", Scope.COUNTRY
    PROVINCE = "province", Scope.PROVINCE
    STAMPED = "stamped", Scope.PROVINCE
    STAMPED_NACC = "stamped_nacc", Scope.COUNTRY
    MEMORANDUM = "memorandum", Scope.COUNTRY
    MEMORANDUM_CIRCULAR = "memorandum_circular", Scope.PROVINCE
    AGENCY = "agency", Scope.AGENCY
    RESULTS = "results", Scope.PROVINCE_RESULTS
    RESULTS_NACC = "results_nacc", Scope.COUNTRY_RESULTS
    RESULTS_PROVINCE = "results_province", Scope.PROVINCE_RESULTS

    @property
    def scope(self) -> Scope:
        """What one copy of the letter is about."""
        return self.value[1]

    @property
    def source(self) -> str:
        """The text as it is written, for somebody to begin from."""
        return (FOLDER / f"{self.value[0]}.txt").read_text(encoding="utf-8")


@cache
def shipped(text: ShippedText) -> LetterText:
    """A shipped text, read."""
    return read_text(text.source, text.scope)
