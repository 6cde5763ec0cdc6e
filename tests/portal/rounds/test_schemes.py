"""A fiscal year has one round of each scheme of assessment, and is compared within its scheme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from models.round import Round, RoundState
from portal.content.year import load_year
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.people.slips.ends import running_round
from portal.rounds import desk, setup
from portal.rounds.building import books, steps
from portal.rounds.building.edits.rules import change_settings
from portal.rounds.content.given import numbered
from portal.rounds.content.reading import content_of
from portal.rounds.content.sheets import kept, written
from portal.rounds.trends.pairs import earlier_or_404, earlier_rounds
from tests.support.rooms import add_draft
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


@pytest.fixture
def nacc(app: Portal, world: World) -> Iterator[Actor]:
    with app.app_context(), acting_as(world.actor("nacc")) as actor:
        yield actor


def of_scheme(scheme: str, *, year: int = 2562, start: str = "shipped:2561") -> Round:
    return desk.make_draft(start=start, fiscal_year=year, name=f"รอบ {year} {scheme}", scheme=scheme)


def test_a_year_is_assessed_by_two_schemes_and_by_none_twice(nacc: Actor) -> None:
    draft = add_draft(db.session())
    other = of_scheme("ITA-2", year=draft.fiscal_year)
    assert (draft.scheme, other.scheme) == ("ITA", "ITA-2")
    with pytest.raises(Refused, match="has a round already") as refused:
        desk.make_draft(start="nothing", fiscal_year=draft.fiscal_year, name="อีกรอบ", scheme="ITA-2")
    assert refused.value.field == "fiscal_year"


def test_the_database_refuses_a_second_round_of_a_scheme(nacc: Actor) -> None:
    of_scheme("ITA-2", year=2570)
    content = replace(load_year(2561), fiscal_year=2570, scheme="ITA-2")
    with pytest.raises(Refused, match="has a round already") as refused:
        setup.make_round(db.session(), content, name="อีกรอบ")
    db.session.rollback()
    assert refused.value.field == "fiscal_year"


def test_a_round_that_begins_from_another_is_of_its_scheme_unless_it_is_said(nacc: Actor) -> None:
    first = of_scheme("ITA-2")
    start = f"round:{first.id}"
    assert desk.make_draft(start=start, fiscal_year=2563, name="ต่อจากเดิม").scheme == "ITA-2"
    assert of_scheme("ITA", year=2563, start=start).scheme == "ITA"


def test_a_draft_changes_its_scheme_by_a_step_that_can_be_taken_back(nacc: Actor) -> None:
    draft = add_draft(db.session())
    steps.change(
        draft,
        lambda it: change_settings(it, scheme="ITA-2"),
        act="round.settings",
        actor=nacc,
        seen_version=draft.version,
    )
    assert draft.scheme == "ITA-2"
    last = steps.last_step(draft)
    assert last is not None
    steps.take_back(draft, number=last.number)
    assert draft.scheme == "ITA"


def test_a_step_back_to_a_year_that_is_taken_meanwhile_is_refused(nacc: Actor) -> None:
    draft = add_draft(db.session())
    year = draft.fiscal_year
    steps.change(
        draft,
        lambda it: change_settings(it, scheme="ITA-2"),
        act="round.settings",
        actor=nacc,
        seen_version=draft.version,
    )
    desk.make_draft(start="nothing", fiscal_year=year, name="แทนที่")
    last = steps.last_step(draft)
    assert last is not None
    with pytest.raises(Refused, match="has a round already"):
        steps.take_back(draft, number=last.number)
    db.session.rollback()


def test_a_step_that_was_kept_before_there_were_schemes_is_of_the_usual_one(nacc: Actor) -> None:
    texts = kept(content_of(db.session(), add_draft(db.session())))
    assert "scheme" not in texts["settings"][0], "the usual one is an empty cell, as in every older sheet"


def test_a_workbook_makes_no_second_round_of_a_year_and_scheme(nacc: Actor, world: World) -> None:
    draft = add_draft(db.session())
    taken = db.session.get_one(Round, world.round_id).fiscal_year
    content = replace(content_of(db.session(), draft), fiscal_year=taken)

    def sent(scheme: str) -> books.Sent:
        sheets = numbered(written(replace(content, scheme=scheme)))
        return books.Sent("ปีใหม่.xlsx", draft.id, sheets, tuple(sheets), ())

    with pytest.raises(Refused, match="has a round already"):
        books.take_over(draft, sent("ITA"), actor=nacc, seen_version=draft.version)
    assert books.take_over(draft, sent("ITA-2"), actor=nacc, seen_version=draft.version)
    assert (draft.fiscal_year, draft.scheme) == (taken, "ITA-2")


def test_a_round_is_laid_beside_earlier_ones_of_its_scheme_alone(nacc: Actor, world: World) -> None:
    usual, other = add_draft(db.session()), of_scheme("ITA-2", year=2563)
    running = db.session.get_one(Round, world.round_id)
    assert list(earlier_rounds(usual)) == [running]
    assert list(earlier_rounds(other)) == []
    with pytest.raises(NotFound):
        earlier_or_404(other, running.id)


def test_of_two_schemes_that_run_the_one_made_first_is_the_running_round(nacc: Actor, world: World) -> None:
    content = replace(load_year(2561), scheme="ITA-2")
    setup.make_round(db.session(), content, name="อีกประเภท", state=RoundState.OPEN)
    found = running_round()
    assert found is not None and found.id == world.round_id
