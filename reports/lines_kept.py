"""Lines that were measured before: a table has its heads on each page, the letters of a batch say the same.

``weasyprint.layout.inline.split_first_line`` is private to WeasyPrint: the version is locked, and a test says
so when it changes, or reads more of a style than the values named here.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from weasyprint.layout import inline

from reports.line_ends import parts_of

#: what a line's measures follow from, beside its text
READ = (
    *("font_family", "font_size", "font_style", "font_stretch", "font_weight", "font_kerning", "line_height"),
    *("font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_numeric"),
    *("font_variant_alternates", "font_variant_east_asian", "font_feature_settings"),
    *("font_variation_settings", "font_language_override", "lang", "direction", "white_space", "word_break"),
    *("letter_spacing", "word_spacing", "overflow_wrap", "tab_size", "text_decoration_line", "hyphens"),
    *("hyphenate_character", "hyphenate_limit_chars", "hyphenate_limit_zone"),
)
_KEPT_LIMIT = 3000
_split_first_line = inline.split_first_line
_kept: dict[Hashable, Any] = {}


def keep_lines() -> None:
    """From now on this process measures equal lines once."""
    inline.split_first_line = _once


def _once(
    text: str, style: Any, context: Any, max_width: float | None, justification_spacing: float, **how: Any
) -> Any:
    """The first line of a text as WeasyPrint measures it; nobody changes it: a justified line is another."""
    key = (text, *parts_of(text), _look(style), max_width, justification_spacing, *how.items())
    if key not in _kept:
        if len(_kept) >= _KEPT_LIMIT:
            _kept.clear()
        _kept[key] = _split_first_line(text, style, context, max_width, justification_spacing, **how)
    return _kept[key]


def _look(style: Any) -> str:
    """The values of ``READ``, put together once for a style."""
    if not hasattr(style, "look_of_lines"):
        style.look_of_lines = repr([style[name] for name in READ])
    look: str = style.look_of_lines
    return look
