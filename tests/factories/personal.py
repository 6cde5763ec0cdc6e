"""Requests about own data, and erasures of rosters."""

from __future__ import annotations

from datetime import timedelta

from models.personal import DataRequest, RequestKind, RequestWay, RosterErasure
from tests.factories.base import OfRoundFactory, OwnedFactory
from tests.support.world import NOW


class DataRequestFactory(OwnedFactory):
    class Meta:
        model = DataRequest

    number = 1
    kind = RequestKind.SEE
    way = RequestWay.CALLED
    received_on = NOW.date()
    due_on = NOW.date() + timedelta(days=30)
    registered_by = "นางทดลอง รับเรื่อง"


class RosterErasureFactory(OfRoundFactory):
    class Meta:
        model = RosterErasure

    kept_until = NOW.date()
    began_at = NOW
