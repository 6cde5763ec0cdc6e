"""Edits of what the round's pages say, and of what it says in further languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from portal.ballot.languages import LANGUAGES, Place
from portal.ballot.public_texts import PUBLIC
from portal.ballot.public_words import unfit
from portal.content.year import ContentText, ContentTranslation, YearContent
from portal.core.errors import NotFound, Refused
from portal.rounds.content.texts import texts_of


def word_pages(content: YearContent, words: Mapping[str, str]) -> YearContent:
    """Texts of the respondents' pages by their keys; emptied, the product's own stands again.

    Raises NotFound for a key of no page, Refused (with the key as its field) for a promise of the system and
    for a text that leaves out what is filled in.
    """
    for key, said in words.items():
        _require_fit(key, said)
    own = {text.key: text.words for text in content.texts} | dict(words)
    order = [*PUBLIC, *(key for key in own if key not in PUBLIC)]
    texts = tuple(ContentText(key, own[key]) for key in order if own.get(key))
    there = {text.key for text in texts} | {key for key, text in PUBLIC.items() if text.product}
    kept = tuple(row for row in content.translations if row.thing != "page" or row.code in there)
    return replace(content, texts=texts, translations=kept)


def translate(content: YearContent, language: str, words: Mapping[Place, str]) -> YearContent:
    """Texts in a further language by their places; emptied, they are shown in Thai.

    Raises NotFound for a language that is not offered and a text that is not there, Refused (with the text's
    code as its field) for one of a page that leaves out what is filled in.
    """
    if language not in LANGUAGES:
        raise NotFound
    places = [text.place for text in texts_of(content)]
    if not words.keys() <= set(places):
        raise NotFound
    for (thing, code, _field), said in words.items():
        if thing == "page" and said:
            _require_fitting(code, said)
    mine = [row for row in content.translations if row.language == language]
    own = {(row.thing, row.code, row.field): row.words for row in mine}
    own.update(words)
    order = [*places, *(place for place in own if place not in places)]
    new = tuple(ContentTranslation(language, *place, own[place]) for place in order if own.get(place))
    return replace(content, translations=_in_order(content, language, new))


def remove_language(content: YearContent, language: str) -> YearContent:
    """Away with everything that is said in a further language. Raises NotFound where nothing is."""
    if not any(row.language == language for row in content.translations):
        raise NotFound
    return replace(content, translations=_in_order(content, language, ()))


def _in_order(
    content: YearContent, language: str, new: tuple[ContentTranslation, ...]
) -> tuple[ContentTranslation, ...]:
    """The translations with those of one language replaced, language after language."""
    rest = tuple(row for row in content.translations if row.language != language)
    order = list(LANGUAGES)

    def place(row: ContentTranslation) -> tuple[int, str]:
        known = row.language in order
        return (order.index(row.language), "") if known else (len(order), row.language)

    return tuple(sorted((*rest, *new), key=place))


def _require_fit(key: str, said: str) -> None:
    text = PUBLIC.get(key)
    if text is None:
        raise NotFound
    if said and text.promise:
        raise Refused("This is a promise of the system: it can be translated, not worded anew", field=key)
    if said:
        _require_fitting(key, said)


def _require_fitting(key: str, said: str) -> None:
    wrong = unfit(said, PUBLIC[key])
    if wrong is not None:
        raise Refused(wrong[0], field=key, **wrong[1])
