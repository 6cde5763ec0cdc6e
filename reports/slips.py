"""Slips with one-time codes, a page each, and the list on which their envelopes are signed for."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from models.thai import thai_date
from reports.letter_data import Typeface
from reports.press import the_press
from reports.qr import small_png
from reports.slip_data import HandOver, SlipSheet

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters.update(date=thai_date, plain=Markup)
_TYPEFACE = Typeface(size_pt=11, line_pt=17)


def render_slips(sheet: SlipSheet) -> bytes:
    """An A4 page for each slip, to be printed on one side and folded in three like a Z."""
    press = the_press()
    with press.holding([small_png(address_of(sheet.url, slip.code)) for slip in sheet.slips]) as codes:
        html = _TEMPLATES.get_template("slip.html").render(
            sheet=sheet, codes=codes, address=_breakable(sheet.url)
        )
        return press.bind([press.lay_out(html, _TYPEFACE, sheet="slip.css")])


def render_hand_over(paper: HandOver) -> bytes:
    """The list of the envelopes of a province and role, with room for names, signatures and dates."""
    html = _TEMPLATES.get_template("hand_over.html").render(paper=paper)
    press = the_press()
    return press.bind([press.lay_out(html, _TYPEFACE, sheet="hand_over.css")])


def address_of(url: str, code: str) -> str:
    """What the QR code of a slip says: the code stands in the fragment, which no browser sends anywhere."""
    return f"{url}#{code}"


def _breakable(url: str) -> Markup:
    """The address with places where a line may end, after its slashes."""
    parts = [Markup.escape(part) for part in url.split("/")]
    return Markup("/<wbr>").join(parts)
