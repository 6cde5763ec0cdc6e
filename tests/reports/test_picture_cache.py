"""An emblem is encoded for the first paper only; a code that was printed is forgotten."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from weasyprint.images import RasterImage

from reports.letter_data import Typeface
from reports.press import the_press
from reports.qr import small_png


def made(url: str) -> bytes:
    html = f'<html lang="th"><head><title>x</title></head><body><img src="{url}" alt="x"></body></html>'
    press = the_press()
    return press.bind([press.lay_out(html, Typeface())])


def emblem() -> bytes:
    """A picture with parts that can be seen through, of no other test."""
    content = BytesIO()
    Image.new("RGBA", (31, 17), (20, 40, 60, 80)).save(content, "PNG")
    return content.getvalue()


def test_a_picture_is_encoded_for_its_first_paper_only() -> None:
    url = the_press().image(emblem())
    first = made(url)
    known = the_press()._images[url]._get_png_data.args[0]
    assert set(known) == {"RGB", "L"}, "colours, and what is seen through"
    before = dict(known)
    assert made(url) == first
    assert all(known[mode] is before[mode] for mode in before) and known.keys() == before.keys()


def test_what_is_held_for_one_paper_is_forgotten_and_the_rest_stays() -> None:
    press = the_press()
    made(press.image(None))
    before = set(press._images)
    with press.holding([small_png("https://ita.example.go.th/v/1")]) as (code,):
        made(code)
        assert code in press._images
    assert set(press._images) == before
    assert press.image(None) in before


def test_weasyprint_still_encodes_where_the_cache_listens() -> None:
    assert callable(RasterImage._get_png_data)
