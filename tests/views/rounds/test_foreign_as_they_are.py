"""The real tables of others at NACC's desk: sent as they are, suggestions accepted, and the round holds them.

Nobody types a column's name or writes a line of code: every field is sent as the page offers it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from config import from_environment
from models.round import Round
from portal.content.year import YearContent, load_year
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds import setup
from portal.rounds.content.reading import content_of
from portal.rounds.content.start import nothing
from tests.support.client import PortalClient
from tests.support.forms import form_with

REFERENCE = from_environment().reference_dir
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        REFERENCE is None, reason="needs the real lists: set REFERENCE_DIR to their folder (see README)"
    ),
]
ClientAs = Callable[[str], PortalClient]
#: what each file is of, and how many rows of the round come of it
FILES = (
    ("indicators.csv", "แบบวัดและตัวชี้วัด"),
    ("iit-questions.csv", "ข้อคำถาม"),
    ("eit-questions.csv", "ข้อคำถาม"),
    ("oit-items.csv", "ข้อ OIT"),
    ("grade-bands.csv", "เกรด"),
    ("roster-groups.csv", "กลุ่มบัญชีรายชื่อ"),
    ("minimum-sample-2567.csv", "กลุ่มตัวอย่างขั้นต่ำ"),
)


def draft_of(app: Portal, content: YearContent) -> int:
    with app.app_context(), writing(), privileged("a test's draft") as session:
        return setup.make_round(session, content, name="รอบที่อ่านตารางเข้ามา").id


def held(app: Portal, round_id: int) -> YearContent:
    with app.app_context(), privileged("a test looks") as session:
        return content_of(session, session.get_one(Round, round_id))


def read_in(client: PortalClient, round_id: int, name: str, read_as: str) -> None:
    """Send a file, accept what each page offers, and take it over."""
    assert REFERENCE is not None
    file = (Path(REFERENCE) / name).read_bytes()
    page = f"/rounds/{round_id}/table"
    fields = form_with(client.get(page).text, "target")
    columns = client.submit(page, {**fields, "file": (BytesIO(file), name)}).location
    shown = client.get(columns).text
    assert f"อ่านเป็น: {read_as}" in shown, name
    assert "อ่านได้ครบ" in shown and "ช่องที่ยังใช้ไม่ได้" not in shown, name
    answer = client.submit(columns, form_with(shown, "rows"))
    assert answer.status_code == 302, name
    look = client.get(answer.location).text
    assert client.submit(answer.location, form_with(look, "version")).status_code == 302, name
    assert name in client.get(f"/rounds/{round_id}/workbook").text, "it is the last step"


def test_a_round_that_holds_nothing_is_filled_from_the_tables_as_they_are(
    app: Portal, client_as: ClientAs
) -> None:
    client, round_id = client_as("nacc"), draft_of(app, nothing(2568))
    for name, read_as in FILES:
        read_in(client, round_id, name, read_as)
    content, shipped = held(app, round_id), load_year(2561)
    assert [(one.code, int(one.weight)) for one in content.instruments] == [
        ("iit", 30), ("eit", 30), ("oit", 40),
    ]  # fmt: skip
    worths = {scale.code: scale.points for scale in content.scales}
    usual = {scale.code: scale.points for scale in shipped.scales}
    for kind in ("iit", "eit"):
        mine, theirs = content.instrument(kind), shipped.instrument(kind)
        assert [(one.code, one.indicator, len(one.lines)) for one in mine.questions] == [
            (one.code, one.indicator, len(one.lines)) for one in theirs.questions
        ]
        assert [worths[line.scale] for one in mine.questions for line in one.lines] == [
            usual[line.scale] for one in theirs.questions for line in one.lines
        ], "each line is worth what the shipped one is"
        assert all(one.text for one in mine.questions)
    assert [(one.code, one.parent) for one in content.instrument("oit").indicators] == [
        (one.code, one.parent) for one in shipped.instrument("oit").indicators
    ]
    assert len(content.instrument("oit").items) == 28
    assert [(one.grade, one.lower) for one in content.bands] == [
        (one.grade, one.lower) for one in shipped.bands
    ]
    assert len(content.roster_groups) == 6
    assert [
        (one.instrument, one.agency_kind, one.province_size, one.fixed) for one in content.sample_rows
    ] == [
        ("eit", "subdistrict", "M", 70),
        ("eit", "subdistrict", "S", 60),
        ("eit", "sao", "L", 50),
        ("eit", "sao", "M", 40),
        ("eit", "sao", "S", 30),
    ]


@pytest.mark.parametrize(
    ("year", "parts"),
    [
        (2562, (9, 8, 7, 4, 5, 8, 7)),
        (2564, (9, 8, 7, 4, 5, 8, 2)),
        (2566, (10, 8, 4, 4, 4, 11, 2)),
        (2567, (6, 7, 4, 4, 4, 8, 2)),
        (2568, (4, 7, 2, 3, 4, 6, 2)),
    ],
)
def test_each_of_the_five_checklists_is_found_by_the_year_of_the_round(
    app: Portal, client_as: ClientAs, year: int, parts: tuple[int, ...]
) -> None:
    before = replace(load_year(2561), fiscal_year=year)
    round_id = draft_of(app, before)
    read_in(client_as("nacc"), round_id, "oit-items.csv", "ข้อ OIT")
    after = held(app, round_id)
    items = after.instrument("oit").items
    assert [item.code for item in items] == [f"O{place}" for place in range(1, sum(parts) + 1)]
    places = ("9.1", "9.2", "9.3", "9.4", "9.5", "10.1", "10.2")
    assert Counter(item.indicator for item in items) == dict(zip(places, parts, strict=True))
    assert after.instrument("iit") == before.instrument("iit"), "all else stays"
    client = client_as("nacc")
    step = form_with(client.get(f"/rounds/{round_id}/workbook").text, "number")
    assert client.submit(f"/rounds/{round_id}/steps/take-back", step).status_code == 302
    assert held(app, round_id) == before, "the step is taken back"
