"""Certificates of key destruction."""

from __future__ import annotations

import factory

from models.destruction import KeyDestruction
from tests.factories.base import OfRoundFactory
from tests.support.world import NOW


class KeyDestructionFactory(OfRoundFactory):
    class Meta:
        model = KeyDestruction

    number = 1
    reason = ""
    written_at = NOW
    written_by = "นายทดลอง บันทึก"
    digest = "0" * 64
    data = factory.LazyFunction(
        lambda: {
            "round": "รอบทดลอง",
            "year": "2561",
            "fingerprint": "0" * 64,
            "opened_at": NOW.isoformat(),
            "marks_gone_at": None,
            "looked_at": NOW.isoformat(),
            "copies": [],
            "office": "สำนักงานทดลอง",
            "emblem": "",
            "typeface": "",
        }
    )
