"""Rules of reminders, agencies that get none, and e-mails to late agencies."""

from __future__ import annotations

from datetime import timedelta

import factory

from models.reminder import ChaseMail, MailState, ReminderRule, ReminderStop
from models.round import Stage
from tests.factories.base import OfRoundFactory, RowFactory
from tests.factories.rounds import ParticipationFactory
from tests.support.world import NOW


class ReminderRuleFactory(OfRoundFactory):
    class Meta:
        model = ReminderRule

    stage = Stage.PREPARATION
    days = 3


class ReminderStopFactory(RowFactory):
    class Meta:
        model = ReminderStop

    class Params:
        participation = factory.SubFactory(ParticipationFactory)

    participation_id = factory.SelfAttribute("participation.id")
    province_id = factory.SelfAttribute("participation.province_id")
    at = NOW
    by = "เจ้าหน้าที่ทดลอง (จังหวัดทดลอง)"


class ChaseMailFactory(RowFactory):
    class Meta:
        model = ChaseMail

    class Params:
        participation = factory.SubFactory(ParticipationFactory)

    participation_id = factory.SelfAttribute("participation.id")
    province_id = factory.SelfAttribute("participation.province_id")
    day = NOW.date()
    address = "office@example.go.th"
    subject = "เรื่องทดลอง"
    text = "ข้อความทดลอง"
    state = MailState.WAITING
    made_at = next_at = NOW
    until = NOW + timedelta(days=1)
    by = "เจ้าหน้าที่ทดลอง (จังหวัดทดลอง)"
