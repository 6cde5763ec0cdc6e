"""The seal: one length, bound to its box, unreadable without its key."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from models.instrument import InstrumentKind
from models.survey import Channel
from portal.ballot.keys import public_key_of
from portal.ballot.seal import Content, Label, Unreadable, seal, unseal
from tests.support.ballots import sealed_size

PRIVATE = X25519PrivateKey.generate().private_bytes_raw()
LABEL = Label(3, 14, InstrumentKind.EIT, Channel.SELF)


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1, max_size=200), st.none() | st.integers(1, 2**40))
def test_what_is_sealed_opens_to_itself_and_has_one_length(answers: bytes, interviewer: int | None) -> None:
    content = Content(answers, interviewer)
    sealed = seal(content, label=LABEL, public_key=public_key_of(PRIVATE))
    assert len(sealed) == sealed_size(len(answers))
    assert unseal(sealed, label=LABEL, private_key=PRIVATE, slots=len(answers)) == content


@pytest.mark.parametrize(
    "other",
    [
        Label(4, 14, InstrumentKind.EIT, Channel.SELF),
        Label(3, 15, InstrumentKind.EIT, Channel.SELF),
        Label(3, 14, InstrumentKind.IIT, Channel.SELF),
        Label(3, 14, InstrumentKind.EIT, Channel.INTERVIEW),
    ],
)
def test_an_answer_moved_to_another_box_does_not_open(other: Label) -> None:
    sealed = seal(Content(b"\1\2\3"), label=LABEL, public_key=public_key_of(PRIVATE))
    with pytest.raises(Unreadable):
        unseal(sealed, label=other, private_key=PRIVATE, slots=3)


def test_a_changed_byte_another_key_or_another_number_of_lines_do_not_open() -> None:
    sealed = seal(Content(b"\1\2\3"), label=LABEL, public_key=public_key_of(PRIVATE))
    other = X25519PrivateKey.generate().private_bytes_raw()
    for broken, key, slots in (
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), PRIVATE, 3),
        (sealed[:-1], PRIVATE, 3),
        (b"", PRIVATE, 3),
        (sealed, other, 3),
        (sealed, PRIVATE, 4),
    ):
        with pytest.raises(Unreadable):
            unseal(broken, label=LABEL, private_key=key, slots=slots)


def test_two_seals_of_one_answer_differ() -> None:
    one, two = (seal(Content(b"\1"), label=LABEL, public_key=public_key_of(PRIVATE)) for _ in range(2))
    assert one != two


#: interviewer 77's answers 1, 2, 3 of agency 14 in round 3, as version 1 sealed them to the key 00 01 02 … 1f
SEALED_LONG_AGO = (
    "2b73ff84f0ba093eb4dbcf78ddc4e88ccf4d41b8da43c20a9bcb4b4fb174ef6a"  # pragma: allowlist secret
    "2a3cf40e34ec9c9611b86051a13d378e238a3cbec4737038a3c7fed45708638c"  # pragma: allowlist secret
    "9e1b24a7d7b12b7f0b1a426caeb75a9f97c372f6de062c60bc11027e17213b89"  # pragma: allowlist secret
    "ce85fb11392bb996d585099546d75f09"  # pragma: allowlist secret
)


def test_what_was_sealed_long_ago_still_opens() -> None:
    label = Label(3, 14, InstrumentKind.EIT, Channel.INTERVIEW)
    opened = unseal(bytes.fromhex(SEALED_LONG_AGO), label=label, private_key=bytes(range(32)), slots=3)
    assert opened == Content(b"\1\2\3", 77)
