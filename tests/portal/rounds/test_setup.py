"""Rounds made from the content of a year, their windows and their snapshot."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from models.agency import Agency
from models.audit import AuditEvent
from models.instrument import Instrument, InstrumentKind, OitItem, Question, SubItem
from models.participation import Participation, PreparationState
from models.round import CombineRule, Round, RoundState, Stage
from models.scoring import Level, score_checklist, tally
from models.windows import Phase
from models.zone import BANGKOK
from portal.content.year import load_year
from portal.core.database.session import db, privileged, writing
from portal.core.stages import stage_state
from portal.core.web import Portal
from portal.rounds import setup
from portal.tools.demo.windows import shifted_windows
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres

#: questions, scored lines and items of an instrument
COUNTED: tuple[tuple[Any, Any], ...] = (
    (select(func.count()).select_from(Question), Question),
    (select(func.count()).select_from(SubItem).join(Question), Question),
    (select(func.count()).select_from(OitItem), OitItem),
)


def make(name: str = "รอบทดลอง", year: int = 2562) -> int:
    with writing(), privileged("a test makes a round") as session:
        content = replace(load_year(2561), fiscal_year=year)
        made = setup.make_round(session, content, name=name, windows=shifted_windows(NOW))
        return made.id


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


def test_a_round_holds_everything_that_its_year_says(app: Portal) -> None:
    with app.app_context():
        key = make()
        with privileged("a test looks") as session:
            round = session.get_one(Round, key)
            assert (round.fiscal_year, round.state, round.demo_wording) == (2562, RoundState.DRAFT, True)
            assert (round.first_digits, round.eit_combine) == ("12345678", CombineRule.POOLED)
            assert [band.grade for band in round.bands] == ["AA", "A", "B", "C", "D", "E", "F"]
            assert len(round.roster_groups) == 6
            assert {rule.instrument for rule in round.sample_rules} == {"iit", "eit"}
            counts = {
                kind: tuple(session.scalar(query.where(of.instrument_id == row.id)) for query, of in COUNTED)
                for kind, row in setup.instruments_of(session, key).items()
            }
    assert counts == {
        InstrumentKind.IIT: (30, 51, 0),
        InstrumentKind.EIT: (15, 19, 0),
        InstrumentKind.OIT: (0, 0, 48),
    }


def test_making_a_round_leaves_one_event(app: Portal) -> None:
    with app.app_context():
        key = make()
        with privileged("a test looks") as session:
            found = session.scalars(select(AuditEvent).where(AuditEvent.act == "round.make")).all()
            assert [(row.thing, row.row) for row in found if row.row == str(key)] == [("round", str(key))]
            assert session.scalar(select(func.count()).where(AuditEvent.thing == "question")) == 0


def test_the_spec_of_an_instrument_is_what_scoring_needs_in_few_queries(app: Portal, world: World) -> None:
    with app.app_context(), privileged("a test looks") as session:
        instruments = setup.instruments_of(session, world.round_id)
        statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        specs = {kind: setup.spec_of(row) for kind, row in instruments.items()}
        assert len(statements) <= 24
        iit = specs[InstrumentKind.IIT]
        lines = iit.sub_items()
        assert [line.slot for line in lines] == list(range(51))
        assert {line.points for line in lines if line.code == "I11.2"} != {
            line.points for line in lines if line.code == "I11.1"
        }
        assert tally([bytes([1] * 51)] * 3, iit).respondents == 3
        oit = specs[InstrumentKind.OIT]
        assert [part.code for part in oit.indicators] == ["9", "10"]
        assert [sub.code for sub in oit.indicators[0].subs] == ["9.1", "9.2", "9.3", "9.4", "9.5"]
        nodes = score_checklist(oit, {})
        assert sum(node.level is Level.ITEM for node in nodes) == 48


def test_the_snapshot_takes_every_active_agency_once(app: Portal, world: World) -> None:
    with app.app_context():
        key = make()
        with writing(), privileged("a test snapshots") as session:
            session.get_one(Agency, world.agency["b2"]).active = False
            session.flush()
            round = session.get_one(Round, key)
            assert setup.snapshot_agencies(session, round) == 3
            assert setup.snapshot_agencies(session, round) == 0
            session.get_one(Agency, world.agency["b2"]).active = True
            session.flush()
            assert setup.snapshot_agencies(session, round) == 1
        with privileged("a test looks") as session:
            row = session.scalars(
                select(Participation).where(
                    Participation.round_id == key, Participation.agency_id == world.agency["a1"]
                )
            ).one()
            assert (row.full_name, row.district_name, row.province_name) == (
                "เทศบาลตำบลเกาะคา",
                "เกาะคา",
                "ลำปาง",
            )
            assert (row.code, row.province_id, row.state) == (
                "05520401",
                world.province["52"],
                PreparationState.ENTERING,
            )
            assert (row.version, row.steps_done, row.return_reason) == (1, 0, "")


def test_in_a_demonstration_every_stage_is_open_for_days(app: Portal) -> None:
    windows = shifted_windows(NOW)
    with app.app_context(), privileged("a test makes a round") as session:
        round = setup.make_round(
            session, replace(load_year(2561), fiscal_year=2562), name="ทดลอง", windows=windows
        )
        for stage in Stage:
            for moment in (NOW, NOW + timedelta(days=14)):
                assert stage_state(round, stage, moment).phase is Phase.OPEN, stage


def test_two_rounds_stand_side_by_side(app: Portal) -> None:
    with app.app_context():
        first, second = make("หนึ่ง"), make("สอง", 2563)
        with privileged("a test looks") as session:
            kinds = select(func.count()).select_from(Instrument)
            assert session.scalar(kinds.where(Instrument.round_id == first)) == 3
            assert session.scalar(kinds.where(Instrument.round_id == second)) == 3
