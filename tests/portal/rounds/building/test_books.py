"""A workbook waits for the person who sent it, and makes no year of which there is a round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from models.round import Round
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.rounds.building import books
from portal.rounds.content.given import numbered
from portal.rounds.content.reading import content_of
from portal.rounds.content.sheets import written
from tests.support.rooms import add_draft
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


@pytest.fixture
def nacc(app: Portal, world: World) -> Iterator[Actor]:
    with app.app_context(), acting_as(world.actor("nacc")) as actor:
        yield actor


@pytest.fixture
def draft(nacc: Actor) -> Round:
    return add_draft(db.session())


def sent(draft: Round, *, fiscal_year: int) -> books.Sent:
    """A workbook of the draft as it is, for this year."""
    content = replace(content_of(db.session(), draft), fiscal_year=fiscal_year)
    sheets = numbered(written(content))
    return books.Sent("ปีใหม่.xlsx", draft.id, sheets, tuple(sheets), ())


def test_what_is_kept_is_for_its_round_and_part_alone(draft: Round, nacc: Actor, world: World) -> None:
    file = books.keep_sheets(draft, sent(draft, fiscal_year=2569), actor=nacc)
    assert books.kept_book(draft, file.id, actor=nacc).name == "ปีใหม่.xlsx"
    with pytest.raises(NotFound):
        books.kept_book(db.session.get_one(Round, world.round_id), file.id, actor=nacc)
    with pytest.raises(NotFound):
        books.kept_table(draft, file.id, actor=nacc)
    with pytest.raises(NotFound):
        books.kept_book(draft, file.id + 1, actor=nacc)


def test_a_year_that_has_a_round_is_not_taken_over(draft: Round, nacc: Actor, world: World) -> None:
    taken = db.session.get_one(Round, world.round_id).fiscal_year
    with pytest.raises(Refused, match="has a round already"):
        books.take_over(draft, sent(draft, fiscal_year=taken), actor=nacc, seen_version=draft.version)
