"""Certificates of results, and their release."""

from __future__ import annotations

import factory

from models.certificate import Certificate, CertificateRelease
from tests.factories.base import OfRoundFactory, RowFactory
from tests.factories.rounds import ParticipationFactory
from tests.support.world import NOW


class CertificateReleaseFactory(OfRoundFactory):
    class Meta:
        model = CertificateRelease

    dated = NOW.date()
    office = "สำนักงานทดลอง"
    signatory = "นายทดลอง ลงนาม"
    position = "เลขาธิการทดลอง"
    letterhead = factory.LazyFunction(lambda: {"emblem": "", "typeface": ""})
    by_key = False
    count = 1
    digest = "0" * 64
    released_at = NOW


class CertificateFactory(RowFactory):
    class Meta:
        model = Certificate

    participation = factory.SubFactory(ParticipationFactory)
    release = factory.SubFactory(CertificateReleaseFactory)
    number = factory.Sequence(lambda n: n + 1)
    public_id = factory.Sequence(lambda n: f"{n:032x}")
    grade = "A"
    data = factory.LazyFunction(
        lambda: {
            "year": "2561",
            "full_name": "เทศบาลตำบลทดลอง",
            "district": "ทดลอง",
            "province": "ทดลอง",
            "total": "90.00",
            "grade": "A",
            "passes": True,
            "pass_mark": "85.00",
        }
    )
