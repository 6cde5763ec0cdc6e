"""A round, its rules and instruments, and the agencies that take part in it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import factory

from models.instrument import (
    Choice,
    Indicator,
    Instrument,
    InstrumentKind,
    OitItem,
    Question,
    Scale,
    SubItem,
)
from models.participation import Participation
from models.result import Result, ResultNode
from models.round import GradeBand, HeadcountGroup, RosterGroup, Round, SampleRule, Stage, Window, WindowKind
from tests.factories.base import OfRoundFactory, OwnedFactory, RowFactory
from tests.factories.places import AgencyFactory
from tests.support.world import NOW


class RoundFactory(RowFactory):
    """A bare round; ``portal.rounds.setup.make_round`` makes one with the content of a year."""

    class Meta:
        model = Round

    fiscal_year = factory.Sequence(lambda n: 2570 + n)
    name = factory.LazyAttribute(lambda row: f"การประเมินทดลอง พ.ศ. {row.fiscal_year}")


class WindowFactory(RowFactory):
    class Meta:
        model = Window

    round = factory.SubFactory(RoundFactory)
    stage = Stage.PREPARATION
    kind = WindowKind.MAIN
    opens_at = NOW - timedelta(days=7)
    closes_at = NOW + timedelta(days=7)


class GradeBandFactory(OfRoundFactory):
    class Meta:
        model = GradeBand

    grade = "A"
    lower = Decimal(85)


class SampleRuleFactory(OfRoundFactory):
    class Meta:
        model = SampleRule

    instrument = "iit"
    position = factory.Sequence(lambda n: n)
    percent = Decimal(10)


class HeadcountGroupFactory(OfRoundFactory):
    class Meta:
        model = HeadcountGroup

    position = factory.Sequence(lambda n: 100 + n)
    name = "ข้าราชการ"


class RosterGroupFactory(OfRoundFactory):
    class Meta:
        model = RosterGroup

    position = factory.Sequence(lambda n: 100 + n)
    name = "ผู้รับบริการ"


class ParticipationFactory(RowFactory):
    """An agency in a round, with the agency's name and place of that year."""

    class Meta:
        model = Participation

    round = factory.SubFactory(RoundFactory)
    agency = factory.SubFactory(AgencyFactory)
    agency_id = factory.SelfAttribute("agency.id")
    province_id = factory.SelfAttribute("agency.province_id")
    district_id = factory.SelfAttribute("agency.district_id")
    district_name = factory.SelfAttribute("agency.district.name")
    province_name = factory.SelfAttribute("agency.district.province.name")
    code = factory.SelfAttribute("agency.code")
    kind = factory.SelfAttribute("agency.kind")
    size = factory.SelfAttribute("agency.size")
    name = factory.SelfAttribute("agency.name")
    full_name = factory.SelfAttribute("agency.full_name")
    sort_key = factory.SelfAttribute("agency.sort_key")
    search_key = factory.SelfAttribute("agency.search_key")


class InstrumentFactory(RowFactory):
    class Meta:
        model = Instrument

    round = factory.SubFactory(RoundFactory)
    kind = InstrumentKind.IIT
    name = factory.LazyAttribute(lambda row: row.kind.name)
    weight = Decimal(30)


class IndicatorFactory(RowFactory):
    class Meta:
        model = Indicator

    instrument = factory.SubFactory(InstrumentFactory)
    code = factory.Sequence(lambda n: f"T{n}")
    name = "ตัวชี้วัดทดลอง"
    position = factory.Sequence(lambda n: n)


class ScaleFactory(OfRoundFactory):
    class Meta:
        model = Scale

    code = factory.Sequence(lambda n: f"scale-{n}")


class ChoiceFactory(RowFactory):
    class Meta:
        model = Choice

    scale = factory.SubFactory(ScaleFactory)
    position = factory.Sequence(lambda n: n + 1)
    label = "มาก"
    points = Decimal(100)


class QuestionFactory(RowFactory):
    class Meta:
        model = Question

    indicator = factory.SubFactory(IndicatorFactory)
    instrument = factory.SelfAttribute("indicator.instrument")
    scale = factory.SubFactory(ScaleFactory, round=factory.SelfAttribute("..instrument.round"))
    code = factory.Sequence(lambda n: f"Q{n}")
    text = "ท่านเห็นด้วยเพียงใด"
    position = factory.Sequence(lambda n: n)


class SubItemFactory(RowFactory):
    class Meta:
        model = SubItem

    question = factory.SubFactory(QuestionFactory)
    position = 1
    slot = factory.Sequence(lambda n: n)


class OitItemFactory(RowFactory):
    class Meta:
        model = OitItem

    indicator = factory.SubFactory(
        IndicatorFactory, instrument=factory.SubFactory(InstrumentFactory, kind=InstrumentKind.OIT)
    )
    instrument = factory.SelfAttribute("indicator.instrument")
    code = factory.Sequence(lambda n: f"X{n}")
    title = "โครงสร้างหน่วยงาน"
    position = factory.Sequence(lambda n: n)


class ResultFactory(OwnedFactory):
    class Meta:
        model = Result

    round_id = factory.SelfAttribute("participation.round_id")
    total = Decimal("88.5")
    grade = "A"
    computed_at = NOW


class ResultNodeFactory(OwnedFactory):
    class Meta:
        model = ResultNode

    instrument = InstrumentKind.IIT
    level = "instrument"
    code = "iit"
    score = Decimal("88.5")
    n = 12
