"""Announcements, the places that they were sent to, and receipts."""

from __future__ import annotations

import factory

from models.account import Role
from models.announcement import Announcement, AnnouncementPlace, AnnouncementReceipt
from tests.factories.base import RowFactory
from tests.factories.people import AccountFactory
from tests.support.world import NOW


class AnnouncementFactory(RowFactory):
    class Meta:
        model = Announcement

    office = Role.DLA
    heading = "ประกาศทดลอง"
    text = "ข้อความทดลอง"
    chosen = factory.LazyFunction(lambda: {"roles": ["province"], "provinces": [], "agencies": []})
    made_at = sent_at = NOW
    made_by = sent_by = "เจ้าหน้าที่ทดลอง (กรมส่งเสริมการปกครองท้องถิ่น)"


class AnnouncementPlaceFactory(RowFactory):
    class Meta:
        model = AnnouncementPlace

    class Params:
        announcement = factory.SubFactory(AnnouncementFactory)

    announcement_id = factory.SelfAttribute("announcement.id")
    role = Role.PROVINCE


class AnnouncementReceiptFactory(RowFactory):
    class Meta:
        model = AnnouncementReceipt

    class Params:
        announcement = factory.SubFactory(AnnouncementFactory)
        account = factory.SubFactory(AccountFactory)

    announcement_id = factory.SelfAttribute("announcement.id")
    account_id = factory.SelfAttribute("account.id")
    role = Role.PROVINCE
    at = NOW
