"""An address of the API: its rule, the words that it takes, and the shape of its answer, in one place.

What is declared here is what is read from an address, what is written, and what the description says.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, Response, request

from models.kinds import Values
from portal.core.access import Permission
from portal.core.api.path import V1
from portal.core.api.problems import DoesNotFit, Misfit
from portal.core.api.shapes import Code, Page, Schema, Shape

#: rows of a page, and at most
USUAL, MOST = 50, 200
_WHOLE = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True)
class Word:
    """A word of an address, as ``?name=``."""

    name: str
    #: of a code of a table it is asked for anew: an office adds some
    kind: Schema | Code
    about: str

    @property
    def schema(self) -> Schema:
        """As JSON Schema."""
        return self.kind.schema() if isinstance(self.kind, Code) else self.kind

    def misfit(self, text: str) -> str:
        """Why a text does not fit; "" where it does."""
        schema = self.schema
        if schema["type"] == "integer":
            least, most = schema["minimum"], schema["maximum"]
            fits = _WHOLE.fullmatch(text) is not None and least <= int(text) <= most
            return "" if fits else f"a whole number from {least} to {most}"
        if "enum" in schema and text not in schema["enum"]:
            return f"one of {', '.join(schema['enum'])}"
        longest = schema.get("maxLength")
        return f"at most {longest} characters" if longest and len(text) > longest else ""


def text(name: str, about: str) -> Word:
    """A word that people type."""
    return Word(name, {"type": "string", "maxLength": 100}, about)


def key(name: str, about: str) -> Word:
    """An id."""
    return Word(name, {"type": "integer", "minimum": 1, "maximum": 99_999_999}, about)


def choice(name: str, values: Any, about: str) -> Word:
    """One of a few words."""
    return Word(name, {"type": "string", "enum": [str(value) for value in values]}, about)


#: the words of every list
PAGED = (
    Word("page", {"type": "integer", "minimum": 1, "maximum": 100_000}, "The page, from 1"),
    Word("per_page", {"type": "integer", "minimum": 1, "maximum": MOST}, f"Rows of a page, {USUAL} if left"),
)


def code_of(name: str, values: Values[Any, Any], about: str) -> Word:
    """A code of a table."""
    return Word(name, Code(values), about)


@dataclass(frozen=True)
class Operation:
    """One address. ``summary`` is said on screens; ``about`` describes it to who programmes."""

    path: str
    summary: Any
    about: str
    answer: Shape
    words: tuple[Word, ...]
    permission: Permission


@dataclass(frozen=True)
class Asked:
    """The words of a request that are there, each fitting."""

    words: dict[str, str]

    @property
    def page(self) -> int:
        """The page asked for."""
        return int(self.words.get("page", 1))

    @property
    def per_page(self) -> int:
        """Rows of a page."""
        return int(self.words.get("per_page", USUAL))

    @property
    def offset(self) -> int:
        """Rows before the page."""
        return (self.page - 1) * self.per_page

    def number(self, name: str) -> int | None:
        """A whole number; None where it is not there."""
        return int(self.words[name]) if name in self.words else None

    def paged(self, rows: list[Any], found: int) -> Page:
        """Rows of the page that was asked for."""
        return Page(rows, self.page, self.per_page, found)


View = Callable[..., Any]


def figures(
    room: Blueprint, path: str, permission: Permission, summary: Any, answer: Shape, *words: Word
) -> Callable[[View], View]:
    """Serve what a view gives, a row of ``answer``, to who asks by a token; it is given ``Asked`` and ids."""

    def mark(view: View) -> View:
        @wraps(view)
        def served(**ids: int) -> Response:
            return answered(answer.write(view(read(words), **ids)))

        about = (view.__doc__ or "").strip()
        served.operation = Operation(V1 + path, summary, about, answer, words, permission)  # type: ignore[attr-defined]
        served.access_rule = permission  # type: ignore[attr-defined]
        room.add_url_rule(V1 + path, view.__name__, served, methods=["GET"], provide_automatic_options=False)
        return view

    return mark


def read(words: tuple[Word, ...]) -> Asked:
    """The words of the request's address. Raises DoesNotFit for one that is unknown, twice there, or bad."""
    known = {word.name: word for word in words}
    misfits = []
    for name, texts in request.args.lists():
        if name not in known:
            misfits.append(Misfit(name, "not known here"))
        elif len(texts) > 1:
            misfits.append(Misfit(name, "there more than once"))
        elif why := known[name].misfit(texts[0]):
            misfits.append(Misfit(name, why))
    if misfits:
        raise DoesNotFit(misfits)
    return Asked({name: request.args[name] for name in request.args})


def answered(value: Any) -> Response:
    """JSON that a programme may keep, and asks about again by its tag."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body, mimetype="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Vary"] = "Authorization"
    response.make_conditional(request)
    return response


def operations(app: Flask) -> dict[str, Operation]:
    """Every operation that is served, by its endpoint."""
    return {
        endpoint: view.operation
        for endpoint, view in app.view_functions.items()
        if hasattr(view, "operation")
    }
