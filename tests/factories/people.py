"""Accounts, their rights, what is asked for them, what they are told, and what they did."""

from __future__ import annotations

from datetime import timedelta

import factory

from models.account import Account, ActivationCode, Grant, Role, SignInDelay, SignInSession
from models.api_token import ApiToken
from models.assessor import AssessorBody, Assignment
from models.audit import AuditEvent, AuditHead
from models.contributor import Contributor, Part
from models.granting import Asked, GrantRequest, Notice
from models.kept_form import KeptForm
from models.sent_form import SentForm
from tests.factories.base import OfAccountFactory, RowFactory
from tests.factories.rounds import ParticipationFactory
from tests.support.world import NOW


class AccountFactory(RowFactory):
    class Meta:
        model = Account

    username = factory.Sequence(lambda n: f"tester{n}")
    name = factory.LazyAttribute(lambda row: f"ผู้ใช้ทดลอง {row.username}")


class GrantFactory(RowFactory):
    """A right; the back office's, where the test does not say whose."""

    class Meta:
        model = Grant

    account = factory.SubFactory(AccountFactory)
    role = Role.DLA
    valid_from = NOW - timedelta(days=30)


class SignInSessionFactory(RowFactory):
    class Meta:
        model = SignInSession

    class Params:
        grant = factory.SubFactory(GrantFactory)

    token_hash = factory.Sequence(lambda n: n.to_bytes(32, "big"))
    account_id = factory.SelfAttribute("grant.account_id")
    grant_id = factory.SelfAttribute("grant.id")
    created_at = NOW
    last_seen = NOW


class ApiTokenFactory(RowFactory):
    class Meta:
        model = ApiToken

    class Params:
        grant = factory.SubFactory(GrantFactory)

    token_hash = factory.Sequence(lambda n: n.to_bytes(32, "big"))
    account_id = factory.SelfAttribute("grant.account_id")
    grant_id = factory.SelfAttribute("grant.id")
    name = factory.Sequence(lambda n: f"กระดานข้อมูล {n}")
    made_at = NOW
    days = 90


class SignInDelayFactory(RowFactory):
    class Meta:
        model = SignInDelay

    subject = factory.Sequence(lambda n: f"subject-{n}")
    busy_until = 0.0


class ActivationCodeFactory(OfAccountFactory):
    class Meta:
        model = ActivationCode

    code_hash = factory.Sequence(lambda n: n.to_bytes(32, "big"))
    expires_at = NOW + timedelta(days=7)


class AssessorBodyFactory(RowFactory):
    class Meta:
        model = AssessorBody

    name = factory.Sequence(lambda n: f"คณะผู้ประเมินทดลองที่ {n}")


class AssignmentFactory(RowFactory):
    class Meta:
        model = Assignment

    body = factory.SubFactory(AssessorBodyFactory)
    participation = factory.SubFactory(ParticipationFactory)


class GrantRequestFactory(RowFactory):
    class Meta:
        model = GrantRequest

    account = factory.SubFactory(AccountFactory)
    asked_by = factory.SubFactory(AccountFactory)
    what = Asked.RIGHT
    role = Role.DLA
    asked_at = NOW


class NoticeFactory(OfAccountFactory):
    class Meta:
        model = Notice

    kind = "code"
    values = factory.LazyFunction(lambda: {"by": "ผู้ใช้ทดลอง"})
    at = NOW


class ContributorFactory(OfAccountFactory):
    class Meta:
        model = Contributor

    participation = factory.SubFactory(ParticipationFactory)
    part = Part.PREPARATION
    first_at = NOW


class AuditHeadFactory(RowFactory):
    class Meta:
        model = AuditHead

    chain = factory.Sequence(lambda n: f"test:{n}")


class AuditEventFactory(RowFactory):
    """An event alone; its hash is not the chain's (``portal.core.audit`` chains)."""

    class Meta:
        model = AuditEvent

    chain = factory.Sequence(lambda n: f"test:{n}")
    sequence = 1
    at = NOW
    act = "agency.edit"
    thing = "agency"
    row = "1"
    previous_hash = ""
    hash = "0" * 64


class KeptFormFactory(RowFactory):
    class Meta:
        model = KeptForm

    class Params:
        grant = factory.SubFactory(GrantFactory)

    token_hash = factory.Sequence(lambda n: n.to_bytes(32, "big"))
    account_id = factory.SelfAttribute("grant.account_id")
    grant_id = factory.SelfAttribute("grant.id")
    sealed = b"sealed"
    created_at = NOW
    expires_at = NOW + timedelta(minutes=30)


class SentFormFactory(OfAccountFactory):
    class Meta:
        model = SentForm

    key = factory.Sequence(lambda n: n.to_bytes(32, "big"))
    sent_at = NOW
