"""What few answers may show: total, survey, indicator and question, alike on page, list and file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from io import StringIO

import pytest

from models.result import Result
from models.survey import Channel
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.rounds import RoundFactory
from tests.portal.results.test_computing import (
    EIT,
    IIT,
    answered,
    computed,
    confirmed,
    extremes,
    scored,
)
from tests.portal.results.test_lists import opened
from tests.support.client import PortalClient
from tests.support.tables import table_in
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
FEW3, FEW10 = "ไม่แสดงเพราะมีผู้ตอบน้อยกว่า 3 คน", "ไม่แสดงเพราะมีผู้ตอบน้อยกว่า 10 คน"
BESIDE = "ไม่แสดงเพราะคำถามอื่นในตัวชี้วัดเดียวกันมีผู้ตอบน้อยกว่า 10 คน"
SHOWN, NOBODY = "100.00", "ไม่มีผู้ตอบ"


def result_of(app: Portal, world: World, eit: list[bytes]) -> None:
    """a1 with twelve best answers to IIT, these to EIT, and all of OIT; the boxes are opened."""
    with app.app_context():
        confirmed(world, "a1")
        answered(world, "a1", IIT, [extremes(world).best[IIT]] * 12, channel=Channel.SELF)
        answered(world, "a1", EIT, eit, channel=Channel.SELF)
        scored(world, "a1")
        computed(world)
        opened(world)


def best(app: Portal, world: World) -> bytes:
    with app.app_context():
        return extremes(world).best[EIT]


def figures(page: str) -> dict[str, str]:
    """What stands at each code of the tree."""
    return {row[0].split()[0]: row[1] for row in table_in(page)}


@pytest.mark.parametrize(
    ("n", "survey", "indicator", "question", "total"),
    [
        (0, None, NOBODY, NOBODY, None),
        (1, None, FEW3, FEW3, None),
        (2, None, FEW3, FEW3, None),
        (3, SHOWN, SHOWN, FEW10, SHOWN),
        (9, SHOWN, SHOWN, FEW10, SHOWN),
        (10, SHOWN, SHOWN, SHOWN, SHOWN),
    ],
)
def test_the_fewer_answer_the_less_is_shown(
    app: Portal,
    world: World,
    client_as: ClientAs,
    n: int,
    survey: str | None,
    indicator: str,
    question: str,
    total: str | None,
) -> None:
    result_of(app, world, [best(app, world)] * n)
    client, here = client_as("dla"), f"/rounds/{world.round_id}/results"
    page = client.get(f"{here}/agencies/{world.participation['a1']}").text
    tree = figures(page)
    assert {shown for code, shown in tree.items() if code.startswith("E")} == {question}
    assert {tree[code] for code in ("6", "7", "8")} == {indicator}
    assert {shown for code, shown in tree.items() if code.startswith(("I", "O"))} == {SHOWN}
    assert ("เกรด AA" in page) is (total is not None)
    listed = csv.reader(StringIO(client.get(f"{here}.csv").get_data().decode("utf-8-sig")))
    row = next(row for row in listed if row[1] == "เทศบาลตำบลเกาะคา")
    cells = [Decimal(cell) if cell else None for cell in row[5:9]]
    shown = {None: None, SHOWN: Decimal(100)}
    assert cells == [Decimal(100), shown[survey], Decimal(100), shown[total]]


def test_a_question_beside_a_small_one_is_held_back_with_it(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    """Ten answered, one of them not the first question: its score could be worked out from the others."""
    answer = best(app, world)
    result_of(app, world, [answer] * 9 + [b"\x00" + answer[1:]])
    page = client_as("executive").get(
        f"/rounds/{world.round_id}/results/agencies/{world.participation['a1']}"
    )
    tree = figures(page.text)
    assert (tree["E1"], tree["E2"]) == (FEW10, BESIDE)
    assert (tree["6"], tree["E15"]) == (SHOWN, SHOWN)


def test_an_agency_that_came_after_the_computing_has_no_result_and_is_told_so(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        computed(world)
        opened(world)
        with writing(), privileged("it was not there") as session:
            session.query(Result).where(Result.participation_id == world.participation["a1"]).delete()
    page = client_as("executive").get(f"/rounds/{world.round_id}/results", follow_redirects=True).text
    assert "ไม่มีผลของหน่วยงานนี้" in page


def test_an_agency_outside_a_round_has_no_results_in_it(make: Make, client_as: ClientAs) -> None:
    other = make(RoundFactory)
    page = client_as("agency_admin").get(f"/rounds/{other.id}/results").text
    assert "หน่วยงานของท่านไม่อยู่ในรอบการประเมินนี้" in page
