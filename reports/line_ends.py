"""Lines end where ``reports.unbroken`` lets them: its parts are marked in what WeasyPrint hands to Pango.

``weasyprint.text.line_break.Layout`` is private to WeasyPrint: the version is locked, and a test says so when
it changes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, pango

from reports.unbroken import unbroken

ffi.cdef("PangoAttribute * pango_attr_allow_breaks_new (gboolean allow_breaks);")


#: the last long texts: WeasyPrint lays out what is left of a paragraph once for each of its lines
_recent: deque[str] = deque(maxlen=4)
_SHORT = 24


def parts_of(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a text in which no line may end; of the rest of a paragraph as of the whole."""
    if len(text) <= _SHORT:
        return iter(unbroken(text))
    for whole in _recent:
        if (at := whole.find(text)) >= 0:
            return _within(whole, at, at + len(text))
    _recent.append(text)
    return iter(unbroken(text))


def line_ends(text: str) -> Iterator[int]:
    """The places of a text at which a line of it may end."""
    attributes = line_break.get_log_attrs(text, "th")
    held = tuple(unbroken(text))
    for place in range(1, len(text)):
        if attributes[place].is_line_break and not any(start < place < end for start, end in held):
            yield place


def _within(whole: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    for start, end in unbroken(whole):
        if end > first and start < last:
            yield max(start, first) - first, min(end, last) - first


class _Layout(line_break.Layout):
    """A text on its way to Pango, with the parts that stay on one line.

    WeasyPrint lets go of Pango's layout of every text and has it made again to draw it; kept, a line costs a
    third less and its paper some megabytes more. A justified line is drawn with other spaces than it was
    measured with, and is made again.
    """

    def deactivate(self) -> None:
        """Keep Pango's layout for the drawing, not the styles of a whole document."""
        self.style = None

    def reactivate(self, style: Any) -> None:
        """Nothing, where the line is drawn as it was measured."""
        if self.justification_spacing:
            super().reactivate(style)

    def set_text(self, text: str, justify: bool = False) -> None:
        super().set_text(text, justify)
        if "\n" not in text:
            # as the drawing asks for: asked for now, the line is not made again for it
            pango.pango_layout_set_single_paragraph_mode(self.layout, True)
        parts = tuple(parts_of(self.text))
        if not parts:
            return
        attributes: Any = pango.pango_layout_get_attributes(self.layout)
        if attributes == ffi.NULL:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        for start, end in parts:
            attribute = pango.pango_attr_allow_breaks_new(False)
            attribute.start_index = len(self.text[:start].encode())
            attribute.end_index = len(self.text[:end].encode())
            pango.pango_attr_list_insert(attributes, attribute)
        pango.pango_layout_set_attributes(self.layout, attributes)


def hold_parts_together() -> None:
    """Every text that this process lays out from now on keeps its unbroken parts on one line."""
    line_break.Layout = _Layout
