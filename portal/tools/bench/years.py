"""NACC makes years: pages of the builder beside several rounds, a round copied, the country taken up."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import create_engine, text

from models.round import Round
from portal.content.year import ContentInstrument, YearContent, load_year
from portal.core.database.session import db
from portal.core.web import Portal
from portal.rounds import desk, setup
from portal.rounds.building import steps
from portal.rounds.building.edits import items
from portal.tools.bench.office import page
from portal.tools.bench.table import Figure, Table, timed
from portal.tools.drill.cast import acting

#: rounds beside the one that is open, and questions of each survey round
DRAFTS, QUESTIONS = 4, 60
CONTENT, FIRST_YEAR = 2561, 2571
#: what a content has rows in, each with its round's number
TABLES = (
    "instrument", "scale", "round_text", "round_translation", "window", "grade_band", "sample_rule",
    "roster_group", "headcount_group",
)  # fmt: skip
#: and what lies below an instrument or a scale
BELOW = {"indicator": "instrument", "question": "instrument", "oit_item": "instrument", "choice": "scale"}
TREE, SCALES = "SELECT * FROM question", "SELECT * FROM choice"
ITEMS, RULES = "SELECT * FROM oit_item", "SELECT * FROM sample_rule"


def made(nacc_grant: int) -> int:
    """Drafts of further years, of sixty questions each; gives the last. Needs an application context."""
    content = of_sixty(load_year(CONTENT))
    for year in range(FIRST_YEAR, FIRST_YEAR + DRAFTS):
        with acting(nacc_grant):
            given = replace(content, fiscal_year=year)
            round_id = setup.make_round(db.session(), given, name=f"รอบสมมุติ {year}").id
    return round_id


def of_sixty(content: YearContent) -> YearContent:
    """The content with questions of IIT copied until both surveys have sixty."""
    iit = content.instrument("iit")
    more = QUESTIONS - sum(len(one.questions) for one in content.instruments)
    slot = sum(len(row.lines) for row in iit.questions)
    copies = []
    for row in iit.questions[:more]:
        lines = tuple(replace(line, slot=slot + at) for at, line in enumerate(row.lines))
        copies.append(replace(row, code=f"{row.code}X", lines=lines))
        slot += len(lines)
    wider = replace(iit, questions=(*iit.questions, *copies))
    return replace(content, instruments=tuple(_with(content.instruments, wider)))


def _with(instruments: Iterable[ContentInstrument], one: ContentInstrument) -> Iterable[ContentInstrument]:
    return (one if row.code == one.code else row for row in instruments)


def pages(app: Portal, table: Table, client: object, round_id: int, *, times: int) -> None:
    """The builder's pages of a draft, each beside SQL of the same rows."""
    for name, path, query in (
        ("all rounds", "", "SELECT * FROM round"),
        ("a draft, with what it lacks", f"/{round_id}", TREE),
        ("builder: the tree of IIT", f"/{round_id}/build/iit", TREE),
        ("builder: the tree of OIT", f"/{round_id}/build/oit", ITEMS),
        ("builder: a question", f"/{round_id}/build/iit/questions/I1", TREE),
        ("builder: an item", f"/{round_id}/build/oit/items/O1", ITEMS),
        ("builder: scales", f"/{round_id}/build/scales", SCALES),
        ("rules of a draft", f"/{round_id}/rules", RULES),
        ("preview of a draft", f"/{round_id}/preview", TREE),
        ("workbook of a draft", f"/{round_id}/workbook", TREE),
        ("opening, with its checks", f"/{round_id}/open", TREE),
    ):
        page(app, table, name, client, f"/rounds{path}", query, times=times)


def copied(app: Portal, table: Table, nacc_grant: int, round_id: int, *, times: int) -> None:
    """A new year from a round, again and again, beside its rows alone."""
    limit = _copied_by_itself(app, round_id)
    years = itertools.count(FIRST_YEAR + DRAFTS)

    def copy() -> None:
        with acting(nacc_grant):
            year = next(years)
            desk.make_draft(start=f"round:{round_id}", fiscal_year=year, name=f"รอบสมมุติ {year}")

    middle, high = timed(copy, times=times)
    words = f"a round of {QUESTIONS} questions copied"
    table.add(Figure(words, middle, high, limit, "its rows copied by the database"))


def stepped(app: Portal, table: Table, nacc_grant: int, round_id: int, *, times: int) -> None:
    """A step of the builder on a draft, which writes its content anew, beside its rows alone."""
    limit = _copied_by_itself(app, round_id)

    def step() -> None:
        with acting(nacc_grant) as actor:
            round = db.session.get_one(Round, round_id)
            steps.change(
                round, lambda it: items.copy_item(it, "O1"), act="round.copy_item", what="O1", actor=actor,
                seen_version=round.version,
            )  # fmt: skip

    middle, high = timed(step, times=times)
    table.add(Figure("builder: a step", middle, high, limit, "its rows copied by the database"))


def taken_up(app: Portal, table: Table, nacc_grant: int, round_id: int) -> None:
    """Every agency of the register into a draft, with its event, beside its rows alone."""
    with acting(nacc_grant):
        begun = time.perf_counter()
        agencies = desk.take_up_agencies(db.session.get_one(Round, round_id))
        db.session.commit()
        took = time.perf_counter() - begun
    limit = _timed(app, {"participation": f"round_id = {round_id}"})
    words = f"{agencies:,} agencies taken up"
    table.add(Figure(words, took, took, limit, "their rows copied by the database"))


def _copied_by_itself(app: Portal, round_id: int) -> float:
    own = dict.fromkeys(TABLES, f"round_id = {round_id}")
    above = "{0}_id IN (SELECT id FROM {0} WHERE round_id = {1})"
    below = {name: above.format(parent, round_id) for name, parent in BELOW.items()}
    return _timed(app, own | below)


def _timed(app: Portal, tables: dict[str, str]) -> float:
    """Seconds in which the database copies rows of its tables into tables without rules; dropped after."""
    engine = create_engine(app.settings.database_owner_url)
    try:
        begun = time.perf_counter()
        with engine.begin() as connection:
            for name, which in tables.items():
                copy = f'CREATE TABLE bare_{name} AS SELECT * FROM "{name}" WHERE {which}'  # noqa: S608 - of ours
                connection.execute(text(copy))
        took = time.perf_counter() - begun
        with engine.begin() as connection:
            for name in tables:
                connection.execute(text(f"DROP TABLE bare_{name}"))
        return took
    finally:
        engine.dispose()
