"""Contacts, second factors, and what fifteen thousand accounts are made with."""

from __future__ import annotations

from datetime import timedelta

import factory

from models.contact import AgencyContact, ProvinceContact
from models.onboarding import (
    AccountBatch,
    BatchKind,
    LostPassword,
    MailCode,
    MailPurpose,
    PeopleSetting,
    SlipOrder,
)
from models.second_factor import Passkey, RecoveryCode, TotpSecret
from tests.factories.base import OfAccountFactory, RowFactory
from tests.factories.people import AccountFactory
from tests.factories.places import AgencyFactory, ProvinceFactory
from tests.support.world import NOW


class AgencyContactFactory(RowFactory):
    class Meta:
        model = AgencyContact

    agency = factory.SubFactory(AgencyFactory)
    agency_id = factory.SelfAttribute("agency.id")
    province_id = factory.SelfAttribute("agency.province_id")
    phone = "0 2555 0100"


class ProvinceContactFactory(RowFactory):
    class Meta:
        model = ProvinceContact

    province = factory.SubFactory(ProvinceFactory)
    province_id = factory.SelfAttribute("province.id")
    phone = "0 2555 0199"


class PeopleSettingFactory(RowFactory):
    """The one row of the back office's settings: asked for again, it is the same."""

    class Meta:
        model = PeopleSetting
        sqlalchemy_get_or_create = ("single",)

    single = True


class AccountBatchFactory(RowFactory):
    class Meta:
        model = AccountBatch

    kind = BatchKind.LACKING
    made_at = NOW


class SlipOrderFactory(OfAccountFactory):
    class Meta:
        model = SlipOrder

    salt = b"s" * 16
    public_key = b"k" * 32
    ordered_at = NOW


class MailCodeFactory(OfAccountFactory):
    class Meta:
        model = MailCode

    purpose = MailPurpose.PROVE
    address = "tester@example.go.th"
    code_hash = factory.Sequence(lambda n: n.to_bytes(32, "big"))
    expires_at = NOW + timedelta(hours=1)


class LostPasswordFactory(RowFactory):
    class Meta:
        model = LostPassword

    account = factory.SubFactory(AccountFactory)
    asked_at = NOW


class TotpSecretFactory(OfAccountFactory):
    class Meta:
        model = TotpSecret

    sealed = b"sealed"
    made_at = NOW


class RecoveryCodeFactory(OfAccountFactory):
    class Meta:
        model = RecoveryCode

    code_hash = factory.Sequence(lambda n: n.to_bytes(32, "big"))
    made_at = NOW


class PasskeyFactory(OfAccountFactory):
    class Meta:
        model = Passkey

    credential_id = factory.Sequence(lambda n: n.to_bytes(32, "big"))
    credential = b"public"
    name = "โทรศัพท์ทดลอง"
    host = "localhost"
    made_at = NOW
