"""What a round words by itself, in further languages, and the steps of its builder."""

from __future__ import annotations

from typing import Any

import factory

from models.year import RoundStep, RoundText, RoundTranslation, WordingCorrection
from tests.factories.base import OfRoundFactory
from tests.support.world import NOW


class RoundTextFactory(OfRoundFactory):
    class Meta:
        model = RoundText

    key = factory.Sequence(lambda n: f"form.text_{n}")
    words = "ข้อความของรอบ"


class RoundTranslationFactory(OfRoundFactory):
    class Meta:
        model = RoundTranslation

    language = "en"
    thing = "item"
    code = factory.Sequence(lambda n: f"O{n}")
    field = "title"
    words = "An item"


class RoundStepFactory(OfRoundFactory):
    class Meta:
        model = RoundStep

    number = factory.Sequence(lambda n: n + 1)
    act = "round.save_item"
    what = "O1"
    before: Any = factory.Dict({})
    made_at = NOW


class WordingCorrectionFactory(OfRoundFactory):
    class Meta:
        model = WordingCorrection

    thing = "oit_item"
    row_id = 1
    code = factory.Sequence(lambda n: f"O{n}")
    field = "title"
    before = "โครงสรางของหน่วยงาน"
    after = "โครงสร้างของหน่วยงาน"
    reason = "พิมพ์ตกไม้โท"
    made_at = NOW
