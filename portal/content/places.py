"""How things are named in further languages: indicators and questions by instrument and code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from portal.content.year import ContentTranslation, YearContent

#: the surveys, whose questions may share their codes
SURVEYS = ("iit", "eit")
#: things that were once named by their code alone
ONCE_BARE = frozenset({"question", "line"})


def place_of(instrument: str, code: str) -> str:
    """How an indicator, a question or a line is named: "eit:E1.2"."""
    return f"{instrument}:{code}"


def is_bare(thing: str, code: str) -> bool:
    """True for a question or line that is named by its code alone: it then speaks of both surveys."""
    return thing in ONCE_BARE and code.partition(":")[0] not in SURVEYS


def told_apart(content: YearContent) -> YearContent:
    """The content with no translation named by a bare code of a question that there is.

    Rounds opened before instruments were named, and workbooks of that time, have such rows. What names its
    instrument counts more; a code of no question stays as it is.
    """
    if not any(is_bare(row.thing, row.code) for row in content.translations):
        return content
    there = set(_asked(content))
    said = {_key(row) for row in content.translations}

    def apart(row: ContentTranslation) -> Iterator[ContentTranslation]:
        codes = [place_of(survey, row.code) for survey in SURVEYS]
        known = [code for code in codes if (row.thing, code) in there]
        if not is_bare(row.thing, row.code) or not known:
            yield row
            return
        for new in (replace(row, code=code) for code in known):
            if _key(new) not in said:
                yield new

    return replace(content, translations=tuple(new for row in content.translations for new in apart(row)))


def _asked(content: YearContent) -> Iterator[tuple[str, str]]:
    for one in content.instruments:
        for question in one.questions:
            name = place_of(one.code, question.code)
            yield "question", name
            yield from (("line", f"{name}.{line.position}") for line in question.lines)


def _key(row: ContentTranslation) -> tuple[str, str, str, str]:
    return row.language, row.thing, row.code, row.field
