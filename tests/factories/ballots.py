"""The box: marks, sealed and opened answers. The bytes are nobody's; ``portal.ballot`` seals real ones."""

from __future__ import annotations

import factory

from models.ballot import Mark, OpenedAnswer, SealedAnswer, SetAside, UrnKey
from models.instrument import InstrumentKind
from models.survey import Channel
from tests.factories.base import OfRoundFactory, RowFactory
from tests.factories.rounds import ParticipationFactory


class UrnKeyFactory(OfRoundFactory):
    class Meta:
        model = UrnKey

    public_key = bytes(32)


class MarkFactory(OfRoundFactory):
    class Meta:
        model = Mark

    mark = factory.Sequence(lambda n: n.to_bytes(32, "big"))


class BoxFactory(RowFactory):
    """One row in the box of an agency's survey."""

    class Meta:
        abstract = True

    class Params:
        participation = factory.SubFactory(ParticipationFactory)

    participation_id = factory.SelfAttribute("participation.id")
    instrument = InstrumentKind.IIT
    channel = Channel.SELF
    key = factory.Sequence(lambda n: n.to_bytes(16, "big"))


class OpenedAnswerFactory(BoxFactory):
    class Meta:
        model = OpenedAnswer

    answers = b"\x01"


class SetAsideFactory(BoxFactory):
    class Meta:
        model = SetAside

    sealed = b"sealed"


class SealedAnswerFactory(SetAsideFactory):
    class Meta:
        model = SealedAnswer

    round_id = factory.SelfAttribute("participation.round_id")
