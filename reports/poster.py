"""An A4 poster of a survey link, to be put up where the agency's people or visitors pass."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from models.thai import thai_date
from reports.letter_data import Audience, PosterData, Typeface
from reports.press import the_press
from reports.qr import qr_png

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


def render_poster(poster: PosterData) -> bytes:
    """One A4 page with a large QR code and the address in print."""
    press = the_press()
    html = _TEMPLATES.get_template("poster.html").render(
        poster=poster,
        internal=poster.audience is Audience.INTERNAL,
        code=press.image(qr_png(poster.url, module=16)),
        long=len(poster.agency) > _LONG_NAME,
        breakable=_breakable(poster.url),
    )
    return press.bind([press.lay_out(html, _TYPEFACE, sheet="poster.css")])


def _breakable(url: str) -> Markup:
    """The address with places where a line may end, after its slashes."""
    scheme, _, rest = url.partition("://")
    parts = [Markup.escape(part) for part in (rest or scheme).split("/")]
    return Markup("/<wbr>").join(parts)
