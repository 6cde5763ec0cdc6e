"""A machine whose fonts are those of one folder, and fonts to install there."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from reports.press import ASSETS

#: what a font file calls its family
FAMILY_NAMES = (1, 4, 16)


def only_fonts_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that holds all the fonts of this machine from now on."""
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
