"""Provinces, districts, agencies and what was imported of them."""

from __future__ import annotations

import factory

from models.agency import Agency
from models.agency_change import AgencyChange, AgencyChangePart, ChangeSort, ChangeState, PartSide
from models.descriptive import DescriptiveField, FieldKind, FieldOwner
from models.kinds import KindRow, SizeRow
from models.place import District, Province
from models.register_import import RegisterImport
from models.sector import Sector
from models.thai import sort_key
from portal.content import local
from portal.core.imports.headings import normal
from tests.factories.base import RowFactory
from tests.support.world import NOW, PROVINCES

#: codes of provinces that the tests' world does not use
FREE_CODES = [f"{number}" for number in range(10, 100) if f"{number}" not in {code for code, *_ in PROVINCES}]


class ProvinceFactory(RowFactory):
    class Meta:
        model = Province

    code = factory.Sequence(lambda n: FREE_CODES[n % len(FREE_CODES)])
    name = factory.Sequence(lambda n: f"จังหวัดทดลองที่ {n}")
    sort_key = factory.LazyAttribute(lambda row: sort_key(row.name))


class DistrictFactory(RowFactory):
    class Meta:
        model = District

    province = factory.SubFactory(ProvinceFactory)
    code = factory.Sequence(lambda n: f"{1000 + n:04d}")
    name = factory.Sequence(lambda n: f"อำเภอทดลองที่ {n}")
    sort_key = factory.LazyAttribute(lambda row: sort_key(row.name))


class AgencyFactory(RowFactory):
    class Meta:
        model = Agency

    district = factory.SubFactory(DistrictFactory)
    province_id = factory.SelfAttribute("district.province_id")
    kind = local.SAO
    size = local.M
    code = factory.Sequence(lambda n: f"{6900000 + n:08d}")
    name = factory.Sequence(lambda n: f"ทดลองที่ {n}")
    full_name = factory.LazyAttribute(lambda row: f"{row.kind.label}{row.name}")
    sort_key = factory.LazyAttribute(lambda row: sort_key(row.name))


class RegisterImportFactory(RowFactory):
    class Meta:
        model = RegisterImport

    file_name = "ทะเบียน.csv"
    sha256 = "0" * 64
    imported_at = NOW
    counts = factory.LazyFunction(dict)
    changes = factory.LazyFunction(list)


class AgencyChangeFactory(RowFactory):
    class Meta:
        model = AgencyChange

    class Params:
        province = factory.SubFactory(ProvinceFactory)

    province_id = factory.SelfAttribute("province.id")
    sort = ChangeSort.RENEWED
    state = ChangeState.DRAFT
    holds_from = NOW.date()
    rests_on = "ประกาศทดลอง"
    made_at = NOW


class AgencyChangePartFactory(RowFactory):
    class Meta:
        model = AgencyChangePart

    class Params:
        agency = factory.SubFactory(AgencyFactory)
        change = factory.SubFactory(AgencyChangeFactory)

    change_id = factory.SelfAttribute("change.id")
    agency_id = factory.SelfAttribute("agency.id")
    province_id = factory.SelfAttribute("agency.province_id")
    side = PartSide.GOES_ON
    state = factory.SelfAttribute("change.state")


class SectorFactory(RowFactory):
    """Another sector beside the first."""

    class Meta:
        model = Sector

    name = factory.Sequence(lambda number: f"กลุ่มทดลองที่ {number + 1}")
    short = factory.Sequence(lambda number: f"กท{number + 1}.")
    office = "สำนักงานทดลองของกลุ่ม"
    province_office = "สำนักงานทดลองจังหวัด"


class KindRowFactory(RowFactory):
    """A kind that the back office added."""

    class Meta:
        model = KindRow

    code = factory.Sequence(lambda number: f"kind_{number + 1}")
    name = factory.Sequence(lambda number: f"ประเภทที่ {number + 1} ของ")
    short = factory.Sequence(lambda number: f"ปท{number + 1}.")
    head = "ผู้อำนวยการ"


class SizeRowFactory(RowFactory):
    """A size that the back office added."""

    class Meta:
        model = SizeRow

    code = factory.Sequence(lambda number: "ABCDEFGHIJKNOPQRTUVWXYZ"[number % 23])
    name = factory.LazyAttribute(lambda row: f"ขนาด {row.code}")


class DescriptiveFieldFactory(RowFactory):
    """A text of an agency."""

    class Meta:
        model = DescriptiveField

    owner = FieldOwner.AGENCY
    key = factory.Sequence(lambda number: f"field_{number + 1}")
    label = factory.Sequence(lambda number: f"ช่องที่ {number + 1}")
    heading = factory.LazyAttribute(lambda row: normal(row.label))
    kind = FieldKind.TEXT
