"""Letters, their settings, files, and the jobs that make them."""

from __future__ import annotations

import hashlib

import factory

from models.job import DutyRun, Job, Lane
from models.letter import Letter, LetterKind, LetterSetting, StoredFile
from tests.factories.base import OfRoundFactory, RowFactory
from tests.factories.places import ProvinceFactory
from tests.support.world import NOW


class StoredFileFactory(RowFactory):
    class Meta:
        model = StoredFile

    name = "หนังสือ.pdf"
    content_type = "application/pdf"
    content = b"%PDF-1.7"
    size = factory.LazyAttribute(lambda row: len(row.content))
    sha256 = factory.LazyAttribute(lambda row: hashlib.sha256(row.content).hexdigest())
    created_at = NOW


class LetterFactory(OfRoundFactory):
    class Meta:
        model = Letter

    kind = LetterKind.CIRCULAR
    number = factory.Sequence(lambda n: f"มท 0810.7/ว {n + 1}")
    dated = NOW.date()
    subject = "การประเมินคุณธรรมและความโปร่งใส"
    data = factory.LazyFunction(dict)
    file = factory.SubFactory(StoredFileFactory)
    created_at = NOW


class LetterSettingFactory(RowFactory):
    class Meta:
        model = LetterSetting

    class Params:
        province = factory.SubFactory(ProvinceFactory)

    kind = LetterKind.PROVINCE_SUMMARY
    province_id = factory.SelfAttribute("province.id")
    texts = factory.LazyFunction(dict)


class JobFactory(RowFactory):
    class Meta:
        model = Job

    kind = "letters.circulars"
    title = "งานทดลอง"
    lane = Lane.LONG
    created_at = NOW


class DutyRunFactory(RowFactory):
    class Meta:
        model = DutyRun

    name = factory.Sequence(lambda n: f"duty-{n}")
    period = "2018-11-09"
    started_at = NOW
