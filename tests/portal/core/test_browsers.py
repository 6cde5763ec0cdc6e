"""What a browser is called on its person's own page: two words of ours, never its own."""

from __future__ import annotations

import pytest

from portal.core.browsers import short_name

ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
LINE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36 Line/14.1.0"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (ANDROID, "Chrome · Android"),
        (IPHONE, "Safari · iPhone"),
        (EDGE, "Edge · Windows"),
        (FIREFOX, "Firefox · Linux"),
        (LINE, "LINE · Android"),
        ("curl/8.5.0", ""),
        ("<script>alert(1)</script> 1-2345-67890-12-1", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_by_words_of_ours(said: str, name: str) -> None:
    assert short_name(said) == name
