"""Notes of who chases late agencies."""

from __future__ import annotations

import factory

from models.chasing import ChaseNote, Reached
from tests.factories.base import RowFactory
from tests.factories.rounds import ParticipationFactory
from tests.support.world import NOW


class ChaseNoteFactory(RowFactory):
    class Meta:
        model = ChaseNote

    class Params:
        participation = factory.SubFactory(ParticipationFactory)

    participation_id = factory.SelfAttribute("participation.id")
    province_id = factory.SelfAttribute("participation.province_id")
    reached = Reached.CALLED
    at = NOW
    by = "เจ้าหน้าที่ทดลอง (จังหวัดทดลอง)"
