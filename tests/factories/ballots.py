"""The box: marks, sealed and opened answers. The bytes are nobody's; ``portal.ballot`` seals real ones."""

from __future__ import annotations

import factory

from models.ballot import Mark, OpenedAnswer, SealedAnswer, SetAside, UrnKey
from models.instrument import InstrumentKind
from models.survey import Channel
from tests.factories.base import RowFactory
from tests.factories.rounds import ParticipationFactory, RoundFactory


class UrnKeyFactory(RowFactory):
    class Meta:
        model = UrnKey

    class Params:
        round = factory.SubFactory(RoundFactory)

    round_id = factory.SelfAttribute("round.id")
    public_key = bytes(32)


class MarkFactory(RowFactory):
    class Meta:
        model = Mark

    class Params:
        round = factory.SubFactory(RoundFactory)

    round_id = factory.SelfAttribute("round.id")
    mark = factory.Sequence(lambda n: n.to_bytes(32, "big"))


class OpenedAnswerFactory(RowFactory):
    class Meta:
        model = OpenedAnswer

    class Params:
        participation = factory.SubFactory(ParticipationFactory)

    participation_id = factory.SelfAttribute("participation.id")
    instrument = InstrumentKind.IIT
    channel = Channel.SELF
    key = factory.Sequence(lambda n: n.to_bytes(16, "big"))
    answers = b"\x01"


class SetAsideFactory(RowFactory):
    class Meta:
        model = SetAside

    class Params:
        participation = factory.SubFactory(ParticipationFactory)

    participation_id = factory.SelfAttribute("participation.id")
    instrument = InstrumentKind.IIT
    channel = Channel.SELF
    key = factory.Sequence(lambda n: n.to_bytes(16, "big"))
    sealed = b"sealed"


class SealedAnswerFactory(SetAsideFactory):
    class Meta:
        model = SealedAnswer

    round_id = factory.SelfAttribute("participation.round_id")
