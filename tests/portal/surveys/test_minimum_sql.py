"""SQL and Python count the same minimum, for every kind, size and number of people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from models.instrument import InstrumentKind
from models.kinds import AGENCY_KINDS, AGENCY_SIZES, AgencyKind, AgencySize
from models.participation import Participation, PreparationState
from models.round import Round, SampleRule
from portal.core.database.session import db, privileged, writing
from portal.status import figures
from portal.surveys.minimum import SampleSizes, targets_in
from portal.surveys.minimum_sql import minimum_of
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT
KINDS, SIZES = list(AGENCY_KINDS), [None, *AGENCY_SIZES]
#: people of an agency: none known, and the numbers around which bands end
PEOPLE = st.none() | st.sampled_from([0, 1, 11, 29, 30, 31, 99, 100, 101, 301, 19_999]) | st.integers(0, 40)
#: shares in hundredths of a percent: those of real rules, where one person more asks for one answer more
SHARES = st.sampled_from([1000, 100, 1250, 3333, 10_000]) | st.integers(0, 10_000)


@st.composite
def rules(draw: st.DrawFn) -> list[SampleRule]:
    """A rule as somebody may enter it: for all or for a kind or size, with gaps, shares with fractions."""
    rows = []
    for position in range(draw(st.integers(0, 6))):
        fixed = draw(st.none() | st.none() | st.integers(0, 450))
        hundredths = draw(SHARES) if fixed is None else None
        rows.append(
            SampleRule(
                instrument=draw(st.sampled_from(["iit", "iit", "eit"])),
                position=position,
                agency_kind=draw(st.none() | st.sampled_from([kind.value for kind in KINDS[:2]])),
                agency_size=draw(st.none() | st.sampled_from([size.value for size in AGENCY_SIZES])),
                province_size=draw(st.none() | st.sampled_from(["S", "L"])),
                upto=draw(st.none() | st.sampled_from([1, 30, 100, 300])),
                fixed=fixed,
                percent=None if hundredths is None else Decimal(hundredths) / 100,
            )
        )
    return rows


AGENCIES = st.lists(
    st.tuples(
        st.sampled_from(KINDS[:3]), st.sampled_from(SIZES), st.sampled_from([None, "S", "M", "L"]), PEOPLE
    ),
    min_size=4,
    max_size=4,
)


def test_sql_and_python_want_the_same_answers(app: Any, world: World) -> None:
    """Whatever the rule, and whoever the agency: the sums of a country are those of its agencies."""
    keys = list(world.participation.values())
    with app.app_context(), privileged("a test counts in SQL") as session:

        @settings(max_examples=40)
        @given(rule=rules(), agencies=AGENCIES, instrument=st.sampled_from([IIT, EIT]))
        def same(
            rule: list[SampleRule],
            agencies: list[tuple[AgencyKind, AgencySize | None, str | None, int | None]],
            instrument: InstrumentKind,
        ) -> None:
            for key, (kind, size, province, people) in zip(keys, agencies, strict=True):
                own = update(Participation).where(Participation.id == key)
                # a roster without rows has 0 of them; who entered no headcount has none
                counted = {"headcount": people, "roster_count": people or 0}
                session.execute(own.values(kind=kind, size=size, province_size=province, **counted))
            found = dict(session.execute(select(Participation.id, minimum_of(rule, instrument))).all())
            sizes = SampleSizes(rule)
            assert [found[key] for key in keys] == [
                sizes.minimum(instrument, people, kind=kind, size=size, province_size=province)
                for kind, size, province, people in agencies
            ]

        same()
        session.rollback()


def test_the_country_s_sums_are_the_sums_of_its_agencies(app: Any, world: World) -> None:
    with app.app_context():
        with writing(), privileged("a test confirms") as session:
            for place, key in enumerate(("a1", "a2", "b1")):
                row = session.get_one(Participation, world.participation[key])
                row.state, row.headcount, row.roster_count = PreparationState.CONFIRMED, 20 * place, 15
        with acting_as(world.actor("dla")):
            round = db.session.get_one(Round, world.round_id)
            targets = targets_in(round, Participation.is_confirmed)
            for kind in (IIT, EIT):
                found = figures.surveys(round, kind)
                own = [target[kind] for target in targets.values()]
                assert sum(row.agencies for row in found.values()) == len(own) == 3
                assert sum(row.reached for row in found.values()) == sum(one.reached for one in own)
                assert sum(row.answers for row in found.values()) == sum(one.answers for one in own)
                assert sum(row.minimum for row in found.values()) == sum(one.minimum or 0 for one in own)
