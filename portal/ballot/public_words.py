"""What the respondents' pages say: the product's words, else the round's own, in the language of the page.

A text is asked for by the product's English, as everywhere; ``public_texts`` has those that a round may word.
In English the product's own stands where nothing else does.
"""

from __future__ import annotations

import re

from flask import g, has_app_context
from markupsafe import Markup, escape

from portal.ballot.languages import ENGLISH, Wording
from portal.ballot.public_texts import PUBLIC, PublicText
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
    words = say_in(spoken(), text)
    return words % values if values else words


def say_in_page(text: str, **values: object) -> Markup:
    """As ``say``, for templates: what stands in the text is words, and so are its values."""
    words = escape(say_in(spoken(), text))
    return words % values if values else words


def own_notice(key: str) -> str:
    """A text that only the round has; "" where it has none."""
    return spoken().of_page(key)


def placeholders(words: str) -> set[str]:
    """The names in a text that are filled in when it is shown."""
    return set(_PLACEHOLDER.findall(words))


def fits(words: str, product: str) -> bool:
    """True where words can be shown in place of the product's: the same names are filled in."""
    return unfit(words, PublicText("", "", product)) is None


def unfit(words: str, text: PublicText) -> tuple[str, dict[str, str]] | None:
    """Why words cannot be shown as this text, as a message id with its values; None where they can.

    What the product fills in must stay. Where it has no words, what may be filled in is up to the round.
    """
    needed, told = placeholders(text.product), placeholders(words)
    known = needed | set(text.fills)
    if told - known:
        if not known:
            return "Nothing is filled in here: take out %(names)s", {"names": _named(told)}
        values = {"names": _named(told - known), "known": _named(known)}
        return "%(names)s is not known here. What can be filled in: %(known)s", values
    if needed - told:
        return "Keep what is filled in as it stands: %(names)s is missing", {"names": _named(needed - told)}
    if "#" in text.product and words.count("#") != 1:
        return "Keep the sign # once, where the number is shown", {}
    if known and "%" in _PLACEHOLDER.sub("", words).replace("%%", ""):
        return "Write %% where a percent sign is meant", {}
    return None


def _named(names: set[str]) -> str:
    return ", ".join(f"%({name})s" for name in sorted(names))


def say_in(wording: Wording, text: str) -> str:
    """A text of the product in a wording that is not this request's; nothing is filled in."""
    own = wording.of_page(_KEYS.get(text, ""))
    if own and fits(own, text):  # a workbook may bring any words
        return own
    # the product's texts are English; their Thai is in the catalogue
    return _(text) if wording.language != ENGLISH else text
