"""Which fonts this machine can print with, asked of fontconfig itself: the library that the printers draw by.

Fontconfig never says no: for a font that is not there it names another, and the letter would come out at a
size that was meant for the missing one.
"""

from __future__ import annotations

import ctypes

_SOURCES = ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll")
_FAMILY = b"family"


def is_installed(family: str) -> bool:
    """True where the machine has a font of this family; looked up afresh: a new font counts at once."""
    library = _library()
    if library is None:
        return False
    config = library.FcInitLoadConfigAndFonts()
    pattern = library.FcPatternCreate()
    try:
        library.FcPatternAddString(pattern, _FAMILY, family.encode())
        library.FcConfigSubstitute(config, pattern, 0)
        library.FcDefaultSubstitute(pattern)
        return family.casefold() in (name.casefold() for name in _match(library, config, pattern))
    finally:
        library.FcPatternDestroy(pattern)
        library.FcConfigDestroy(config)


def _match(library: ctypes.CDLL, config: int, pattern: int) -> list[str]:
    """The names of the family that fontconfig would take."""
    result = ctypes.c_int()
    match = library.FcFontMatch(config, pattern, ctypes.byref(result))
    if not match:
        return []
    names: list[str] = []
    value = ctypes.c_char_p()
    while library.FcPatternGetString(match, _FAMILY, len(names), ctypes.byref(value)) == 0:
        names.append((value.value or b"").decode("utf-8", "replace"))
    library.FcPatternDestroy(match)
    return names


def _library() -> ctypes.CDLL | None:
    """Fontconfig with its signatures; None where it is not there (nor are the printers then)."""
    for name in _SOURCES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        pointer = ctypes.c_void_p
        for function in ("FcInitLoadConfigAndFonts", "FcPatternCreate", "FcFontMatch"):
            getattr(library, function).restype = pointer
        library.FcPatternAddString.argtypes = (pointer, ctypes.c_char_p, ctypes.c_char_p)
        library.FcConfigSubstitute.argtypes = (pointer, pointer, ctypes.c_int)
        library.FcDefaultSubstitute.argtypes = (pointer,)
        library.FcFontMatch.argtypes = (pointer, pointer, ctypes.POINTER(ctypes.c_int))
        library.FcPatternGetString.argtypes = (
            pointer,
            ctypes.c_char_p,
            ctypes.c_int,
            ctypes.POINTER(ctypes.c_char_p),
        )
        library.FcPatternDestroy.argtypes = (pointer,)
        library.FcConfigDestroy.argtypes = (pointer,)
        return library
    return None
