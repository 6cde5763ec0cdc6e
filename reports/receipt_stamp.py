"""The receipt stamp of an office, as a small page of its own that is laid on a copy of the letter."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.thai import letter_digits, thai_date, thai_time
from reports.letter_data import Typeface
from reports.press import the_press
from reports.stamp_data import ReceiptStamp

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    finalize=letter_digits,
    undefined=StrictUndefined,
)
_TEMPLATES.filters.update(date=thai_date, time=thai_time)
#: a name of more signs is set smaller, and one of more than the second is cut: the box has a size by rule
_LONG, _LONGEST = 60, 105
_TYPEFACE = Typeface(size_pt=8, line_pt=12.5)


def render_receipt_stamp(stamp: ReceiptStamp) -> bytes:
    """A page as large as the stamp, without tags: on the copy it is a picture beside the letter's text."""
    press = the_press()
    html = _TEMPLATES.get_template("receipt_stamp.html").render(
        stamp=stamp, office=_cut(stamp.office), small=len(stamp.office) > _LONG
    )
    return press.bind([press.lay_out(html, _TYPEFACE, sheet="signature_stamp.css")], tagged=False)


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
