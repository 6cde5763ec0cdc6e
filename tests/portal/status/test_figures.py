"""Status: a province is its agencies, the country its provinces, and all of it what a slow recount finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from models.instrument import InstrumentKind
from models.kinds import AGENCY_KINDS
from models.participation import STEPS, Participation
from models.round import Round
from portal.content import local
from portal.core.database.session import db
from portal.core.web import Portal
from portal.disclosure.progress import oit_states
from portal.letters.figures import country_status, province_statuses
from portal.status import figures
from tests.support.country import EIT, IIT, Recount, Seen, mixed_country, recounted
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


@dataclass
class Country:
    """The round of a mixed country, and what a recount of its rows sees."""

    round: Round
    seen: list[Seen]

    def by_province(self) -> dict[int, Recount]:
        """The recount of each province."""
        keys = {one.province_id for one in self.seen}
        return {key: recounted(one for one in self.seen if one.province_id == key) for key in keys}


@pytest.fixture(params=range(2))
def country(request: pytest.FixtureRequest, app: Portal, world: World) -> Iterator[Country]:
    """A mixed country, as NACC's desk reads it."""
    seen = mixed_country(app, world, request.param)
    with app.app_context(), acting_as(world.actor("nacc")):
        yield Country(db.session.get_one(Round, world.round_id), seen)


def as_counts(slow: Recount) -> figures.Counts:
    return figures.Counts(slow.agencies, slow.done, slow.behind)


def test_preparation_is_counted_alike_for_agency_province_and_country(country: Country) -> None:
    slow, rows = country.by_province(), figures.provinces(country.round)
    assert {row.id: row.counts for row in rows} == {key: as_counts(found) for key, found in slow.items()}
    for row in rows:
        here = Participation.province_id == row.id
        assert figures.counts(country.round, here) == row.counts
        assert [one.behind for one in figures.agencies(country.round, here)].count(1) == row.counts.behind[0]
        assert sum(row.counts.behind) == row.counts.incomplete
    everything = as_counts(recounted(country.seen))
    assert figures.total(rows) == figures.counts(country.round) == everything


@pytest.mark.parametrize("kind", [IIT, EIT])
def test_answers_are_counted_alike_for_agency_and_province(country: Country, kind: InstrumentKind) -> None:
    found, none = figures.surveys(country.round, kind), figures.SurveyCounts()
    for key, slow in country.by_province().items():
        assert found.get(key, none) == figures.SurveyCounts(*slow.surveys[kind])
        rows = figures.agencies(country.round, Participation.province_id == key, Participation.is_confirmed)
        targets = [row.targets[kind] for row in rows]
        assert slow.surveys[kind] == (
            len(targets),
            sum(one.reached for one in targets),
            sum(one.answers for one in targets),
            sum(one.minimum or 0 for one in targets),
            sum(bool(one.above) for one in targets),
        )


def test_checklists_are_counted_alike_for_agency_and_province(country: Country) -> None:
    states = oit_states(country.round.id)
    for key, slow in country.by_province().items():
        assert states.get(key, {}) == slow.oit
    rows = figures.agencies(country.round)
    begun = sum(sum(place.values()) for place in states.values())
    assert begun == sum(one.oit is not None for one in country.seen) <= len(rows)


def test_a_letter_is_made_from_the_same_figures(country: Country) -> None:
    letters = province_statuses(country.round)
    for key, slow in country.by_province().items():
        status = letters[key]
        assert (status.total, status.steps_done, status.complete) == (slow.agencies, slow.done, slow.done[3])
    whole, slow = country_status(country.round), recounted(country.seen)
    assert (whole.total, whole.steps_done, whole.complete) == (slow.agencies, slow.done, slow.done[3])


def test_one_kind_of_agency_is_counted_alone(country: Country) -> None:
    for kind in AGENCY_KINDS:
        slow = recounted(one for one in country.seen if one.kind is kind)
        assert figures.total(figures.provinces(country.round, kind=kind)) == as_counts(slow)
        for survey in (IIT, EIT):
            places = figures.surveys(country.round, survey, kind=kind).values()
            assert sum(place.answers for place in places) == slow.surveys[survey][2]
        states: Counter[object] = Counter()
        for place in oit_states(country.round.id, kind=kind).values():
            states.update(place)
        assert states == slow.oit


def test_a_region_is_counted_alone(country: Country) -> None:
    north = figures.provinces(country.round, region="ภาคเหนือ")
    assert [row.region for row in north] == ["ภาคเหนือ"]
    assert figures.regions() == ["ภาคเหนือ", "ภาคใต้"]


def test_what_is_behind_comes_first(country: Country) -> None:
    places = [row.behind or len(STEPS) + 1 for row in figures.agencies(country.round)]
    assert places == sorted(places)
    rows = figures.most_behind_first(figures.provinces(country.round))
    shares = [row.counts.percent_complete for row in rows]
    assert shares == sorted(shares)


def test_a_desk_counts_only_what_it_may_see(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("province")):
        (only,) = figures.provinces(db.session.get_one(Round, world.round_id))
    assert (only.id, only.counts.agencies) == (world.province["52"], 2)


def test_of_no_agency_nothing_is_complete() -> None:
    assert figures.Counts().percent_complete == 0


def test_a_special_agency_is_called_by_its_kind_alone(country: Country) -> None:
    for row in figures.agencies(country.round):
        special = row.kind == local.SPECIAL
        assert row.short_name == (row.kind.short if special else f"{row.kind.short}{row.name}")
