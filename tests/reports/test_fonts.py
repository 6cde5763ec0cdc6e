"""Which fonts the machine has, asked of fontconfig: a missing one is never taken for a likeness."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports import fonts
from reports.fonts import is_installed
from reports.letter_data import GENUINE_SARABUN
from tests.support.fonts import install, only_fonts_of


@pytest.fixture
def fonts_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return only_fonts_of(tmp_path, monkeypatch)


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
