"""The sheets of what holds for a round: settings, samples, grades, groups, windows, words of its pages."""

from __future__ import annotations

from collections.abc import Iterator

from models.instrument import InstrumentKind
from models.kinds import AGENCY_KINDS, AGENCY_SIZES
from portal.content.year import YearContent
from portal.core.stages import STAGE_NAMES
from portal.core.texts import lazy
from portal.register.sizes import SIZES
from portal.rounds.content import cells
from portal.rounds.content.columns import Column, Sheet, Values
from portal.rounds.content.words import COMBINES, WINDOWS


def _settings(content: YearContent) -> Iterator[Values]:
    yield {name: getattr(content, name) for name in SETTINGS}


def _samples(content: YearContent) -> Iterator[Values]:
    for row in content.sample_rows:
        yield {**vars(row)}


def _bands(content: YearContent) -> Iterator[Values]:
    for band in content.bands:
        yield {**vars(band)}


def _groups(content: YearContent) -> Iterator[Values]:
    for place, name in enumerate(content.roster_groups, start=1):
        yield {"place": place, "name": name}


def _headcount(content: YearContent) -> Iterator[Values]:
    for place, name in enumerate(content.headcount_groups, start=1):
        yield {"place": place, "name": name}


def _windows(content: YearContent) -> Iterator[Values]:
    for row in content.windows:
        yield {**vars(row)}


def _texts(content: YearContent) -> Iterator[Values]:
    for row in content.texts:
        yield {**vars(row)}


def _translations(content: YearContent) -> Iterator[Values]:
    for row in content.translations:
        yield {**vars(row)}


_SURVEYS = cells.one_of(lambda: [(kind.value, kind.name) for kind in InstrumentKind if kind.value != "oit"])
_KINDS = cells.one_of(lambda: [(kind.code, kind.label) for kind in AGENCY_KINDS])
_SIZES = cells.one_of(lambda: [(size.code, size.label) for size in AGENCY_SIZES])
_OF_PROVINCES = cells.one_of(lambda: [(size, size) for size in SIZES])
_WORDS = cells.text(longest=4000, lines=True)

#: the settings of a round, which are columns of one row
SETTINGS = (
    "fiscal_year",
    "scheme",
    "first_digits",
    "eit_combine",
    "detail_threshold",
    "total_threshold",
    "grace_seconds",
    "office_grace_seconds",
    "demo_wording",
)

RULES: tuple[Sheet, ...] = (
    Sheet(
        "settings",
        lazy("Settings"),
        lazy("What holds for the whole round: one row"),
        (
            Column("fiscal_year", lazy("Fiscal year"), cells.whole(least=2500, most=2700), needed=True),
            Column("scheme", lazy("Scheme of assessment"), cells.scheme()),
            Column("first_digits", lazy("First digits of IDs"), cells.code(longest=10), needed=True),
            Column(
                "eit_combine",
                lazy("Parts of EIT"),
                cells.one_of(lambda: [(rule.value, str(words)) for rule, words in COMBINES.items()]),
                30,
                needed=True,
            ),
            Column("detail_threshold", lazy("Details from"), cells.whole(least=3, most=1000), needed=True),
            Column("total_threshold", lazy("Totals from"), cells.whole(least=1, most=1000), needed=True),
            Column(
                "grace_seconds", lazy("Grace time of surveys (seconds)"), cells.whole(most=7200), needed=True
            ),
            Column(
                "office_grace_seconds",
                lazy("Grace time of offices (seconds)"),
                cells.whole(most=7200),
                needed=True,
            ),
            Column("demo_wording", lazy("Demonstration wording"), cells.flag()),
        ),
        (),
        _settings,
    ),
    Sheet(
        "samples",
        lazy("Minimum samples"),
        lazy("Up to so many people: a number of answers or a percentage; the row without a limit comes last"),
        (
            Column("instrument", lazy("Instrument"), _SURVEYS, needed=True),
            Column("agency_kind", lazy("Kind of agency"), _KINDS, 26),
            Column("agency_size", lazy("Size"), _SIZES),
            Column("province_size", lazy("Size of the province"), _OF_PROVINCES),
            Column("upto", lazy("Up to (people)"), cells.whole(least=1)),
            Column("fixed", lazy("Answers"), cells.whole()),
            Column("percent", lazy("or percent"), cells.decimal(most=100)),
        ),
        ("instrument", "agency_kind", "agency_size", "province_size", "upto"),
        _samples,
    ),
    Sheet(
        "bands",
        lazy("Grades"),
        lazy("A grade and the score from which it holds; the lowest begins at 0"),
        (
            Column("grade", lazy("Grade"), cells.code(longest=4), needed=True),
            Column("lower", lazy("From (score)"), cells.decimal(most=100), needed=True),
            Column("passes", lazy("Passes the assessment"), cells.flag()),
        ),
        ("grade",),
        _bands,
    ),
    Sheet(
        "groups",
        lazy("Roster groups"),
        lazy("The groups of external stakeholders, in their order"),
        (
            Column("place", lazy("Number"), cells.whole(least=1, most=100), needed=True),
            Column("name", lazy("Name of the group"), cells.text(longest=160), 50, needed=True),
        ),
        ("place",),
        _groups,
    ),
    Sheet(
        "headcount",
        lazy("Headcount groups"),
        lazy("The groups of internal stakeholders that are counted one by one; none: one number is asked"),
        (
            Column("place", lazy("Number"), cells.whole(least=1, most=100), needed=True),
            Column("name", lazy("Name of the group"), cells.text(longest=160), 50, needed=True),
        ),
        ("place",),
        _headcount,
    ),
    Sheet(
        "windows",
        lazy("Windows"),
        lazy("First and last day of each window; the last day is included"),
        (
            Column(
                "stage",
                lazy("Stage"),
                cells.one_of(lambda: [(stage, str(words)) for stage, words in STAGE_NAMES.items()]),
                30,
                needed=True,
            ),
            Column(
                "kind",
                lazy("Window"),
                cells.one_of(lambda: [(kind, str(words)) for kind, words in WINDOWS.items()]),
                22,
                needed=True,
            ),
            Column("opens_at", lazy("First day"), cells.first_moment(), 18, needed=True),
            Column("closes_at", lazy("Last day"), cells.last_moment(), 18, needed=True),
        ),
        ("stage", "kind"),
        _windows,
    ),
    Sheet(
        "texts",
        lazy("Texts of pages"),
        lazy("Texts of public pages and notices that this round words itself"),
        (
            Column("key", lazy("Text"), cells.code(longest=40), 26, needed=True),
            Column("words", lazy("Words"), _WORDS, 80, needed=True),
        ),
        ("key",),
        _texts,
    ),
    Sheet(
        "translations",
        lazy("Further languages"),
        lazy(
            "A text in a further language; what is not there is shown in Thai."
            " Indicators, questions and lines have their instrument before their code: eit:E1"
        ),
        (
            Column("language", lazy("Language"), cells.code(longest=2), needed=True),
            Column("thing", lazy("Of what"), cells.code(longest=20), needed=True),
            Column("code", lazy("Code"), cells.code(longest=60), needed=True),
            Column("field", lazy("Which text"), cells.code(longest=20), needed=True),
            Column("words", lazy("Words"), _WORDS, 80, needed=True),
        ),
        ("language", "thing", "code", "field"),
        _translations,
    ),
)
