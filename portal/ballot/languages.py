"""Languages in which a survey may be answered, and what a round says in each.

Each text falls back to Thai by itself: a page of another language holds texts in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.year import RoundText, RoundTranslation
from portal.content.places import SURVEYS, is_bare, place_of

THAI = "th"
ENGLISH = "en"
#: further languages by their names in themselves, in the order in which they are offered
LANGUAGES: dict[str, str] = {
    ENGLISH: "English",
    "ms": "Bahasa Melayu",
    "my": "မြန်မာ",
    "km": "ខ្មែរ",
    "lo": "ລາວ",
    "vi": "Tiếng Việt",
    "zh": "中文",
    "ja": "日本語",
    "ko": "한국어",
    "id": "Bahasa Indonesia",
    "hi": "हिन्दी",
    "fr": "Français",
    "de": "Deutsch",
    "ru": "Русский",
}
NAMES = {THAI: "ไทย", **LANGUAGES}
_THAI_LETTERS = re.compile("[\u0e01-\u0e2e]")

#: of which thing, by its code, which text of it
Place = tuple[str, str, str]


def in_thai(words: str) -> bool:
    """True where words are written in Thai letters."""
    return _THAI_LETTERS.search(words) is not None


@dataclass(frozen=True)
class Wording:
    """What a round says in one language: its own texts of pages, and what is translated."""

    language: str = THAI
    texts: Mapping[str, str] = field(default_factory=dict)
    translated: Mapping[Place, str] = field(default_factory=dict)

    def of(self, thing: str, code: str, part: str, thai: str) -> str:
        """A text of the round in this language, else as it is in Thai."""
        return self.translated.get((thing, code, part)) or thai

    def of_page(self, key: str) -> str:
        """A text of a page as the round words it; "" where it says nothing of its own."""
        return self.translated.get(("page", key, "words")) or self.texts.get(key, "")

    @cached_property
    def digest(self) -> bytes:
        """The same for the same words only."""
        said = repr((self.language, sorted(self.texts.items()), sorted(self.translated.items())))
        return blake2b(said.encode(), digest_size=16).digest()


def wordings_of(session: Session, round_id: int) -> dict[str, Wording]:
    """What a round says, by language; Thai is always there, another where something is translated."""
    own = select(RoundText.key, RoundText.words).where(RoundText.round_id == round_id)
    texts = dict(session.execute(own).all())
    words: dict[str, dict[Place, str]] = {THAI: {}}
    bare: list[tuple[dict[Place, str], Place, str]] = []
    row = RoundTranslation
    query = select(row.language, row.thing, row.code, row.field, row.words).where(row.round_id == round_id)
    for language, thing, code, part, said in session.execute(query):
        there = words.setdefault(language, {})
        if not is_bare(thing, code):
            there[thing, code, part] = said
            continue
        for survey in SURVEYS:
            bare.append((there, (thing, place_of(survey, code), part), said))
    for there, place, said in bare:  # what names its survey counts more
        there.setdefault(place, said)
    return {language: Wording(language, texts, found) for language, found in words.items()}


def offered(wordings: Mapping[str, Wording], survey: str, questions: Iterable[str]) -> list[str]:
    """The further languages in which at least one of these questions (their codes) of a survey is asked."""
    codes = {place_of(survey, code) for code in questions}
    return [
        language
        for language in LANGUAGES
        if language in wordings
        and any(thing == "question" and code in codes for thing, code, _part in wordings[language].translated)
    ]
