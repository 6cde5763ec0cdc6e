"""What comes of a text that was typed with the other layout of a Thai keyboard (Kedmanee and Latin)."""

from __future__ import annotations

_LATIN = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./"
_THAI = "_ๅ/-ภถุึคตจขชๆไำพะัีรนยบลฃฟหกดเ้่าสวงผปแอิืทมใฝ"
_LATIN_UP = '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'
_THAI_UP = '%+๑๒๓๔ู฿๕๖๗๘๙๐"ฎฑธํ๊ณฯญฐ,ฅฤฆฏโฌ็๋ษศซ.()ฉฮฺ์?ฒฬฦ'
_TO_LATIN = str.maketrans(_THAI_UP + _THAI, _LATIN_UP + _LATIN)
_TO_THAI = str.maketrans(_LATIN_UP + _LATIN, _THAI_UP + _THAI)


def is_thai(text: str) -> bool:
    """True where a letter or sign of the Thai script stands in it; digits are none."""
    return any("\u0e01" <= sign <= "\u0e4e" for sign in text)


def as_latin(text: str) -> str:
    """The keys of a text that was typed with the Thai layout, as the Latin one has them."""
    return text.translate(_TO_LATIN)


def as_thai(text: str) -> str:
    """The keys of a text that was typed with the Latin layout, as the Thai one has them."""
    return text.translate(_TO_THAI)


def plain_code(typed: str) -> str:
    """The letters and digits of a code as they are compared, however it was typed.

    Small letters, blanks and dashes do not matter; a code has no Thai letter, so one with Thai was typed with
    the other layout.
    """
    latin = as_latin(typed) if is_thai(typed) else typed
    return "".join(letter for letter in latin.upper() if letter.isascii() and letter.isalnum())
