"""Answers as bytes of one length: one byte per closed sub-item, padded so that no length tells anything.

A byte is the position of the chosen choice, from 1; 0 is "not answered". The padded form is two bytes of
length (big endian), the content, and zero bytes up to a multiple of 64. The same size holds for all answers
of a questionnaire, whatever was answered and through whichever channel.
"""

from __future__ import annotations

from collections.abc import Sequence

BLOCK = 64
LENGTH_BYTES = 2
#: room for what travels inside the seal beside the answers (who interviewed), in every answer alike
RESERVED_BYTES = 8
UNANSWERED = 0


class BadAnswer(ValueError):
    """Choices or bytes that no respondent's form can have produced; the text holds no answer."""


def encode(choices: Sequence[int | None], *, limits: Sequence[int]) -> bytes:
    """One byte per sub-item. ``limits`` has the number of choices of each sub-item, in slot order.

    Raises BadAnswer where the counts differ or a choice is not of its scale.
    """
    if len(choices) != len(limits):
        raise BadAnswer("the answer does not have one choice per sub-item")
    content = bytearray()
    for choice, limit in zip(choices, limits, strict=True):
        value = UNANSWERED if choice is None else choice
        if not 0 <= value <= min(limit, 255):
            raise BadAnswer("a choice is not of its scale")
        content.append(value)
    return bytes(content)


def padded_size(slots: int, free_text_bytes: int = 0) -> int:
    """The smallest multiple of 64 that fits the largest answer of the questionnaire.

    ``free_text_bytes`` is the sum of the fixed fields for free text, 0 where a round has none.
    """
    if slots < 0 or free_text_bytes < 0:
        raise ValueError("sizes are not negative")
    needed = LENGTH_BYTES + RESERVED_BYTES + slots + free_text_bytes
    return -(-needed // BLOCK) * BLOCK


def pad(content: bytes, size: int) -> bytes:
    """The content in ``size`` bytes. Raises BadAnswer where it does not fit."""
    if len(content) > min(size - LENGTH_BYTES, 0xFFFF):
        raise BadAnswer("the answer is larger than the questionnaire allows")
    return (len(content).to_bytes(LENGTH_BYTES, "big") + content).ljust(size, b"\0")


def unpad(padded: bytes, size: int) -> bytes:
    """The content of a padded answer. Raises BadAnswer where size, length or padding are wrong."""
    if len(padded) != size or size < LENGTH_BYTES:
        raise BadAnswer("the padded answer has another size")
    end = LENGTH_BYTES + int.from_bytes(padded[:LENGTH_BYTES], "big")
    if end > size or any(padded[end:]):
        raise BadAnswer("the padding is broken")
    return padded[LENGTH_BYTES:end]
