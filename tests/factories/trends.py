"""What two years have in common, as somebody decided it."""

from __future__ import annotations

import factory

from models.instrument import InstrumentKind
from models.year import Likeness, YearLink, YearMapping
from tests.factories.base import OfRoundFactory
from tests.factories.rounds import RoundFactory
from tests.support.world import NOW


class YearLinkFactory(OfRoundFactory):
    class Meta:
        model = YearLink

    class Params:
        earlier = factory.SubFactory(RoundFactory)

    earlier_id = factory.SelfAttribute("earlier.id")
    instrument = InstrumentKind.OIT
    code = factory.Sequence(lambda n: f"O{n}")
    earlier_code = factory.SelfAttribute("code")
    likeness = Likeness.SAME


class YearMappingFactory(OfRoundFactory):
    class Meta:
        model = YearMapping

    class Params:
        earlier = factory.SubFactory(RoundFactory)

    earlier_id = factory.SelfAttribute("earlier.id")
    confirmed_at = NOW
