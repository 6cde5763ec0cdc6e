"""What the respondents' pages say: the product's words, else the round's own, in the language of the page.

A text is asked for by the product's English, as everywhere; ``public_texts`` has those that a round may word.
In English the product's own stands where nothing else does.
"""

from __future__ import annotations

import re

from flask import g, has_app_context
from markupsafe import Markup, escape

from portal.ballot.languages import ENGLISH, Wording
from portal.ballot.public_texts import PUBLIC
from portal.core.texts import _

PLAIN = Wording()
_HERE = "public_wording"
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


_KEYS = {text.product: text.key for text in PUBLIC.values() if text.product}


def speak(wording: Wording) -> None:
    """From here on this request's pages are in this wording."""
    setattr(g, _HERE, wording)


def spoken() -> Wording:
    """The wording of this request's pages."""
    wording: Wording = g.get(_HERE, PLAIN) if has_app_context() else PLAIN
    return wording


def say(text: str, **values: object) -> str:
    """A text of the product as this request's pages have it; to be escaped by whoever shows it."""
    words = _said(text)
    return words % values if values else words


def say_in_page(text: str, **values: object) -> Markup:
    """As ``say``, for templates: what stands in the text is words, and so are its values."""
    words = escape(_said(text))
    return words % values if values else words


def own_notice(key: str) -> str:
    """A text that only the round has; "" where it has none."""
    return spoken().of_page(key)


def placeholders(words: str) -> set[str]:
    """The names in a text that are filled in when it is shown."""
    return set(_PLACEHOLDER.findall(words))


def fits(words: str, product: str) -> bool:
    """True where words can be shown in place of the product's: the same names are filled in."""
    names = placeholders(product)
    if placeholders(words) != names or ("#" in product and words.count("#") != 1):
        return False
    return not names or "%" not in _PLACEHOLDER.sub("", words).replace("%%", "")


def _said(text: str) -> str:
    wording = spoken()
    own = wording.of_page(_KEYS.get(text, ""))
    if own and fits(own, text):  # a workbook may bring any words
        return own
    # the product's texts are English; their Thai is in the catalogue
    return _(text) if wording.language != ENGLISH else text
