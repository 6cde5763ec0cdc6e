"""Letters, their settings, files, and the jobs that make them."""

from __future__ import annotations

import hashlib
from functools import cache
from io import BytesIO

import factory
from pikepdf import Pdf

from models.delivery import Delivery, LetterNotice, ReceiptBook, desk_of
from models.dispatch import Dispatch, LetterNumber, NumberSeries, NumberUse
from models.job import DutyRun, Job, Lane
from models.letter import Letter, LetterKind, StoredFile
from models.letter_office import LetterOffice, OfficeKind, Signatory
from models.letter_text import OfficeText, TextKind
from tests.factories.base import OfRoundFactory, RowFactory
from tests.factories.places import ProvinceFactory
from tests.support.world import NOW


@cache
def one_page() -> bytes:
    """The smallest letter: an empty page."""
    out = BytesIO()
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


class StoredFileFactory(RowFactory):
    class Meta:
        model = StoredFile

    name = "หนังสือ.pdf"
    content_type = "application/pdf"
    content = factory.LazyFunction(one_page)
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


class LetterOfficeFactory(RowFactory):
    class Meta:
        model = LetterOffice

    class Params:
        province = factory.SubFactory(ProvinceFactory)

    kind = OfficeKind.PROVINCE
    province_id = factory.SelfAttribute("province.id")
    texts = factory.LazyFunction(dict)


class SignatoryFactory(RowFactory):
    class Meta:
        model = Signatory

    office = factory.SubFactory(LetterOfficeFactory)
    province_id = factory.SelfAttribute("office.province_id")
    name = "นายทดลอง ลงนาม"
    position = "อธิบดีทดลอง"


class OfficeTextFactory(RowFactory):
    class Meta:
        model = OfficeText

    class Params:
        office = factory.SubFactory(LetterOfficeFactory)

    office_id = factory.SelfAttribute("office.id")
    province_id = factory.SelfAttribute("office.province_id")
    kind = TextKind.PROVINCE
    number = factory.Sequence(lambda n: n + 1)
    source = "เรื่อง: ทดลอง\nเรียน: ท่าน\n\nด้วยทดลอง\n\nจึงเรียนมาเพื่อโปรดทราบ\n"
    made_at = NOW


class DispatchFactory(OfRoundFactory):
    class Meta:
        model = Dispatch

    office = factory.SubFactory(LetterOfficeFactory)
    province_id = factory.SelfAttribute("office.province_id")
    kind = LetterKind.CIRCULAR
    subject = "การประเมินคุณธรรมและความโปร่งใส"
    made_at = NOW


class NumberSeriesFactory(RowFactory):
    class Meta:
        model = NumberSeries

    class Params:
        office = factory.SubFactory(LetterOfficeFactory)

    office_id = factory.SelfAttribute("office.id")
    province_id = factory.SelfAttribute("office.province_id")
    year = 2561
    circulars = False
    first = 1
    last = 0


class LetterNumberFactory(RowFactory):
    class Meta:
        model = LetterNumber

    class Params:
        office = factory.SubFactory(LetterOfficeFactory)

    office_id = factory.SelfAttribute("office.id")
    province_id = factory.SelfAttribute("office.province_id")
    year = 2561
    circulars = False
    number = factory.Sequence(lambda n: n + 1)
    use = NumberUse.RESERVED
    reason = "ทดลอง"
    taken_at = NOW


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


class DeliveryFactory(OfRoundFactory):
    class Meta:
        model = Delivery

    class Params:
        province = factory.SubFactory(ProvinceFactory)

    letter = factory.SubFactory(LetterFactory)
    dispatch = factory.SubFactory(DispatchFactory)
    province_id = factory.SelfAttribute("province.id")
    desk = factory.LazyAttribute(lambda row: desk_of(row.province_id, row.agency_id))
    agency_id = None
    sender = "กรมทดลอง"
    number = "มท 0810.7/ว 1"
    dated = NOW.date()
    subject = "การประเมินคุณธรรมและความโปร่งใส"
    sent_at = NOW


class ReceiptBookFactory(RowFactory):
    class Meta:
        model = ReceiptBook

    class Params:
        province = factory.SubFactory(ProvinceFactory)

    province_id = factory.SelfAttribute("province.id")
    desk = factory.LazyAttribute(lambda row: desk_of(row.province_id, None))


class LetterNoticeFactory(RowFactory):
    class Meta:
        model = LetterNotice

    class Params:
        delivery = factory.SubFactory(DeliveryFactory)

    delivery_id = factory.SelfAttribute("delivery.id")
    address = factory.Sequence(lambda n: f"office{n}@example.go.th")
    tried_at = NOW
