"""SQL and Python count the same minimum, for every kind, size and number of people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select

from models.agency import AgencyKind, AgencySize
from models.instrument import InstrumentKind
from models.participation import Participation, PreparationState
from models.round import Round, SampleRule
from portal.core.database.session import db, privileged, writing
from portal.status import figures
from portal.surveys.minimum import SampleSizes, targets_in
from portal.surveys.minimum_sql import minimum_of
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
IIT = InstrumentKind.IIT
NUMBERS = (None, 0, 1, 7, 29, 30, 31, 99, 100, 101, 333, 19_999)


def ruled(world: World) -> None:
    """Rules for everybody, for one kind and size, and for a kind: fixed, shares with fractions, a gap."""
    rows = [
        (None, None, 30, None, Decimal("100")),
        (None, None, None, None, Decimal("12.5")),
        (AgencyKind.SAO, None, None, 45, None),
        (AgencyKind.SUBDISTRICT, AgencySize.M, 100, None, Decimal("33.33")),
    ]
    with writing(), privileged("a test's rules") as session:
        session.execute(delete(SampleRule).where(SampleRule.round_id == world.round_id))
        for position, (kind, size, upto, fixed, percent) in enumerate(rows, start=1):
            session.add(
                SampleRule(
                    round_id=world.round_id,
                    instrument=IIT.value,
                    position=position,
                    agency_kind=kind.value if kind else None,
                    agency_size=size.value if size else None,
                    upto=upto,
                    fixed=fixed,
                    percent=percent,
                )
            )


def test_sql_and_python_want_the_same_answers(app: Any, world: World) -> None:
    with app.app_context():
        ruled(world)
        with writing(), privileged("a test changes an agency") as session:
            row = session.get_one(Participation, world.participation["a1"])
            rules = session.get_one(Round, world.round_id).sample_rules
            sizes, expression = SampleSizes(rules), minimum_of(rules, IIT)
            for kind in AgencyKind:
                for size in (None, *AgencySize):
                    for number in NUMBERS:
                        row.kind, row.size, row.headcount = kind, size, number
                        session.flush()
                        query = select(expression).where(Participation.id == row.id)
                        wanted = sizes.minimum(IIT, number, kind=kind, size=size)
                        assert session.scalar(query) == wanted, (kind, size, number)


def test_the_country_s_sums_are_the_sums_of_its_agencies(app: Any, world: World) -> None:
    with app.app_context():
        with writing(), privileged("a test confirms") as session:
            for place, key in enumerate(("a1", "a2", "b1")):
                row = session.get_one(Participation, world.participation[key])
                row.state, row.headcount, row.roster_count = PreparationState.CONFIRMED, 20 * place, 15
        with acting_as(world.actor("dla")):
            round = db.session.get_one(Round, world.round_id)
            targets = targets_in(round, Participation.is_confirmed)
            for kind in (IIT, InstrumentKind.EIT):
                found = figures.surveys(round, kind)
                own = [target[kind] for target in targets.values()]
                assert sum(row.agencies for row in found.values()) == len(own) == 3
                assert sum(row.reached for row in found.values()) == sum(one.reached for one in own)
                assert sum(row.answers for row in found.values()) == sum(one.answers for one in own)
                assert sum(row.minimum for row in found.values()) == sum(one.minimum or 0 for one in own)
