"""Until when a stage is open is answered at one place, so that no two pages or letters name two days."""

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
