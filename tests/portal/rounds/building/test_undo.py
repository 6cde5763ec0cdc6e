"""Whatever is done to a draft step by step, taken back step by step it is what it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.round import Round
from portal.content.year import YearContent
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.rounds import setup
from portal.rounds.building import books, steps
from portal.rounds.content.reading import content_of
from portal.rounds.content.workbook import book_of
from tests.portal.rounds.building.test_edits import edits
from tests.support.world import World, acting_as
from tests.support.years import contents

pytestmark = pytest.mark.postgres

FEW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
#: each example makes a round, and a fiscal year has one
YEARS = count(2591)


@pytest.fixture
def nacc(app: Portal, world: World) -> Iterator[Actor]:
    with app.app_context(), acting_as(world.actor("nacc")) as actor:
        yield actor


def draft(content: YearContent) -> Round:
    year = next(YEARS)
    return setup.make_round(db.session(), replace(content, fiscal_year=year), name=f"รอบ {year}")


def stored(round: Round) -> YearContent:
    """What the rows say, not what the session remembers."""
    db.session.flush()
    db.session.expire_all()
    return content_of(db.session(), round)


@FEW
@given(contents(), st.data())
def test_steps_that_are_taken_back_one_by_one_lead_to_the_first_content(
    nacc: Actor, content: YearContent, data: Any
) -> None:
    round = draft(content)
    states = [stored(round)]
    for _step in range(data.draw(st.integers(1, 5))):
        edit = data.draw(edits(states[-1]))
        try:
            changed = steps.change(round, edit, act="round.edit", actor=nacc, seen_version=round.version)
        except (Refused, NotFound):
            changed = False
        if changed:
            states.append(stored(round))
    while (last := steps.last_step(round)) is not None:
        assert stored(round) == states.pop()
        steps.take_back(round, number=last.number)
    assert [stored(round)] == states


@pytest.mark.long
@FEW
@given(contents(), contents())
def test_a_workbook_that_is_taken_over_makes_another_round_the_same(
    nacc: Actor, mine: YearContent, theirs: YearContent
) -> None:
    """Down from one round, up into another that says something else; taken back it says that again."""
    one, other = draft(mine), draft(theirs)
    wanted = replace(stored(one), fiscal_year=other.fiscal_year)
    before = stored(other)
    book = book_of(wanted, name=one.name)
    file = books.keep_book(other, book, "ปีใหม่.xlsx", actor=nacc)
    sent = books.kept_book(other, file.id, actor=nacc)
    assert books.compare(other, sent.sheets).content == wanted
    assert books.take_over(other, sent, actor=nacc, seen_version=other.version) == (wanted != before)
    assert stored(other) == wanted
    if (last := steps.last_step(other)) is not None:
        steps.take_back(other, number=last.number)
    assert stored(other) == before
