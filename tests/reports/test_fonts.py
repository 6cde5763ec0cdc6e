"""Which fonts the machine has, asked of fontconfig: a missing one is never taken for a likeness."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from reports import fonts
from reports.fonts import is_installed
from reports.letter_data import GENUINE_SARABUN
from reports.press import ASSETS

#: what a font file calls its family
FAMILY_NAMES = (1, 4, 16)


@pytest.fixture
def fonts_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose fonts are those of one folder."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    settings = tmp_path / "fonts.conf"
    settings.write_text(
        f"<fontconfig><dir>{folder}</dir><cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(settings))
    return folder


def install(folder: Path, family: str) -> None:
    """Our own letters under another name."""
    font = TTFont(ASSETS / "fonts" / "ITALetter-Regular.ttf")
    for record in list(font["name"].names):
        if record.nameID in FAMILY_NAMES:
            font["name"].setName(family, record.nameID, record.platformID, record.platEncID, record.langID)
    font.save(folder / "font.ttf")


def test_a_font_counts_as_soon_as_it_is_installed(fonts_folder: Path) -> None:
    install(fonts_folder, "TH Sarabun New")
    assert is_installed(GENUINE_SARABUN.family)
    assert is_installed("th sarabun new"), "in any case"


def test_a_likeness_is_not_the_font(fonts_folder: Path) -> None:
    install(fonts_folder, "TH Sarabun New")
    assert not is_installed("TH SarabunPSK")


def test_a_machine_without_fonts_has_none(fonts_folder: Path) -> None:
    assert not is_installed("DejaVu Sans")


def test_without_fontconfig_no_font_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_SOURCES", ("libof-another-world.so.1",))
    assert not is_installed("DejaVu Sans")
