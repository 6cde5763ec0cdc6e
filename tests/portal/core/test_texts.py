"""Words and figures as pages show them; catalogues that are made where they are older than their words."""

from __future__ import annotations

import os
import stat
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from portal.core import texts
from portal.core.web import Portal


@pytest.mark.parametrize(("number", "shown"), [(None, "–"), (0, "0"), (7852, "7,852"), (-1200, "-1,200")])
def test_a_number_has_its_thousands_and_nothing_is_a_dash(number: int | None, shown: str) -> None:
    assert texts.count(number) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (Decimal("82.345"), "82.35"), (Fraction(2, 3), "0.67"), (Decimal(100), "100.00")],
)
def test_a_score_has_two_decimals(value: Decimal | Fraction | None, shown: str) -> None:
    assert texts.score(value) == shown


def test_an_address_may_break_after_its_slashes_and_holds_no_markup() -> None:
    assert texts.breakable("https://a.go.th/<b>") == "https:/<wbr>/<wbr>a.go.th/<wbr>&lt;b&gt;"


@pytest.mark.parametrize(
    "name", [*(name for name in texts.FILTERS if name.startswith("thai_da")), "thai_time"]
)
def test_a_day_that_is_not_known_is_a_dash(app: Portal, name: str) -> None:
    with app.test_request_context():
        assert texts.FILTERS[name](None) == "–"


def catalogue(folder: Path, words: str) -> Path:
    source = folder / "messages.po"
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    source.write_text(f'{head}msgid "Yes"\nmsgstr "{words}"\n')
    return source


def test_a_catalogue_is_made_anew_where_its_words_are_newer(tmp_path: Path) -> None:
    source = catalogue(tmp_path, "ใช่")
    made = tmp_path / "messages.mo"
    texts.compile_catalogues([source])
    assert "ใช่".encode() in made.read_bytes()
    catalogue(tmp_path, "ถูกต้อง")
    os.utime(source, ns=(0, made.stat().st_mtime_ns - 1))
    texts.compile_catalogues([source])
    assert "ใช่".encode() in made.read_bytes(), "it is newer than its words"
    os.utime(source, ns=(0, made.stat().st_mtime_ns + 1))
    texts.compile_catalogues([source])
    assert "ถูกต้อง".encode() in made.read_bytes()
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".part"] == []
    assert stat.S_IMODE(made.stat().st_mode) == 0o644, "who made it is not who reads it"
