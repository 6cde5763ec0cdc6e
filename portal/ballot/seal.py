"""Sealing answers: HPKE (RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305) to a round's urn.

What is sealed has one length for a questionnaire: the answers, one byte each, then who interviewed (zero for
a respondent), padded. The seal is bound to the box it lies in, so that no row can be moved to another box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from models.answer_codec import RESERVED_BYTES, BadAnswer, pad, padded_size, unpad
from models.instrument import InstrumentKind
from models.survey import Channel

VERSION = "ita-ballot-1"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class Unreadable(ValueError):
    """A sealed answer does not open, or opens to what no form can have sent; the text holds no answer."""


@dataclass(frozen=True)
class Label:
    """Which box a sealed answer lies in."""

    round_id: int
    agency_id: int
    instrument: InstrumentKind
    channel: Channel

    def info(self) -> bytes:
        """What the seal is bound to."""
        parts = (VERSION, self.round_id, self.agency_id, self.instrument.value, self.channel.value)
        return "|".join(map(str, parts)).encode()


@dataclass(frozen=True)
class Content:
    """An opened answer: one byte per sub-item, and the interviewer's account (None for a respondent)."""

    answers: bytes
    interviewer_id: int | None = None


def seal(content: Content, *, label: Label, public_key: bytes) -> bytes:
    """The sealed answer. Raises BadAnswer where the content does not fit its padding."""
    trailer = (content.interviewer_id or 0).to_bytes(RESERVED_BYTES, "big")
    padded = pad(content.answers + trailer, padded_size(len(content.answers)))
    return _SUITE.encrypt(padded, X25519PublicKey.from_public_bytes(public_key), label.info())


def opener(private_key: bytes) -> X25519PrivateKey:
    """The urn's private key as ``unseal`` takes it. Made once for many: it costs a third of an unsealing.

    Raises Unreadable where these are no key.
    """
    try:
        return X25519PrivateKey.from_private_bytes(private_key)
    except ValueError as error:
        raise Unreadable("a private urn key has 32 bytes") from error


def unseal(sealed: bytes, *, label: Label, private_key: bytes | X25519PrivateKey, slots: int) -> Content:
    """Open a sealed answer of ``slots`` sub-items. Raises Unreadable."""
    key = opener(private_key) if isinstance(private_key, bytes) else private_key
    try:
        padded = _SUITE.decrypt(sealed, key, label.info())
        content = unpad(padded, padded_size(slots))
    except (InvalidTag, BadAnswer, ValueError) as error:
        raise Unreadable("a sealed answer could not be opened") from error
    if len(content) != slots + RESERVED_BYTES:
        raise Unreadable("a sealed answer has another number of sub-items")
    interviewer = int.from_bytes(content[slots:], "big")
    return Content(content[:slots], interviewer or None)


def unseal_box(
    sealed: Sequence[tuple[str, bytes]], *, label: Label, private_key: X25519PrivateKey, slots: int
) -> list[bytes | None]:
    """The answers of one box, given as channel and sealed bytes, in their order; None: cannot be read.

    ``label`` is the box's: the channel in it is that of each answer.
    """
    channels = {name: replace(label, channel=Channel(name)) for name in {channel for channel, _one in sealed}}
    answers: list[bytes | None] = []
    for channel, one in sealed:
        try:
            answers.append(unseal(one, label=channels[channel], private_key=private_key, slots=slots).answers)
        except Unreadable:
            answers.append(None)
    return answers
