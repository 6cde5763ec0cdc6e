"""NACC's acts on rounds, pressed by several at once: a year has one round, with one set of keys, one end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import create_engine, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from models.audit import AuditEvent
from models.ballot import UrnKey
from models.job import Job
from models.participation import Participation
from models.round import GradeBand, Round, RoundState
from portal.ballot import keys
from portal.content.year import load_year
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds import setup
from tests.support.races import AT_ONCE, pressed, statuses, visitors
from tests.support.rooms import add_draft
from tests.support.world import World


def count(app: Portal, model: Any, *where: Any) -> int:
    with app.app_context(), privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def draft(app: Portal) -> int:
    with app.app_context(), writing(), privileged("a test's draft") as session:
        content = replace(load_year(2561), fiscal_year=2562)
        return setup.make_round(session, content, name="ร่าง", windows={}).id


def test_a_fiscal_year_has_one_round(app: Portal, world: World) -> None:
    people = visitors(app, world, *["nacc"] * AT_ONCE)
    forms = [
        {"name": f"รอบที่ {place}", "fiscal_year": "2562", "start": "shipped:2561"} for place in range(AT_ONCE)
    ]
    answers = pressed(people, "/rounds/new", *forms)
    assert statuses(answers) == [302] + [422] * (AT_ONCE - 1)
    assert all("fiscal_year-e" in answer.text for answer in answers if answer.status_code == 422)
    assert count(app, Round, Round.fiscal_year == 2562) == 1


def test_a_fiscal_year_has_one_round_of_each_scheme(app: Portal, world: World) -> None:
    people = visitors(app, world, *["nacc"] * AT_ONCE)
    forms = [
        {
            "name": f"รอบที่ {place}",
            "fiscal_year": "2562",
            "scheme": ("ita-2", "ITA 2", "ITA-2")[place % 3],
            "start": "shipped:2561",
        }
        for place in range(AT_ONCE)
    ]
    answers = pressed(people, "/rounds/new", *forms)
    assert statuses(answers) == [302] * 2 + [422] * (AT_ONCE - 2)
    assert all("fiscal_year-e" in answer.text for answer in answers if answer.status_code == 422)
    for scheme in ("ITA-2", "ITA2"):
        assert count(app, Round, Round.fiscal_year == 2562, Round.scheme == scheme) == 1


def test_agencies_are_taken_up_once(app: Portal, world: World) -> None:
    round_id = draft(app)
    people = visitors(app, world, *["nacc"] * AT_ONCE)
    assert statuses(pressed(people, f"/rounds/{round_id}/agencies", {})) == [302] * AT_ONCE
    assert count(app, Participation, Participation.round_id == round_id) == 4


def test_keys_are_made_once_and_open_their_boxes(app: Portal, world: World) -> None:
    round_id = draft(app)
    people = visitors(app, world, *["nacc"] * AT_ONCE)
    assert statuses(pressed(people, f"/rounds/{round_id}/keys", {})) == [302] * AT_ONCE
    assert count(app, UrnKey, UrnKey.round_id == round_id) == 1
    with app.app_context(), writing(), privileged("a test drills") as session:
        keys.drill_urn_key(session.get_one(Round, round_id), keys.key_folder().urn_key(round_id))


def test_a_round_closes_once(app: Portal, world: World, clock: Any) -> None:
    clock("2019-06-01T10:00:00+07:00")
    people = visitors(app, world, *["nacc"] * AT_ONCE)
    answers = pressed(people, f"/rounds/{world.round_id}/close", {"typed_name": "2561"})
    assert statuses(answers) == [302] + [409] * (AT_ONCE - 1)
    assert count(app, Job, Job.kind == "round.empty_marks") == 1
    with app.app_context(), privileged("a test looks") as session:
        assert session.get_one(Round, world.round_id).state is RoundState.CLOSED


def ready(app: Portal) -> int:
    """A draft that lacks nothing."""
    with app.app_context(), writing(), privileged("a test's draft") as session:
        round = add_draft(session)
        keys.prepare(session, round)
        return round.id


def test_a_round_opens_once_and_only_as_it_was_looked_at(app: Portal, world: World) -> None:
    """Who changes the draft and who opens it wait for one another; the later one looks again."""
    round_id = ready(app)
    with app.app_context(), privileged("a test looks") as session:
        version = session.get_one(Round, round_id).version
    people = visitors(app, world, *["nacc"] * AT_ONCE)
    form = {"confirm": "1", "version": str(version)}
    answers = pressed(people, f"/rounds/{round_id}/open", form)
    assert statuses(answers)[0] == 302
    assert all(status in (409, 422) for status in statuses(answers)[1:])
    assert count(app, AuditEvent, AuditEvent.act == "round.open") == 1


@pytest.mark.only("postgres")
def test_what_a_round_asks_waits_for_who_opens_it_and_is_refused_then(app: Portal) -> None:
    """The database alone decides, whatever an application had read before."""
    round_id, engine = ready(app), create_engine(app.settings.database_owner_url, poolclass=NullPool)
    add = insert(GradeBand).values(round_id=round_id, grade="X", lower=1, passes=False)
    with engine.connect() as opening, engine.connect() as building, ThreadPoolExecutor(1) as pool:
        opening.execute(update(Round).where(Round.id == round_id).values(state=RoundState.OPEN))
        added = pool.submit(building.execute, add)
        with pytest.raises(TimeoutError):
            added.result(timeout=1)
        opening.commit()
        with pytest.raises(IntegrityError, match="this round was opened"):
            added.result(timeout=30)
        building.rollback()


@pytest.mark.only("postgres")
@pytest.mark.parametrize("page", ["build/iit", "build/rules/groups", "preview", "workbook/round.xlsx", ""])
def test_who_looks_at_a_draft_waits_for_the_step_that_is_being_written(
    app: Portal, world: World, page: str
) -> None:
    """Half of the old questions with half of the new scales would be a fault of the page."""
    round_id, engine = draft(app), create_engine(app.settings.database_owner_url, poolclass=NullPool)
    (nacc,) = visitors(app, world, "nacc")
    address = f"/rounds/{round_id}/{page}".rstrip("/")
    with engine.connect() as building, ThreadPoolExecutor(1) as pool:
        building.execute(update(Round).where(Round.id == round_id).values(version=Round.version + 1))
        shown = pool.submit(nacc.get, address)
        with pytest.raises(TimeoutError):
            shown.result(timeout=1)
        building.commit()
        assert shown.result(timeout=30).status_code == 200


@pytest.mark.only("postgres")
def test_who_opens_a_round_waits_for_what_is_still_written_into_it(app: Portal) -> None:
    round_id, engine = ready(app), create_engine(app.settings.database_owner_url, poolclass=NullPool)
    add = insert(GradeBand).values(round_id=round_id, grade="X", lower=1, passes=False)
    with engine.connect() as opening, engine.connect() as building, ThreadPoolExecutor(1) as pool:
        building.execute(add)
        change = update(Round).where(Round.id == round_id).values(state=RoundState.OPEN)
        opened = pool.submit(opening.execute, change)
        with pytest.raises(TimeoutError):
            opened.result(timeout=1)
        building.commit()
        opened.result(timeout=30)
        opening.commit()
