"""Static files: named by what is in them, packed where it helps, kept for a year only under that name."""

from __future__ import annotations

import gzip

import pytest

from portal.core.assets import A_YEAR, FOLDER, asset
from portal.core.web import Portal
from tests.support.client import client_of

CSS = "look.css"


def test_the_address_of_a_file_changes_with_what_is_in_it(app: Portal) -> None:
    with app.test_request_context():
        here, other = asset(CSS), asset("tokens.css")
        assert here.startswith(f"/static/{CSS}?v=") and here == asset(CSS)
        assert here.rpartition("=")[2] != other.rpartition("=")[2]
        with pytest.raises(FileNotFoundError):
            asset("no-such-file.css")


@pytest.mark.parametrize(
    ("wants", "packed"),
    [("gzip", True), ("br, gzip", True), ("identity", False), ("gzip;q=0", False), ("", False)],
)
def test_a_text_is_packed_for_who_can_unpack_it(app: Portal, wants: str, packed: bool) -> None:
    answer = client_of(app).get(f"/static/{CSS}", headers={"Accept-Encoding": wants})
    body = gzip.decompress(answer.data) if packed else answer.data
    assert body == (FOLDER / CSS).read_bytes()
    assert (answer.headers.get("Content-Encoding") == "gzip") is packed
    assert "Accept-Encoding" in answer.headers["Vary"] and answer.mimetype == "text/css"


@pytest.mark.parametrize(("query", "kept"), [("", "no-cache"), ("?v=abc", A_YEAR)])
def test_only_a_named_file_is_kept_for_a_year(app: Portal, query: str, kept: str) -> None:
    assert client_of(app).get(f"/static/{CSS}{query}").headers["Cache-Control"] == kept


def test_a_font_is_kept_and_not_packed(app: Portal) -> None:
    font = next(FOLDER.rglob("*.woff2")).relative_to(FOLDER)
    answer = client_of(app).get(f"/static/{font}", headers={"Accept-Encoding": "gzip"})
    assert (answer.headers["Cache-Control"], answer.mimetype) == (A_YEAR, "font/woff2")
    assert "Content-Encoding" not in answer.headers
    answer.close()


@pytest.mark.parametrize("path", ["no-such-file.css", "../web.py", "%2e%2e/web.py", "..%5cweb.py"])
def test_no_way_leads_out_of_the_folder(app: Portal, path: str) -> None:
    assert client_of(app).get(f"/static/{path}").status_code in {302, 404}
