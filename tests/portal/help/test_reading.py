"""A guide as it is read: its title, its chapters, what a page shows of it, and what is refused."""

from __future__ import annotations

import pytest

from portal.help.reading import Addresses, Chapter, Unreadable, read

ADDRESSES = Addresses(
    lambda name, place: f"/help/{name}{'#' if place else ''}{place}", lambda name: f"/help/pictures/{name}"
)
TEXT = """# คู่มือ

เริ่มที่นี่

## วันที่ <a id="windows"></a>

1. กด **บันทึก**

### ย้าย <a id="move"></a>

| ที่พบ | ทำอย่างไร |
|---|---|
| ก | ข |
"""


def of(text: str) -> str:
    """What a page shows of a guide with these words."""
    return str(read("one", f"# คู่มือ\n\n{text}\n").html(ADDRESSES))


def test_a_guide_has_its_title_and_the_places_of_its_chapters() -> None:
    guide = read("one", TEXT)
    assert guide.title == "คู่มือ"
    assert guide.chapters == (Chapter("windows", "วันที่", 2), Chapter("move", "ย้าย", 3))
    assert guide.places == {"windows", "move"}


def test_a_page_shows_headings_with_their_place_and_no_title() -> None:
    html = read("one", TEXT).html(ADDRESSES)
    assert '<h2 id="windows">วันที่</h2>' in html and '<h3 id="move">ย้าย</h3>' in html
    assert "<h1" not in html and "<a id" not in html
    assert "<strong>บันทึก</strong>" in html and '<div class="ita-table-wrap"><table class="table">' in html
    assert html == read("one", TEXT).html(ADDRESSES)


def test_links_between_guides_lead_to_their_pages_and_others_where_they_say() -> None:
    assert '<a href="/help/own-page#own">ก</a>' in of("[ก](own-page.md#own)")
    assert '<a href="/help/province">ก</a>' in of("[ก](province.md)")
    assert '<a href="#here">ก</a>' in of("[ก](#here)")


def test_a_picture_says_in_words_what_it_shows() -> None:
    html = of("![หน้าแรก](pictures/home.png)")
    assert '<img src="/help/pictures/home.png" alt="หน้าแรก" loading="lazy">' in html
    with pytest.raises(Unreadable, match="no picture"):
        of("![หน้าแรก](https://example.org/home.png)")


def test_signs_are_shown_as_signs() -> None:
    assert "1 &lt; 2 &amp; 3" in of("1 < 2 & 3")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ไม่มีชื่อ", "does not begin with a title"),
        ("", "does not begin with a title"),
        ("# ก\n\n## ข\n", "has no place"),
        ('# ก\n\n## ข <a id="B"></a>\n', "has no place"),
        ('# ก\n\n## ข <a id="b"></b>\n', "has no place"),
        ('# ก\n\n## ข <a id="b"></a>\n\n## ค <a id="b"></a>\n', "stands there twice"),
        ("# ก\n\n<script>alert(1)</script>\n", "HTML"),
        ("# ก\n\nคำ <b>หนา</b>\n", "HTML"),
        ('# ก\n\nคำ <a id="b"></a>\n', "HTML"),
        ('# ก\n\n## ข <i>ค</i> <a id="b"></a>\n', "HTML"),
    ],
)
def test_what_a_page_cannot_show_is_refused(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read("one", text)
