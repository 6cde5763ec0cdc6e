"""Every table has a factory, and what it makes stands in both databases."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import tests.factories
from models.base import Base
from models.onboarding import PeopleSetting
from models.participation import Participation
from models.survey import CountedMoment
from tests.factories.base import Make, RowFactory
from tests.factories.rounds import ParticipationFactory
from tests.factories.work import InterviewFactory

for _module in pkgutil.iter_modules(tests.factories.__path__):
    importlib.import_module(f"tests.factories.{_module.name}")


def _concrete(kind: type[RowFactory] = RowFactory) -> list[type[RowFactory]]:
    found = [] if kind._meta.abstract else [kind]
    for below in kind.__subclasses__():
        found += _concrete(below)
    return found


FACTORIES = {kind._meta.model: kind for kind in _concrete()}


def test_every_table_has_one() -> None:
    mapped = {mapper.class_ for mapper in Base.registry.mappers}
    assert mapped - set(FACTORIES) == set()


@pytest.mark.postgres
@pytest.mark.parametrize("model", sorted(FACTORIES, key=str))
def test_what_it_makes_stands_twice(make: Make, model: type[Base]) -> None:
    first, second = make(FACTORIES[model]), make(FACTORIES[model])
    assert isinstance(first, model)
    keys = [type(row).__mapper__.primary_key_from_instance(row) for row in (first, second)]
    assert (keys[0] == keys[1]) is (
        model in (PeopleSetting, CountedMoment)
    )  # of which the database holds one row


def test_rows_below_one_participation_are_its_own(make: Make) -> None:
    mine = make(ParticipationFactory)
    interview = make(InterviewFactory, participation=mine)
    assert interview.participation_id == mine.id
    assert (interview.agency_id, interview.province_id) == (mine.agency_id, mine.province_id)
    assert isinstance(mine, Participation)
