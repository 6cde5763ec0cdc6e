"""Texts as people read them: Thai catalogues, and the filters for dates, counts and scores.

The code's strings are English message ids. Each subject has a catalogue of its own under
``portal/translations/<subject>/th/LC_MESSAGES/``; they are compiled when the application is made and merged.
"""

from __future__ import annotations

import enum
import os
import tempfile
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, current_app
from flask_babel import Babel, get_translations
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from markupsafe import Markup, escape

from models import grading, thai
from models.kinds import Coded

FOLDER = Path(__file__).parents[1] / "translations"
LANGUAGE = "th"

#: where an application keeps what looks its words up
WORDS = "portal.words"


def gettext(text: str, /, **values: Any) -> str:
    """A text in Thai with its values; as it stands where there is no application."""
    said = _look_up()(text)
    return said % values if values else said


def lazy(text: str, /, **values: Any) -> LazyString:
    """The same, looked up when it is read: for what is said once for all requests."""
    return LazyString(gettext, text, **values)


def _look_up() -> Callable[[str], str]:
    """An application looks for its catalogues once: a list says hundreds of words, in one language."""
    if not current_app:
        return str
    found = current_app.extensions.get(WORDS)
    if found is None:
        found = current_app.extensions[WORDS] = get_translations().ugettext
    return found


_ = gettext


def init_app(app: Flask) -> None:
    """Compile and load the catalogues; register the filters."""
    rooms = sorted(path.parents[2] for path in FOLDER.glob(f"*/{LANGUAGE}/LC_MESSAGES/messages.po"))
    compile_catalogues(FOLDER.rglob("*.po"))
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(map(str, rooms))
    Babel(app, default_locale=LANGUAGE, default_timezone="Asia/Bangkok", locale_selector=lambda: LANGUAGE)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals["_"] = _say
    app.jinja_env.filters.update(FILTERS)


@pass_eval_context
def _say(mode: Any, text: str, /, **values: Any) -> str:
    said = _look_up()(text)
    return (Markup(said) if mode.autoescape else said) % values  # noqa: S704 - a catalogue's own words


def compile_catalogues(catalogues: Iterable[Path]) -> None:
    """Write the .mo beside each .po that is newer. Safe beside other processes doing the same."""
    for source in catalogues:
        if not is_stale(source):
            continue
        target = source.with_suffix(".mo")
        with source.open("rb") as file:
            catalogue = read_po(file, locale=LANGUAGE)
        handle, name = tempfile.mkstemp(dir=source.parent, suffix=".part")
        with os.fdopen(handle, "wb") as out:
            write_mo(out, catalogue)
            os.fchmod(handle, 0o644)  # root compiles them where the portal's user only reads
        os.replace(name, target)


def is_stale(source: Path) -> bool:
    """True where the .mo beside a .po is missing or older."""
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns


def label_of(member: enum.Enum | Coded | None) -> str:
    """The words of an enum's member: its ``label`` where it has one, else the id "Class: Name", translated.

    The class stands in the id because two enums may use one English word for different things.
    """
    if member is None:
        return "–"
    label = getattr(member, "label", None)
    if label or isinstance(member, Coded):
        return str(label)
    return gettext(f"{type(member).__name__}: {member.name.replace('_', ' ').capitalize()}")


def count(number: int | None) -> str:
    """A number as tables show it: "7,852"; a dash where there is none."""
    return "–" if number is None else f"{number:,}"


def score(value: Decimal | Fraction | None) -> str:
    """A score with two decimals; a dash where there is none."""
    return "–" if value is None else str(grading.shown(value))


def breakable(url: str) -> Markup:
    """An address that may break after each slash."""
    return Markup("/<wbr>").join(escape(part) for part in url.split("/"))


def _or_dash(render: Any) -> Any:
    def filter_(value: Any) -> str:
        return "–" if value is None else render(value)

    return filter_


FILTERS: dict[str, Any] = {
    "thai_date": _or_dash(thai.thai_date),
    "thai_date_short": _or_dash(thai.thai_date_short),
    "thai_datetime": _or_dash(thai.thai_datetime),
    "thai_datetime_short": _or_dash(thai.thai_datetime_short),
    "thai_deadline": _or_dash(thai.thai_deadline),
    "thai_deadline_short": _or_dash(thai.thai_deadline_short),
    "thai_time": _or_dash(thai.thai_time),
    "thai_digits": thai.thai_digits,
    "count": count,
    "score": score,
    "breakable": breakable,
}
