"""Notes of who chases late agencies, and more time for them."""

from __future__ import annotations

from datetime import timedelta

import factory

from models.chasing import ChaseNote, Reached
from models.participation import Extension
from models.round import Stage
from tests.factories.base import OwnedFactory, RowFactory
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


class ExtensionFactory(OwnedFactory):
    """A week more of preparation."""

    class Meta:
        model = Extension

    stage = Stage.PREPARATION
    extends_from = NOW
    until = NOW + timedelta(days=7)
    reason = "ระบบอินเทอร์เน็ตของหน่วยงานขัดข้อง"
    given_at = NOW - timedelta(hours=1)
    given_by = "เจ้าหน้าที่ทดลอง (กรมทดลอง)"
