"""The press: WeasyPrint with everything that may be shared shared, and nothing reachable but our own assets.

``HTML._ua_stylesheets`` and ``HTML._ua_counter_style`` are private to WeasyPrint: the version is locked and a
test says so when they go (source of the recipe: measurements in docs/adr/0006-letters.md).
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.continuation import rules_for
from reports.letter_data import Typeface
from reports.line_ends import hold_parts_together
from reports.lines_kept import keep_lines
from reports.packing import pack_quickly
from reports.picture_cache import encode_once, forget
from reports.pictures import fault_of
from reports.row_drawing import draw_rows
from reports.standards import Standing, write_standing
from reports.table_heads import repeat_group_rows
from reports.table_rows import keep_rows_whole

ASSETS = Path(__file__).parent / "assets"
SCHEME = "asset:"
SHEETS = (
    *("letter.css", "certificate.css", "poster.css", "cards.css", "slip.css", "hand_over.css"),
    *("key_destruction.css", "signature_stamp.css", "table.css"),
)
_PACKAGED = {
    "ITALetter-Regular.ttf": ASSETS / "fonts" / "ITALetter-Regular.ttf",
    "ITALetter-Bold.ttf": ASSETS / "fonts" / "ITALetter-Bold.ttf",
    "emblem-placeholder.png": ASSETS / "emblem-placeholder.png",
}
#: fontTools and others stamp this time instead of now, so that the same data gives the same bytes
_EPOCH = "1541696400"
_KEPT_LIMIT = 8


class ForbiddenResource(ValueError):
    """A document asked for something that is not an asset of the product."""


class _Refusal(FatalURLFetchingError):
    """Ends a rendering inside WeasyPrint, which would only log an ordinary error."""


class AssetFetcher(URLFetcher):
    """Serves ``asset:`` names, packaged ones and images handed in; no file, no network, no data URL."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=())
        self._held: dict[str, bytes] = {}

    def hold(self, content: bytes) -> str:
        """Keep an emblem for the documents of this press; returns its URL. Raises ValueError."""
        name = f"{sha256(content).hexdigest()}.png"
        if name not in self._held:
            if (fault := fault_of(content)) is not None:
                raise ValueError(f"an emblem is a small PNG: {fault.value}")
            self._held[name] = content
        return SCHEME + name

    def drop(self, url: str) -> None:
        """Forget an emblem."""
        self._held.pop(url.removeprefix(SCHEME), None)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The asset of this URL. Ends the rendering for every other URL."""
        name = url.removeprefix(SCHEME) if url.startswith(SCHEME) else ""
        content = self._held.get(name)
        if content is None and name in _PACKAGED:
            content = _PACKAGED[name].read_bytes()
        if content is None:
            raise _Refusal(f"not an asset: {url[:80]}")
        kind = "image/png" if name.endswith(".png") else "font/ttf"
        return URLFetcherResponse(url, content, {"Content-Type": kind})


class _Page(HTML):
    """HTML under our own short sheet in place of the stock one."""

    sheet: CSS
    counters: CounterStyle

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [self.sheet]

    def _ua_counter_style(self) -> list[CounterStyle]:
        return [self.counters.copy()]


class Press:
    """Fonts, parsed sheets and images, read once. One document at a time: Pango is not for threads."""

    def __init__(self) -> None:
        os.environ.setdefault("SOURCE_DATE_EPOCH", _EPOCH)
        hold_parts_together()
        keep_lines()
        repeat_group_rows()
        keep_rows_whole()
        draw_rows()
        pack_quickly()
        self._lock = threading.RLock()
        self._fonts = FontConfiguration()
        self._images: dict[str, Any] = {}
        self._typefaces: dict[Typeface, CSS] = {}
        self._continuations: dict[tuple[str, ...], CSS] = {}
        self._kept: dict[tuple[str, Typeface], Document] = {}
        #: the words the last letter announced: the next one of a batch most often announces the same
        self.last_continuation: tuple[str, ...] = ()
        self.fetcher = AssetFetcher()
        counters = CounterStyle()
        sheet = CSS(string=(ASSETS / "base.css").read_text("utf-8"), counter_style=counters)
        self._page = type("_SheetPage", (_Page,), {"sheet": sheet, "counters": counters})
        self._sheets = {name: self._css(name) for name in SHEETS}

    def _css(self, name: str) -> CSS:
        text = (ASSETS / name).read_text("utf-8")
        return CSS(string=text, url_fetcher=self.fetcher, font_config=self._fonts)

    def image(self, content: bytes | None) -> str:
        """The URL by which a document names an emblem; the placeholder's without one."""
        return self.fetcher.hold(content) if content else f"{SCHEME}emblem-placeholder.png"

    @contextmanager
    def holding(self, pictures: Sequence[bytes]) -> Iterator[list[str]]:
        """The URLs of pictures that are forgotten at the end: each slip has a code of its own."""
        with self._lock:
            urls = [self.fetcher.hold(content) for content in pictures]
            try:
                yield urls
            finally:
                for url in urls:
                    self.fetcher.drop(url)
                    forget(self._images, url)

    def lay_out(
        self,
        html: str,
        typeface: Typeface,
        *,
        sheet: str = "letter.css",
        continuation: tuple[str, ...] = (),
    ) -> Document:
        """Pages of an HTML text. ``continuation``: what each of the first pages has at its lower right.

        Raises ForbiddenResource when the text asks for anything but an asset.
        """
        sheets = [self._sheets[sheet], self._typeface(typeface)]
        if continuation:
            sheets.append(self._continuation(continuation))
        with self._lock:
            try:
                page = self._page(string=html, url_fetcher=self.fetcher)
                document = page.render(font_config=self._fonts, stylesheets=sheets, cache=self._images)
            except _Refusal as refusal:
                raise ForbiddenResource(str(refusal)) from refusal
            encode_once(self._images.values())
            return document

    def lay_out_once(self, html: str, typeface: Typeface) -> Document:
        """As ``lay_out``, for a text that many letters share: laid out for the first, kept for the others."""
        with self._lock:
            if (html, typeface) not in self._kept:
                if len(self._kept) >= _KEPT_LIMIT:
                    self._kept.clear()
                self._kept[html, typeface] = self.lay_out(html, typeface)
            return self._kept[html, typeface]

    def bind(
        self,
        documents: Sequence[Document],
        standing: Standing | None = None,
        *,
        tagged: bool = True,
        zoom: float = 1.0,
    ) -> bytes:
        """One tagged PDF of several documents, each with page numbers of its own.

        With a ``standing`` it is PDF/A with the data that it was made from inside.
        ``tagged`` False: a picture. ``zoom``: how much larger than laid out, paper and all.
        """
        with self._lock:
            bound = documents[0].copy([page for document in documents for page in document.pages])
            if standing is not None:
                return write_standing(bound, standing)
            pdf: bytes = bound.write_pdf(zoom=zoom, pdf_tags=tagged, pdf_identifier=None)
            return pdf

    def _typeface(self, typeface: Typeface) -> CSS:
        if typeface not in self._typefaces:
            font = f'font-family: "{typeface.family}", "ITA Letter"; font-size: {typeface.size_pt:g}pt'
            spacing = f"line-height: {typeface.line_pt / typeface.size_pt:.4f}"
            rule = f"html {{ {font}; {spacing} }} @page {{ {font} }}"
            self._typefaces[typeface] = CSS(string=rule, font_config=self._fonts)
        return self._typefaces[typeface]

    def _continuation(self, words: tuple[str, ...]) -> CSS:
        if words not in self._continuations:
            if len(self._continuations) > 200:
                self._continuations.clear()
            self._continuations[words] = CSS(string=rules_for(words), font_config=self._fonts)
        return self._continuations[words]


@cache
def the_press() -> Press:
    """The press of this process."""
    return Press()


def settle() -> None:
    """After a first document: take what is loaded out of the collector's sight, and let it run less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
