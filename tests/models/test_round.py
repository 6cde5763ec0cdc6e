"""The scheme of a round: one code however it was typed, said only where it does not go without saying."""

from __future__ import annotations

import pytest

from models.round import Round, scheme_code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "ITA"),
        ("  ", "ITA"),
        ("ita", "ITA"),
        (" Ita - ๒ ", "ITA-2"),
        ("ITA-สถานศึกษา", "ITA-สถานศึกษา"),
        ("moph\nita", "MOPHITA"),
    ],
)
def test_a_scheme_is_one_code_however_it_was_typed(typed: str, code: str) -> None:
    assert scheme_code(typed) == code
    assert scheme_code(code) == code


def test_only_another_scheme_stands_beside_the_year() -> None:
    usual, other = Round(fiscal_year=2568, scheme="ITA"), Round(fiscal_year=2568, scheme="ITA-2")
    assert (usual.other_scheme, usual.year_and_scheme) == ("", "2568")
    assert (other.other_scheme, other.year_and_scheme) == ("ITA-2", "2568 (ITA-2)")
