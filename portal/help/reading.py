"""A guide as it is read from its Markdown file: title, chapters, and what a page shows of it.

The files are read on the forge too, so they hold nothing that one of the two would show as signs. A heading
ends with its place, ``## Title <a id="place"></a>``; no other HTML is taken.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

_PLACE = re.compile(r'<a id="([a-z][a-z0-9-]*)">')
#: a link to another guide, or to a place in it
_GUIDE = re.compile(r"([a-z-]+)\.md(?:#([a-z0-9-]+))?")
_PICTURE = re.compile(r"pictures/([a-z0-9-]+\.png)")


class Unreadable(ValueError):
    """A guide holds what a page cannot show: HTML, a heading without a place, a place twice."""


@dataclass(frozen=True)
class Chapter:
    """A heading below the title: its place in the page, its words, and how deep it stands (2 or 3)."""

    place: str
    title: str
    level: int


@dataclass(frozen=True)
class Addresses:
    """Where a page finds what a guide names: another guide (with a place, or empty), and a picture."""

    guide: Callable[[str, str], str]
    picture: Callable[[str], str]


@dataclass(frozen=True)
class Guide:
    """One guide; ``name`` is that of its file."""

    name: str
    title: str
    chapters: tuple[Chapter, ...]
    tokens: tuple[Token, ...]

    @property
    def places(self) -> frozenset[str]:
        """Every place that an address may name."""
        return frozenset(chapter.place for chapter in self.chapters)

    def html(self, addresses: Addresses) -> Markup:
        """What stands below the title."""
        shown = _READER.renderer.render(self.tokens, _READER.options, {"addresses": addresses})
        return Markup(shown)  # noqa: S704 - of our own files, in which HTML is refused


def read(name: str, text: str) -> Guide:
    """Read a guide. Raises Unreadable."""
    tokens = _READER.parse(text)
    if [token.type for token in tokens[:1]] != ["heading_open"] or tokens[0].tag != "h1":
        raise Unreadable(f"{name}: it does not begin with a title")
    title, rest = tokens[1].content, tokens[3:]
    chapters = tuple(_chapters(name, rest))
    places = [chapter.place for chapter in chapters]
    if len(set(places)) < len(places):
        raise Unreadable(f"{name}: a place stands there twice")
    for token in rest:
        _refuse_html(name, token)
    return Guide(name, title, chapters, tuple(rest))


def _chapters(name: str, tokens: Sequence[Token]) -> Iterator[Chapter]:
    """The headings; each is given its place, and loses the signs that say it."""
    for opening, words in itertools.pairwise(tokens):
        if opening.type != "heading_open":
            continue
        children = words.children or []
        place = _PLACE.fullmatch(children[-2].content) if len(children) > 2 else None
        if place is None or children[-1].content != "</a>":
            raise Unreadable(f"{name}: the heading {words.content!r} has no place")
        words.children = children[:-2]
        words.children[-1].content = words.children[-1].content.rstrip()
        title = words.content[: words.content.index("<a id=")].rstrip()
        opening.attrSet("id", place[1])
        yield Chapter(place[1], title, int(opening.tag[1:]))


def _refuse_html(name: str, token: Token) -> None:
    for one in (token, *(token.children or ())):
        if one.type in {"html_block", "html_inline"}:
            raise Unreadable(f"{name}: HTML, {one.content.strip()!r}")


class _Page(RendererHTML):
    """Links, pictures and tables as the portal's pages have them."""

    def link_open(self, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
        """A link between guides leads to the other's page; any other leads where it says."""
        token = tokens[index]
        target = _GUIDE.fullmatch(str(token.attrs["href"]))
        if target is None:
            return str(self.renderToken(tokens, index, _options, env))
        address = env["addresses"].guide(target[1], target[2] or "")
        return str(Markup('<a href="{}">').format(address))

    def image(self, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
        """A picture of ``docs/guide/pictures``, with what it shows in words."""
        token = tokens[index]
        found = _PICTURE.fullmatch(str(token.attrs["src"]))
        if found is None:
            raise Unreadable(f"no picture of a guide: {token.attrs['src']}")
        address = env["addresses"].picture(found[1])
        return str(Markup('<img src="{}" alt="{}" loading="lazy">').format(address, token.content))

    def table_open(self, *_given: Any) -> str:
        """A wide table scrolls by itself."""
        return '<div class="ita-table-wrap"><table class="table">\n'

    def table_close(self, *_given: Any) -> str:
        """The end of ``table_open``."""
        return "</table></div>\n"


_READER = MarkdownIt("commonmark", renderer_cls=_Page).enable("table")
