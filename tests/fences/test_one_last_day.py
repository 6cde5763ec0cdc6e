"""Until when a stage is open is answered at one place, so that no two pages or letters name two days.

Of one agency it is ``stage_of``, which knows its extensions. The round's calendar is for who looks at many.
"""

from __future__ import annotations

import re

from config import ROOT
from tests.fences.test_whole_app import tracked

_LOOKS_AT_WINDOWS = re.compile(r"\bspans_of\(|\bround\.windows\b(?!\")")
_NOT_THIS = re.compile(r"rounds?\.windows[\"']|selectinload\([^)]*\)|portal\.rounds\.windows")
#: the one place, the desk that sets the dates, and the form's own cache of spans
_MAY = (
    "tests/",
    "portal/core/stages.py",
    "portal/rounds/",
    "portal/tools/",
    "views/templates/rounds/",
    "survey_forms/context.py",
)


def test_nobody_reads_a_round_s_windows_but_the_stages() -> None:
    found = []
    for path in [*tracked("*.py"), *tracked("*.html")]:
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(_MAY) and _LOOKS_AT_WINDOWS.search(_NOT_THIS.sub("", path.read_text())):
            found.append(name)
    assert not found, "ask portal/core/stages.py (stage_of, stage_state) instead: " + ", ".join(found)


_ASKS_THE_CALENDAR = re.compile(r"\bstage_state\(")
#: who asks the calendar of the whole round, and why that is no agency's own day
_OF_MANY = {
    "portal/ballot/compact.py": "surveys: the same for all",
    "portal/chasing/extending.py": "what an extension is measured against",
    "portal/chasing/lacks.py": "which stages run; with those that run longer for some",
    "portal/chasing/listing.py": "whom an extension can help",
    "portal/chasing/reminders.py": "those without an extension; of all others the own day",
    "portal/core/stages.py": "the one place",
    "portal/letters/figures.py": "the round's dates in a circular; own days stand beside the agencies",
    "portal/preparation/desk.py": "the deadline of all, without those that have more time",
    "portal/rounds/": "the desk that sets the dates",
    "portal/status/looking_ahead.py": "the days that the forecast counts; it knows no extension of one",
    "portal/status/progress.py": "surveys: the same for all",
    "portal/surveys/": "surveys: the same for all",
    "portal/tools/demo/arriving.py": "surveys: the same for all",
    "views/assessors/desk.py": "interviews: the same for all",
    "views/disclosure/scoring.py": "scoring: the same for all",
    "views/homes/field.py": "homes of offices: numbers of agencies",
    "views/homes/offices.py": "homes of offices: numbers of agencies",
    "views/homes/tasks.py": "homes of offices: numbers of agencies",
    "views/rounds/": "the desk that sets the dates",
    "views/status/screens.py": "lists of many; own days stand beside the agencies",
}


def test_nobody_takes_the_calendar_of_the_round_for_an_agency_s_own() -> None:
    asking = {
        name
        for path in tracked("*.py")
        if not (name := path.relative_to(ROOT).as_posix()).startswith("tests/")
        and _ASKS_THE_CALENDAR.search(path.read_text())
    }
    strange = sorted(name for name in asking if not name.startswith(tuple(_OF_MANY)))
    assert not strange, "of one agency ask stage_of; of many, say here why: " + ", ".join(strange)
    gone = sorted(place for place in _OF_MANY if not any(name.startswith(place) for name in asking))
    assert not gone, f"they ask no calendar any more: {gone}"
