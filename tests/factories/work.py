"""What an agency and its assessors do in a round: roster, draw, interviews, OIT, survey links and counts."""

from __future__ import annotations

import factory

from models.correction import CorrectionState, HeadcountCorrection
from models.disclosure import Disclosure, DisclosureAnswer, DisclosureLink
from models.instrument import InstrumentKind
from models.on_site import OnSiteLink
from models.roster import Interview, RosterEntry, RosterJudgement, RosterVerdict, SampleDraw
from models.round import RoundState
from models.survey import (
    AnswerCount,
    Channel,
    ContestedCount,
    CountedMoment,
    DailyCount,
    QuarterCount,
    SurveyLink,
)
from tests.factories.base import OwnedFactory, RowFactory
from tests.factories.rounds import OitItemFactory, ParticipationFactory, RosterGroupFactory
from tests.support.world import NOW


class RosterEntryFactory(RowFactory):
    """A row of a roster with sealed bytes that nobody opens; ``tests.support.rosters`` seals real ones."""

    class Meta:
        model = RosterEntry

    participation = factory.SubFactory(ParticipationFactory)
    number = factory.Sequence(lambda n: n + 1)
    group = factory.SubFactory(RosterGroupFactory, round=factory.SelfAttribute("..participation.round"))
    name_sealed = organisation_sealed = phone_sealed = email_sealed = b"sealed"
    fingerprint = factory.Sequence(lambda n: n.to_bytes(32, "big"))


class RosterJudgementFactory(OwnedFactory):
    class Meta:
        model = RosterJudgement

    verdict = RosterVerdict.REPRESENTATIVE
    judged_at = NOW


class OnSiteLinkFactory(OwnedFactory):
    class Meta:
        model = OnSiteLink

    class Params:
        judgement = factory.SubFactory(
            RosterJudgementFactory,
            verdict=RosterVerdict.COLLECT_ON_SITE,
            participation=factory.SelfAttribute("..participation"),
        )

    participation_id = factory.SelfAttribute("judgement.participation_id")
    code = factory.Sequence(lambda n: f"testonsite{n:08d}")
    made_at = NOW


class SampleDrawFactory(OwnedFactory):
    class Meta:
        model = SampleDraw

    seed = bytes(32)
    roster_size = 40
    sample_size = 5
    drawn_at = NOW


class InterviewFactory(RowFactory):
    class Meta:
        model = Interview

    participation = factory.SubFactory(ParticipationFactory)
    roster_entry = factory.SubFactory(
        RosterEntryFactory, participation=factory.SelfAttribute("..participation")
    )
    position = factory.Sequence(lambda n: n + 1)


class DisclosureFactory(RowFactory):
    class Meta:
        model = Disclosure

    participation = factory.SubFactory(ParticipationFactory)


class DisclosureAnswerFactory(OwnedFactory):
    class Meta:
        model = DisclosureAnswer

    disclosure = factory.SubFactory(DisclosureFactory, participation=factory.SelfAttribute("..participation"))
    item = factory.SubFactory(OitItemFactory)


class DisclosureLinkFactory(OwnedFactory):
    class Meta:
        model = DisclosureLink

    answer = factory.SubFactory(
        DisclosureAnswerFactory, participation=factory.SelfAttribute("..participation")
    )
    position = 1
    url = "https://kohkha.example.go.th/O1.pdf"


class SurveyLinkFactory(RowFactory):
    class Meta:
        model = SurveyLink

    participation = factory.SubFactory(ParticipationFactory)
    instrument = InstrumentKind.IIT
    code = factory.Sequence(lambda n: f"testlink{n:08d}")


class AnswerCountFactory(OwnedFactory):
    class Meta:
        model = AnswerCount

    instrument = InstrumentKind.IIT
    channel = Channel.SELF
    count = 1


class QuarterCountFactory(AnswerCountFactory):
    class Meta:
        model = QuarterCount


class CountedMomentFactory(RowFactory):
    """The one moment of all copies: asked for again, it is the same."""

    class Meta:
        model = CountedMoment
        sqlalchemy_get_or_create = ("id",)

    id = 1
    at = NOW


class HeadcountCorrectionFactory(RowFactory):
    """One that was declined: of those that wait an agency has one at most."""

    class Meta:
        model = HeadcountCorrection

    participation = factory.SubFactory(ParticipationFactory, round__state=RoundState.OPEN)
    state = CorrectionState.DECLINED
    before = 52
    after = 48
    reason = "นับผู้ที่ลาออกแล้วรวมไว้ด้วย"
    asked_at = decided_at = NOW
    asked_by = decided_by = "ผู้ทดลอง"


class DailyCountFactory(AnswerCountFactory):
    class Meta:
        model = DailyCount

    day = NOW.date()


class ContestedCountFactory(OwnedFactory):
    class Meta:
        model = ContestedCount

    instrument = InstrumentKind.IIT
    count = 1
