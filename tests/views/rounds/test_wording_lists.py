"""The lists of a round's wording, narrowed: by instrument, by indicator, by a choice that is none."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.support.client import PortalClient
from tests.support.world import World


def codes(client: PortalClient, url: str, **narrowed: str) -> list[str]:
    """The codes of the rows of a list."""
    text = client.get(url, query_string=narrowed).text
    return re.findall(r"\b([IEO]\d+)\b", re.sub(r"<[^>]+>", " ", text.partition("<tbody")[2]))


@pytest.mark.parametrize(("instrument", "letter", "number"), [("iit", "I", 30), ("eit", "E", 15)])
def test_questions_are_narrowed_to_one_survey(
    client_as: Callable[[str], PortalClient], world: World, instrument: str, letter: str, number: int
) -> None:
    found = set(codes(client_as("nacc"), f"/rounds/{world.round_id}/questions/", flt_instrument=instrument))
    assert found == {f"{letter}{place}" for place in range(1, number + 1)}


def test_items_are_narrowed_to_a_part_or_a_whole_indicator(
    client_as: Callable[[str], PortalClient], world: World
) -> None:
    nacc, url = client_as("nacc"), f"/rounds/{world.round_id}/oit-items/"
    assert len(set(codes(nacc, url, flt_indicator="10.1"))) == 8
    assert len(set(codes(nacc, url, flt_indicator="10"))) == 15
    assert codes(nacc, url, flt_indicator="10%") == []


def test_a_choice_that_is_not_there_is_told(client_as: Callable[[str], PortalClient], world: World) -> None:
    page = client_as("nacc").get(
        f"/rounds/{world.round_id}/questions/", query_string={"flt_instrument": "oit"}
    )
    assert "ไม่มีตัวเลือกนี้" in page.text
