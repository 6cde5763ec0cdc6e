"""What is made of the counts each night."""

from __future__ import annotations

from datetime import timedelta

import factory

from models.instrument import InstrumentKind
from models.outlook import Outlook, ProvinceDay, Why
from models.round import Stage
from tests.factories.base import RowFactory
from tests.factories.rounds import ParticipationFactory
from tests.support.world import NOW


class ProvinceDayFactory(RowFactory):
    class Meta:
        model = ProvinceDay

    class Params:
        participation = factory.SubFactory(ParticipationFactory)

    round_id = factory.SelfAttribute("participation.round_id")
    province_id = factory.SelfAttribute("participation.province_id")
    instrument = InstrumentKind.IIT
    day = (NOW - timedelta(days=1)).date()
    count = 3


class OutlookFactory(RowFactory):
    class Meta:
        model = Outlook

    class Params:
        participation = factory.SubFactory(ParticipationFactory)

    participation_id = factory.SelfAttribute("participation.id")
    province_id = factory.SelfAttribute("participation.province_id")
    stage = Stage.IIT
    made_on = NOW.date()
    done, needed, expected = 3, 30, 9
    why = Why.TOO_SLOW
