"""No template, no macro and no text of a catalogue is there that nothing asks for."""

from __future__ import annotations

import enum
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import flask_admin
import flask_wtf
import wtforms
from babel.messages.pofile import read_po

from config import ROOT
from tests.fences.test_whole_app import tracked
from tests.support.dead_words import dead_macros, dead_templates, strings_of
from views.assembly import GENERATED

TRANSLATIONS = ROOT / "portal" / "translations"
#: catalogues of the words of libraries
LIBRARIES = {"flask_admin", "wtforms"}


@cache
def code() -> dict[str, str]:
    """The product's Python files."""
    found = tracked("models/*.py", "portal/*.py", "reports/*.py", "survey_forms/*.py", "views/*.py", "run.py")
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in found}


@cache
def templates() -> dict[str, str]:
    """The templates by the names that they are asked for."""
    found = [path for path in tracked("*/templates/*.html") if path.relative_to(ROOT).parts[0] != "tests"]
    return {path.as_posix().rpartition("/templates/")[2]: path.read_text() for path in found}


def of_flask_admin() -> set[str]:
    """Templates that Flask-Admin asks for by itself, where ours stand in the place of its own."""
    folder = Path(flask_admin.__file__).parent / "templates" / "bootstrap4"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}


def ids_of(catalogue: Path) -> set[str]:
    """The message ids of a catalogue."""
    with catalogue.open("rb") as file:
        ids = [message.id for message in read_po(file, locale="th") if message.id]
    return {one if isinstance(one, str) else str(one[0]) for one in ids}


def words_of_enums() -> Iterator[str]:
    """The ids that views/generated/formatters.py makes of an enum's member."""
    for name in code():
        module = importlib.import_module(name.removesuffix(".py").replace("/", "."))
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, enum.Enum):
                for member in kind:
                    yield f"{kind.__name__}: {member.name.replace('_', ' ').capitalize()}"


def words_of_columns() -> Iterator[str]:
    """The ids that a generated list makes of a column's name."""
    views: list[Any] = [view for module in GENERATED for view in module.views()]
    for view in views:
        for name in {*view.column_list, *(view.column_details_list or ()), *(view.form_columns or ())}:
            yield str(name).rpartition(".")[2].replace("_", " ").capitalize()


def test_every_template_is_asked_for() -> None:
    assert len(templates()) > 100
    assert dead_templates(templates(), code()) <= of_flask_admin()


def test_every_macro_is_called() -> None:
    assert not dead_macros(templates(), code())


def test_every_text_of_a_catalogue_is_asked_for() -> None:
    asked = {*words_of_enums(), *words_of_columns()}
    for name, text in (*code().items(), *templates().items()):
        asked |= strings_of(name, text)
    dead = {
        f"{catalogue.relative_to(TRANSLATIONS).parts[0]}: {text}"
        for catalogue in TRANSLATIONS.rglob("messages.po")
        for text in ids_of(catalogue) - asked
    }
    assert not dead, "\n".join(sorted(dead))


def test_every_text_of_a_library_s_catalogue_is_the_library_s() -> None:
    folders = [Path(str(library.__file__)).parent for library in (flask_admin, flask_wtf, wtforms)]
    source = "\n".join(
        path.read_text() for folder in folders for kind in ("*.py", "*.html") for path in folder.rglob(kind)
    )
    found = {
        path.relative_to(TRANSLATIONS).parts[0]: path
        for path in TRANSLATIONS.rglob("*.po")
        if path.name != "messages.po"
    }
    assert found.keys() == LIBRARIES
    assert not {text for path in found.values() for text in ids_of(path) if text not in source}


PAGES = {
    "page.html": '{% extends "frame.html" %}{% from "more.html" import one %}'
    '{{ pieces.used() }}{{ one() }}{% include "parts/" ~ which ~ ".html" %}',
    "frame.html": '{% import "pieces.html" as pieces %}',
    "pieces.html": "{% macro used() %}{{ inner() }}{% endmacro %}{% macro inner() %}{% endmacro %}"
    "{% macro forgotten() %}{% endmacro %}",
    "more.html": "{% macro one() %}{% endmacro %}{% macro two() %}{% endmacro %}",
    "parts/first.html": "",
    "of_day.html": "",
    "old.html": "",
}
VIEW = {"view.py": 'show("page.html")\nshow(f"of_{when}.html")\n'}


def test_a_planted_template_that_nothing_names_is_found() -> None:
    assert dead_templates(PAGES, VIEW) == {"old.html"}


def test_a_planted_macro_that_nothing_calls_is_found() -> None:
    assert dead_macros(PAGES, VIEW) == {"pieces.html: forgotten", "more.html: two"}
    assert dead_macros(PAGES, VIEW | {"x.py": 'get_template_attribute("more.html", "two")'}) == {
        "pieces.html: forgotten"
    }


def test_a_planted_text_that_nothing_names_is_found(tmp_path: Path) -> None:
    catalogue, texts = tmp_path / "messages.po", ("A long sentence", "On a page", "Gone")
    catalogue.write_text("".join(f'msgid "{text}"\nmsgstr "ไทย"\n\n' for text in texts))
    asked = strings_of("a.py", '_("A long " "sentence")') | strings_of("a.html", "{{ _('On a page') }}")
    assert ids_of(catalogue) - asked == {"Gone"}
