"""Every text of a content that may exist in a further language, in the order in which people meet them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.ballot.languages import ENGLISH, LANGUAGES, THAI, Place
from portal.ballot.public_texts import PUBLIC
from portal.content.places import place_of
from portal.content.year import ContentInstrument, YearContent

#: parts of a content, as people choose among its texts
PAGES, SCALES = "pages", "scales"


@dataclass(frozen=True)
class RoundWords:
    """A text: of which ``thing``, by its ``code``, which ``field``, and what it says in Thai."""

    part: str
    thing: str
    code: str
    field: str
    thai: str
    #: how people know the thing: "I3.2"
    named: str
    #: in English the product's own stands where nothing else does
    product: str = ""

    @property
    def place(self) -> Place:
        """What names it among all texts."""
        return self.thing, self.code, self.field

    @property
    def shown(self) -> bool:
        """True where a page in a further language shows it; the desks of OIT work in Thai."""
        return self.part != "oit"

    def needed_in(self, language: str) -> bool:
        """True where without a translation a page of this language would show Thai."""
        return not (self.product and language == ENGLISH)


def texts_of(content: YearContent) -> list[RoundWords]:
    """All texts: of each instrument, of the scales, of the respondents' pages."""
    found = [text for one in content.instruments for text in _of_instrument(one)]
    for scale in content.scales:
        for place, label in enumerate(scale.labels, start=1):
            code = f"{scale.code}.{place}"
            found.append(RoundWords(SCALES, "choice", code, "label", label, scale.name or scale.code))
    own = {text.key: text.words for text in content.texts}
    for key, text in PUBLIC.items():
        if not text.translated:
            continue
        said = own.get(key, "")
        if said or text.product:
            product = "" if said else text.product
            found.append(RoundWords(PAGES, "page", key, "words", said or text.thai, "", product))
    return found


def missing_in(content: YearContent, language: str) -> list[RoundWords]:
    """The texts that a page of this language would show in Thai."""
    there = {(row.thing, row.code, row.field) for row in content.translations if row.language == language}
    return [text for text in texts_of(content) if text.needed_in(language) and text.place not in there]


def languages_of(content: YearContent) -> list[str]:
    """The further languages in which something is said, in the order in which they are offered."""
    used = {row.language for row in content.translations}
    return [*(one for one in LANGUAGES if one in used), *sorted(used - LANGUAGES.keys() - {THAI})]


def _of_instrument(one: ContentInstrument) -> Iterator[RoundWords]:
    yield RoundWords(one.code, "instrument", one.code, "name", one.name, one.code.upper())
    for row in one.indicators:
        yield RoundWords(one.code, "indicator", place_of(one.code, row.code), "name", row.name, row.code)
    for question in one.questions:
        name = place_of(one.code, question.code)
        yield RoundWords(one.code, "question", name, "text", question.text, question.code)
        if question.note:
            yield RoundWords(one.code, "question", name, "note", question.note, question.code)
        for line in question.lines:
            code = f"{question.code}.{line.position}"
            if line.text:
                yield RoundWords(one.code, "line", place_of(one.code, code), "text", line.text, code)
    for item in one.items:
        says = (("title", item.title), ("criterion", item.criterion), ("example", item.example))
        yield from (
            RoundWords(one.code, "item", item.code, field, words, item.code) for field, words in says if words
        )
