"""What an assigned agency waits for, and lists that begin with what can be done now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.roster import RosterVerdict as V
from portal.assessors.desk import Assigned, ToDo, listing
from tests.support.world import NOW

JUDGED: dict[str, Any] = {"verdict": V.REPRESENTATIVE, "judged_at": NOW}
FRESH = Assigned(
    participation_id=1,
    name="เทศบาลตำบลเกาะคา",
    district="เกาะคา",
    province="ลำปาง",
    sort_key="ก",
    search_key="|เทศบาลตำบลเกาะคา|อำเภอเกาะคา|จังหวัดลำปาง|",
    confirmed=True,
    roster=40,
    roster_at=NOW,
    verdict=None,
    judged_at=None,
    sample=None,
    answered=0,
    pending=0,
    eit_answers=0,
    minimum=30,
    disclosure=None,
)


@pytest.mark.parametrize(
    ("facts", "todo"),
    [
        ({"confirmed": False}, ToDo.UNCONFIRMED),
        ({}, ToDo.JUDGE),
        ({"verdict": V.MORE_NAMES, "judged_at": NOW}, ToDo.NAMES),
        ({"verdict": V.MORE_NAMES, "judged_at": NOW, "roster_at": NOW + timedelta(hours=1)}, ToDo.JUDGE),
        (JUDGED, ToDo.DRAW),
        ({"verdict": V.COLLECT_ON_SITE, "judged_at": NOW}, ToDo.DRAW),
        ({**JUDGED, "sample": 30, "pending": 1, "answered": 29, "eit_answers": 40}, ToDo.INTERVIEW),
        ({**JUDGED, "sample": 30, "answered": 20, "eit_answers": 29}, ToDo.INTERVIEW),
        ({**JUDGED, "sample": 30, "answered": 20, "eit_answers": 30}, ToDo.DONE),
        ({**JUDGED, "sample": 40, "answered": 20, "eit_answers": 20}, ToDo.DONE),
    ],
)
def test_what_comes_next(facts: dict[str, Any], todo: ToDo) -> None:
    assert replace(FRESH, **facts).todo is todo


def test_the_list_begins_with_what_can_be_done_now() -> None:
    rows = [
        replace(FRESH, participation_id=1, confirmed=False),
        replace(FRESH, participation_id=2),
        replace(FRESH, participation_id=3, sort_key="ข", **JUDGED),
        replace(FRESH, participation_id=4, sort_key="ก", **JUDGED),
    ]
    assert [row.participation_id for row in listing(rows).rows] == [4, 3, 2, 1]


def test_counts_follow_the_search_and_not_the_filter() -> None:
    other = "|เทศบาลตำบลไสไทย|อำเภอเมืองกระบี่|จังหวัดกระบี่|"
    rows = [FRESH, replace(FRESH, participation_id=2, search_key=other, **JUDGED)]
    found = listing(rows, search="เกาะ", todo=ToDo.DRAW)
    assert found.rows == []
    assert found.counts == {None: 1, ToDo.JUDGE: 1}
