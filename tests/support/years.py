"""Contents of made-up years: every part in every shape that the builder and a workbook may give it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from models.instrument import InstrumentKind
from models.kinds import AGENCY_KINDS, AGENCY_SIZES
from models.round import CombineRule, Stage, WindowKind
from models.thai import normal_form
from models.zone import BANGKOK
from portal.content.year import (
    ContentBand,
    ContentIndicator,
    ContentInstrument,
    ContentItem,
    ContentLine,
    ContentQuestion,
    ContentSampleRow,
    ContentScale,
    ContentText,
    ContentTranslation,
    ContentWindow,
    YearContent,
    in_order,
)

LETTERS = "กขคงจชดตทนบปผพมยรลวสหอเแโาิีุู่้์ abcXYZ0159,.()/“”-'=+"


def words(most: int = 30) -> st.SearchStrategy[str]:
    """Words as people write them, in their normal form; never empty."""
    return (
        st.text(LETTERS, min_size=1, max_size=most)
        .map(lambda text: " ".join(normal_form(text).split()))
        .filter(bool)
    )


def paragraphs() -> st.SearchStrategy[str]:
    """No, one or several lines."""
    return st.lists(words(), max_size=3).map("\n".join)


def codes(prefix: str, number: int) -> list[str]:
    """So many codes, each once."""
    return [f"{prefix}{place}" for place in range(1, number + 1)]


@st.composite
def scales(draw: Any) -> tuple[ContentScale, ...]:
    """One to three scales, some with a choice without points."""
    made = []
    for code in codes("S", draw(st.integers(1, 3))):
        size = draw(st.integers(2, 6))
        points = [draw(st.decimals(0, 100, places=2)) for _choice in range(size)]
        if draw(st.booleans()):
            points[-1] = None
        labels = tuple(draw(words(12)) for _choice in range(size))
        made.append(ContentScale(code, labels, tuple(points), draw(st.one_of(st.just(""), words(12)))))
    return tuple(made)


@st.composite
def indicators(draw: Any, first: int) -> tuple[ContentIndicator, ...]:
    """Indicators, some with parts below."""
    made = []
    for number in range(first, first + draw(st.integers(1, 3))):
        made.append(ContentIndicator(str(number), draw(words()), None))
        made += [
            ContentIndicator(f"{number}.{part}", draw(words()), str(number))
            for part in range(1, 1 + draw(st.integers(0, 2)))
        ]
    return tuple(made)


def leaves(made: tuple[ContentIndicator, ...]) -> list[str]:
    """The indicators that questions and items may stand in: those with nothing below."""
    above = {one.parent for one in made}
    return [one.code for one in made if one.code not in above]


@st.composite
def survey(draw: Any, kind: InstrumentKind, weight: Decimal, known: tuple[ContentScale, ...]) -> Any:
    """IIT or EIT, with a question in every indicator."""
    made = draw(indicators(1))
    places = leaves(made) + draw(st.lists(st.sampled_from(leaves(made)), max_size=3))
    prefix = draw(st.sampled_from([kind.name[0], "I"]))  # codes are those of their survey
    questions, slot = [], 0
    for code, place in zip(codes(prefix, len(places)), places, strict=True):
        scale = draw(st.sampled_from(known)).code
        number = draw(st.integers(1, 3))
        lines = []
        for position in range(1, number + 1):
            own = draw(st.sampled_from([scale, *(one.code for one in known)]))
            text = draw(words()) if number > 1 else draw(st.one_of(st.just(""), words()))
            lines.append(ContentLine(position, slot, text, own, own != scale))
            slot += 1
        note = draw(paragraphs())
        questions.append(ContentQuestion(code, place, scale, draw(words()), note, tuple(lines)))
    return ContentInstrument(kind.value, draw(words()), weight, made, tuple(questions), ())


@st.composite
def checklist(draw: Any, weight: Decimal) -> ContentInstrument:
    """OIT, with an item in every sub-indicator."""
    made = draw(indicators(9))
    places = leaves(made) + draw(st.lists(st.sampled_from(leaves(made)), max_size=4))
    kinds = st.lists(st.sampled_from([kind.value for kind in AGENCY_KINDS]), max_size=3, unique=True)
    items = tuple(
        ContentItem(code, place, draw(words()), draw(paragraphs()), draw(paragraphs()), tuple(draw(kinds)))
        for code, place in zip(codes("O", len(places)), places, strict=True)
    )
    return ContentInstrument(InstrumentKind.OIT.value, draw(words()), weight, made, (), items)


@st.composite
def sample_rows(draw: Any) -> tuple[ContentSampleRow, ...]:
    """A rule for everybody of each survey, and one of a group."""
    sizes = st.one_of(st.none(), st.sampled_from([size.value for size in AGENCY_SIZES]))
    group = {
        "agency_kind": draw(st.sampled_from([kind.value for kind in AGENCY_KINDS])),
        "agency_size": draw(sizes),
        "province_size": draw(sizes),
    }
    everybody = {"agency_kind": None, "agency_size": None}
    share = draw(st.decimals(0, 100, places=2))
    rows: list[dict[str, Any]] = [
        {"instrument": "iit", **everybody, "upto": 30, "fixed": None, "percent": Decimal(100)},
        {"instrument": "iit", **everybody, "upto": None, "fixed": 400, "percent": None},
        {"instrument": "eit", **everybody, "upto": None, "fixed": None, "percent": share},
        {"instrument": "eit", **group, "upto": None, "fixed": draw(st.integers(0, 90)), "percent": None},
    ]
    return tuple(ContentSampleRow(position=place, **row) for place, row in enumerate(rows, start=1))


@st.composite
def windows(draw: Any) -> tuple[ContentWindow, ...]:
    """Windows of some stages, mostly of whole days."""
    made = []
    for stage in draw(st.lists(st.sampled_from(list(Stage)), unique=True)):
        opens = datetime(2018, 1, 1, tzinfo=BANGKOK) + timedelta(days=draw(st.integers(0, 900)))
        opens += timedelta(minutes=draw(st.sampled_from([0, 0, 510])))
        closes = opens + timedelta(days=draw(st.integers(1, 60)))
        made.append(ContentWindow(stage, draw(st.sampled_from(list(WindowKind))), opens, closes))
    return in_order(made)


@st.composite
def translations(draw: Any, surveys: Sequence[ContentInstrument]) -> tuple[ContentTranslation, ...]:
    """Some texts in English; the first questions of both surveys may have the same code."""
    places = [("item", "O1", "title")]
    places += [("question", f"{one.code}:{one.questions[0].code}", "text") for one in surveys]
    chosen = draw(st.lists(st.sampled_from(places), unique=True))
    return tuple(ContentTranslation("en", thing, code, field, draw(words())) for thing, code, field in chosen)


@st.composite
def contents(draw: Any, fiscal_year: int = 2590) -> YearContent:
    """The content of a year that can be opened."""
    known = draw(scales())
    first = draw(st.integers(0, 100))
    second = draw(st.integers(0, 100 - first))
    weights = (Decimal(first), Decimal(second), Decimal(100 - first - second))
    surveys = (
        draw(survey(InstrumentKind.IIT, weights[0], known)),
        draw(survey(InstrumentKind.EIT, weights[1], known)),
    )
    return YearContent(
        fiscal_year=fiscal_year,
        scheme=draw(st.sampled_from(["ITA", "ITA-2", "ITA-สถานศึกษา"])),
        scales=known,
        instruments=(
            *surveys,
            draw(checklist(weights[2])),
        ),
        sample_rows=draw(sample_rows()),
        bands=(ContentBand("A", Decimal(85), True), ContentBand("F", Decimal(0), False)),
        roster_groups=tuple(draw(st.lists(words(), min_size=1, max_size=4, unique=True))),
        headcount_groups=tuple(draw(st.lists(words(), max_size=3, unique=True))),
        first_digits=draw(st.sampled_from(["12345678", "1", "0123456789"])),
        detail_threshold=draw(st.integers(3, 20)),
        total_threshold=draw(st.integers(1, 3)),
        eit_combine=draw(st.sampled_from([rule.value for rule in CombineRule])),
        grace_seconds=draw(st.integers(0, 7200)),
        office_grace_seconds=draw(st.integers(0, 7200)),
        demo_wording=draw(st.booleans()),
        windows=draw(windows()),
        texts=tuple(
            draw(
                st.lists(
                    st.builds(ContentText, st.sampled_from(["survey.thanks", "notice.closed"]), words()),
                    max_size=1,
                )
            )
        ),
        translations=draw(translations(surveys)),
    )
