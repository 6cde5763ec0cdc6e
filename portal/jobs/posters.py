"""The poster of a survey as long work: WeasyPrint takes seconds, which a page must not."""

from __future__ import annotations

KIND = "links.poster"
