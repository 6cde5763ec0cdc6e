"""What a round asks: that all of it is there, leads somewhere and can be scored."""

from __future__ import annotations

from collections.abc import Iterator

from models.instrument import InstrumentKind
from portal.ballot.languages import NAMES
from portal.content.year import ContentInstrument, ContentQuestion, ContentScale, YearContent
from portal.rounds.checking.found import Found, Level, Page, Where
from portal.rounds.content.texts import languages_of, missing_in

OIT = InstrumentKind.OIT.value
FEWEST_CHOICES = 2


def instruments(content: YearContent) -> Iterator[Found]:
    """Each instrument asks something."""
    there = {one.code: one for one in content.instruments}
    for kind in InstrumentKind:
        one = there.get(kind.value)
        if one is None or not (one.questions or one.items):
            yield Found(
                "%(instrument)s has no questions or items: the round cannot be assessed",
                {"instrument": kind.name},
                Where(Page.TREE, kind.value),
            )


def scales(content: YearContent) -> Iterator[Found]:
    """Each scale has at least two choices with points; one that nothing uses is worth a look."""
    used = {line.scale for one in content.instruments for row in one.questions for line in row.lines}
    used |= {row.scale for one in content.instruments for row in one.questions}
    for scale in content.scales:
        said = {"scale": scale.name or scale.code}
        here = Where(Page.SCALE, code=scale.code)
        with_points = [points for points in scale.points if points is not None]
        if len(with_points) < FEWEST_CHOICES:
            reason = "The scale %(scale)s needs at least two choices with points"
            yield Found(reason, said, here)
        elif len(set(with_points)) == 1:
            reason = "All choices of the scale %(scale)s give the same points"
            yield Found(reason, said, here, Level.WARNING)
        if scale.code not in used:
            reason = "No question uses the scale %(scale)s: it may be deleted"
            yield Found(reason, said, Where(Page.SCALES), Level.WARNING)


def orphans(content: YearContent) -> Iterator[Found]:
    """Nothing hangs loose: indicators ask something, questions and items have an indicator and a scale."""
    known = {scale.code for scale in content.scales}
    for one in content.instruments:
        codes = {row.code for row in one.indicators}
        yield from _empty_indicators(one)
        for question in one.questions:
            here = Where(Page.QUESTION, one.code, question.code)
            if question.indicator not in codes:
                yield Found("Question %(code)s stands in no indicator", {"code": question.code}, here)
            if not {question.scale, *(line.scale for line in question.lines)} <= known:
                yield Found("Question %(code)s has no scale", {"code": question.code}, here)
        for item in one.items:
            if item.indicator not in codes:
                here = Where(Page.ITEM, one.code, item.code)
                yield Found("Item %(code)s stands in no indicator", {"code": item.code}, here)


def _empty_indicators(one: ContentInstrument) -> Iterator[Found]:
    """An indicator has questions, items or parts; a part has a parent and something in it."""
    inside = {row.indicator for row in one.questions} | {row.indicator for row in one.items}
    parents = {row.parent for row in one.indicators if row.parent}
    codes = {row.code for row in one.indicators}
    for row in one.indicators:
        here, said = Where(Page.INDICATOR, one.code, row.code), {"code": row.code}
        if row.parent and row.parent not in codes:
            yield Found("Sub-indicator %(code)s belongs to an indicator that is not there", said, here)
        if row.code not in inside and row.code not in parents:
            reason = "Indicator %(code)s has nothing in it: add to it, or delete it"
            yield Found(reason, said, Where(Page.TREE, one.code, f"indicator-{row.code}"))


def words(content: YearContent) -> Iterator[Found]:
    """Every text that people read is there; a translation may be incomplete."""
    for one in content.instruments:
        yield from _words_of(one)
    for scale in content.scales:
        yield from _words_of_scale(scale)
    for text in content.texts:
        if not text.words.strip():
            yield Found("A text of a public page is empty", {}, Where(Page.TEXTS))
    for language in languages_of(content):
        missing = sum(text.shown for text in missing_in(content, language))
        if missing:
            yield Found(
                "%(count)s texts are not there in the language %(language)s yet: Thai is shown for them",
                {"count": missing, "language": NAMES.get(language, language)},
                Where(Page.LANGUAGE, code=language),
                Level.WARNING,
            )


def _words_of(one: ContentInstrument) -> Iterator[Found]:
    if not one.name.strip():
        said = {"instrument": one.code.upper()}
        yield Found("%(instrument)s has no name", said, Where(Page.INSTRUMENT, one.code))
    for row in one.indicators:
        if not row.name.strip():
            here = Where(Page.INDICATOR, one.code, row.code)
            yield Found("Indicator %(code)s has no name", {"code": row.code}, here)
    for question in one.questions:
        if not _is_worded(question):
            here = Where(Page.QUESTION, one.code, question.code)
            reason = "Question %(code)s lacks its text or that of a line"
            yield Found(reason, {"code": question.code}, here)
    for item in one.items:
        here, said = Where(Page.ITEM, one.code, item.code), {"code": item.code}
        if not item.title.strip():
            yield Found("Item %(code)s does not say what is disclosed", said, here)
        if not item.criterion.strip():
            yield Found("Item %(code)s has no criterion", said, here, Level.WARNING)


def _is_worded(question: ContentQuestion) -> bool:
    """A lone line without text is the question itself."""
    lines = len(question.lines) == 1 or all(line.text.strip() for line in question.lines)
    return bool(question.text.strip() and question.lines and lines)


def _words_of_scale(scale: ContentScale) -> Iterator[Found]:
    if not all(label.strip() for label in scale.labels):
        said, here = {"scale": scale.name or scale.code}, Where(Page.SCALE, code=scale.code)
        yield Found("A choice of the scale %(scale)s has no words", said, here)
