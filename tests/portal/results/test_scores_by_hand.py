"""One agency through the schemes of eight years, from answers to grade, beside figures worked out by hand.

The round is made, opened, answered, closed, opened and scored by the services themselves. Each scheme comes
from facts (numbers of items) and, where the tables of others are at hand, from those through their columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import select

from config import from_environment
from models.assessor import AssessorBody, Assignment
from models.instrument import InstrumentKind
from models.participation import Participation
from models.result import Result, ResultNode
from models.round import Round, RoundState
from models.survey import Channel
from portal.ballot.box import CastResult, cast
from portal.content.year import ContentItem, YearContent, load_year
from portal.core.database.session import db, privileged, writing
from portal.core.imports.foreign import read_foreign
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.disclosure import answering, review, scoring
from portal.results.opening import open_round_boxes
from portal.rounds import desk, setup
from portal.rounds.content.assembly import content_of_sheets
from portal.rounds.content.given import numbered
from portal.rounds.content.mapping import TARGETS, Choice, mapped
from portal.rounds.content.sheets import kept
from portal.rounds.content.start import nothing
from portal.rounds.content.suggesting import columns_of
from portal.tools.demo.windows import shifted_windows
from portal.tools.drill.checklists import pass_all, score_all
from tests.support import checklists
from tests.support.respondents import box, citizen_id
from tests.support.worked_by_hand import (
    EIT,
    EIT_SCORES,
    IIT,
    IIT_SCORES,
    OTHER_WEIGHTS,
    PARTS,
    YEARS,
    Year,
)
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres

REFERENCE = from_environment().reference_dir
real = pytest.mark.skipif(
    REFERENCE is None, reason="needs the real lists: set REFERENCE_DIR to their folder (see README)"
)
#: how far a stored figure, which has twelve decimals, may lie from the fraction
NEAR = Fraction(1, 10**12)


# -- the content of a scheme -----------------------------------------------------------------------------


def from_facts(year: Year) -> YearContent:
    """The surveys that are shipped, with so many items; those of 2561 and 2562 are shipped too."""
    shipped = load_year(2561)
    places = [part for part, number in zip(PARTS, year.items, strict=True) for _item in range(number)]
    items = tuple(
        ContentItem(f"O{place}", part, f"รายการที่ {place}", "") for place, part in enumerate(places, start=1)
    )
    checklist = shipped.instrument("oit")
    if [(one.code, one.indicator) for one in items] == [(one.code, one.indicator) for one in checklist.items]:
        items = checklist.items
    instruments = (*shipped.instruments[:2], replace(checklist, items=items))
    return under_rules(replace(shipped, instruments=instruments), year)


def from_tables(year: Year) -> YearContent:
    """Everything but the minimum samples from the tables of others, beginning with nothing."""
    content = nothing(year.fiscal_year)
    for name, target, given, where in (
        ("indicators.csv", "indicators", {}, ("", "")),
        ("iit-questions.csv", "questions", {"instrument": "iit"}, ("", "")),
        ("eit-questions.csv", "questions", {"instrument": "eit"}, ("", "")),
        ("oit-items.csv", "items", {}, ("fiscal_year_from", year.begins)),
        ("grade-bands.csv", "bands", {}, ("", "")),
        ("roster-groups.csv", "groups", {}, ("", "")),
    ):
        assert REFERENCE is not None
        table = read_foreign((Path(REFERENCE) / name).read_bytes())
        choice = Choice(target, columns_of(table, TARGETS[target]), given, where)
        content = content_of_sheets({**numbered(kept(content)), **mapped(table, choice, content)})
    return under_rules(replace(content, sample_rows=load_year(2561).sample_rows), year)


def under_rules(content: YearContent, year: Year) -> YearContent:
    """The content with the rules that the scheme of the year has of its own."""
    weighted = zip(content.instruments, year.weights, strict=True)
    return replace(
        content,
        fiscal_year=year.fiscal_year,
        eit_combine=year.combine,
        instruments=tuple(replace(one, weight=Decimal(weight)) for one, weight in weighted),
    )


# -- the agency's year -----------------------------------------------------------------------------------


def opened_round(world: World, content: YearContent) -> World:
    """The world with a round of this content in the place of its own, opened by NACC."""
    with writing(), privileged("a test makes a round of a year") as session:
        session.get_one(Round, world.round_id).fiscal_year = 2550
        made = setup.make_round(session, content, name="รอบของปีที่ทดลอง", windows=shifted_windows(NOW))
        setup.snapshot_agencies(session, made)
        rows = session.scalars(select(Participation).where(Participation.round_id == made.id)).all()
        taken = {one.agency_id: one for one in rows}
        body = session.get_one(AssessorBody, world.body["body1"])
        session.add(Assignment(body=body, participation=taken[world.agency["a1"]]))
        session.flush()
        of_agency = {key: taken[agency].id for key, agency in world.agency.items()}
        there = replace(world, round_id=made.id, participation=of_agency)
    with acting_as(world.actor("nacc")) as actor:
        mine = db.session.get_one(Round, there.round_id)
        desk.prepare_keys(mine)
        desk.drill_key(mine)
        desk.open_round(mine, actor=actor, wording_confirmed=True)
    return there


def answer(world: World) -> None:
    """The respondents of the year put their answers into the boxes."""
    people = [(InstrumentKind.IIT, Channel.SELF, choices) for choices in by_person(IIT, slice(0, 4))]
    people += [(InstrumentKind.EIT, Channel.SELF, choices) for choices in by_person(EIT, slice(0, 3))]
    people += [(InstrumentKind.EIT, Channel.INTERVIEW, choices) for choices in by_person(EIT, slice(4, 6))]
    for number, (kind, channel, choices) in enumerate(people):
        said = cast(box(world, "a1", kind), citizen_id(number), choices, channel=channel)
        assert said is CastResult.ACCEPTED


def by_person(lines: Mapping[str, tuple[str, ...]], who: slice) -> list[bytes]:
    """The answers person by person, of a table that has them line by line."""
    columns = [line[who] for question in lines.values() for line in question]
    return [bytes(map(int, choices)) for choices in zip(*columns, strict=True)]


def disclose(world: World, failed: frozenset[int]) -> None:
    """The checklist from answers to points: by the agency, its executive and its assessor."""
    checklists.confirm_preparation(world)
    checklists.begin(world)
    with acting_as(world.actor("agency_admin")) as actor:
        answering.submit(checklists.own(world), version=checklists.stored(world).version, actor=actor)
    with acting_as(world.actor("executive")) as actor:
        pass_all(checklists.own(world), actor=actor)
        review.confirm_review(checklists.own(world), version=checklists.stored(world).version, actor=actor)
    lost = {f"O{place}" for place in failed}
    with acting_as(world.actor("assessor")) as actor:
        score_all(
            checklists.own(world), actor=actor, points=lambda item: Decimal(0 if item.code in lost else 100)
        )
        scoring.finish_scoring(checklists.own(world), version=checklists.stored(world).version, actor=actor)


def close(app: Portal, world: World, clock: Callable[[object], None]) -> None:
    """NACC closes the round, its marks go, its boxes are opened and everything is scored."""
    clock(NOW + timedelta(days=120))
    with app.app_context(), acting_as(world.actor("nacc")) as actor:
        desk.close_round(db.session.get_one(Round, world.round_id), actor=actor)
    worker.work(app, until_idle=True)
    with app.app_context():
        if row(Round, world.round_id).state is not RoundState.OPENED:
            open_round_boxes(world.round_id, private_key=None)


def worked_out(year: Year) -> dict[str, Fraction]:
    """Every figure above the questions and items, by code."""
    checklist = dict(zip((*PARTS, "9", "10", "oit"), year.oit, strict=True))
    return {**IIT_SCORES, **EIT_SCORES[year.combine], **checklist}


def scored(world: World) -> tuple[dict[str, Fraction], Fraction, str | None]:
    """What the service found: the figures by code, the total and the grade."""
    above = ("instrument", "indicator", "sub_indicator")
    mine = world.participation["a1"]
    with privileged("a test looks") as session:
        nodes = session.scalars(select(ResultNode).where(ResultNode.participation_id == mine)).all()
        found = {one.code: one.score for one in nodes if one.level in above}
        result = session.scalars(select(Result).where(Result.participation_id == mine)).one()
        assert result.total is not None and None not in found.values()
        return (
            {code: Fraction(score or 0) for code, score in found.items()},
            Fraction(result.total),
            result.grade,
        )


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize(
    "content_of", [pytest.param(from_facts, id="facts"), pytest.param(from_tables, id="tables", marks=real)]
)
@pytest.mark.parametrize(
    "year",
    [
        *(pytest.param(year, id=str(year.fiscal_year)) for year in YEARS),
        pytest.param(OTHER_WEIGHTS, id="weights"),
    ],
)
def test_an_agency_has_the_scores_of_its_year_as_worked_by_hand(
    app: Portal,
    world: World,
    clock: Callable[[object], None],
    year: Year,
    content_of: Callable[[Year], YearContent],
) -> None:
    with app.app_context():
        there = opened_round(world, content_of(year))
        answer(there)
        disclose(there, year.failed)
    close(app, there, clock)
    with app.app_context():
        found, total, grade = scored(there)
    wanted = worked_out(year)
    assert found.keys() == wanted.keys()
    assert {code: found[code] for code in found if abs(found[code] - wanted[code]) > NEAR} == {}
    assert abs(total - year.total) <= NEAR
    assert grade == year.grade
