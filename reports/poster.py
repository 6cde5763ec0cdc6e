"""What spreads a survey link on paper: a poster (A4, A3) for walls, cards for tables and counters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from weasyprint.document import Document

from models.thai import thai_date
from reports.letter_data import Audience, PosterData, PosterSheet, Typeface
from reports.poster_data import PosterBook
from reports.press import the_press
from reports.qr import quick_png

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters.update(date=thai_date, plain=Markup)
_TYPEFACE = Typeface(size_pt=14, line_pt=23)
_LONG_NAME = 46
#: an A3 sheet is an A4 sheet enlarged
_ZOOM = {PosterSheet.A3: 2**0.5}
#: cards of one A4 sheet, two beside one another
_CARDS = 4


def render_poster(poster: PosterData) -> bytes:
    """One page with a large QR code and the address in print, or four cards with one each."""
    return _printed([poster], tagged=True)


def render_book(book: PosterBook) -> bytes:
    """A page for each agency: what they share, fonts above all, is in the file once.

    Without tags: its pages are put together anew (``poster_files``), for a printing house.
    """
    return _printed(book.posters, tagged=False)


def _printed(posters: Sequence[PosterData], *, tagged: bool) -> bytes:
    press = the_press()
    with press.holding([quick_png(poster.url) for poster in posters]) as codes:
        pages = [_laid_out(poster, code) for poster, code in zip(posters, codes, strict=True)]
        return press.bind(pages, tagged=tagged, zoom=_ZOOM.get(posters[0].sheet, 1.0))


def _laid_out(poster: PosterData, code: str) -> Document:
    name = "cards" if poster.sheet is PosterSheet.CARDS else "poster"
    html = _TEMPLATES.get_template(f"{name}.html").render(
        poster=poster,
        internal=poster.audience is Audience.INTERNAL,
        code=code,
        long=len(poster.agency) > _LONG_NAME,
        breakable=_breakable(poster.url),
        cards=_CARDS,
    )
    return the_press().lay_out(html, _TYPEFACE, sheet=f"{name}.css")


def _breakable(url: str) -> Markup:
    """The address with places where a line may end, after its slashes."""
    scheme, _, rest = url.partition("://")
    parts = [Markup.escape(part) for part in (rest or scheme).split("/")]
    return Markup("/<wbr>").join(parts)
