"""What is seen where a letter was signed: a small page of its own, made once for a batch."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.thai import letter_digits, thai_date
from reports.letter_data import SignatureStamp, Typeface
from reports.press import the_press

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    finalize=letter_digits,
    undefined=StrictUndefined,
)
_TEMPLATES.filters.update(date=thai_date)
_TYPEFACE = Typeface(size_pt=8, line_pt=14)


def render_signature_stamp(stamp: SignatureStamp) -> bytes:
    """A page without tags: the letter's own tag of the field tells what is there."""
    press = the_press()
    html = _TEMPLATES.get_template("signature_stamp.html").render(stamp=stamp)
    return press.bind([press.lay_out(html, _TYPEFACE, sheet="signature_stamp.css")], tagged=False)
