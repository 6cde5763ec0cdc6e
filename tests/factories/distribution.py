"""Rules by which assessor bodies are given agencies, conflicts of interest, acts of giving."""

from __future__ import annotations

import factory

from models.distribution import AssessorConflict, AssessorRule, Distribution, Source
from tests.factories.base import OfRoundFactory, RowFactory
from tests.factories.people import AssessorBodyFactory
from tests.factories.places import ProvinceFactory
from tests.support.world import NOW


class AssessorRuleFactory(OfRoundFactory):
    """All agencies, to nobody yet."""

    class Meta:
        model = AssessorRule

    position = 1


class AssessorConflictFactory(RowFactory):
    """A body that is kept from a province."""

    class Meta:
        model = AssessorConflict

    body = factory.SubFactory(AssessorBodyFactory)
    province = factory.SubFactory(ProvinceFactory)
    reason = "ญาติเป็นผู้บริหาร"


class DistributionFactory(OfRoundFactory):
    """A plan in which nobody moves."""

    class Meta:
        model = Distribution

    source = Source.RULES
    seen = ""
    made_at = NOW
