"""The certificate that the data of a round's rosters were erased. The same data gives the same bytes."""

from __future__ import annotations

import json
from datetime import date, datetime

from models.thai import MONTHS, NBSP, be_year, letter_digits, local_day, thai_time
from reports.erasure_data import RosterErasure
from reports.press import the_press
from reports.standards import DataFile, Standing
from reports.templating import paper_templates

DATA_FILE = "roster-erasure.json"

_TEMPLATES = paper_templates()


def render_roster_erasure(paper: RosterErasure) -> bytes:
    """The certificate as PDF/A with its data inside, on one page."""
    press, office = the_press(), paper.office
    html = _TEMPLATES.get_template("roster_erasure.html").render(
        paper=paper, emblem=press.image(office.emblem)
    )
    page = press.lay_out(html, office.typeface, sheet="key_destruction.css")
    data = DataFile(DATA_FILE, roster_erasure_json(paper), "ข้อมูลของหนังสือรับรอง (JSON)")
    standing = Standing(str(letter_digits(office.name)), local_day(paper.finished_at), (data,))
    return press.bind([page], standing)


def roster_erasure_json(paper: RosterErasure) -> bytes:
    """What the certificate says, to be read by a program."""
    told = {
        "kind": "certificate_of_erased_rosters",
        "office": paper.office.name,
        "round": paper.round,
        "fiscal_year": paper.year,
        "kept_until": paper.kept_until.isoformat(),
        "kept_by_rule": paper.by_rule,
        "began_at": paper.began_at.isoformat(),
        "finished_at": paper.finished_at.isoformat(),
        "rows_erased": paper.rows,
        "agencies": paper.agencies,
        "erased": ["name", "organisation", "telephone", "e_mail", "fingerprint"],
        "stays": ["number", "group", "drawn_position", "outcome_of_call"],
        "backups_kept": paper.backups,
    }
    return f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode()


def _day(moment: date | datetime) -> str:
    """A day that never breaks: "9 พฤศจิกายน 2561"."""
    day = local_day(moment)
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}{NBSP}{be_year(day)}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment)} เวลา{NBSP}{thai_time(moment)}"


_TEMPLATES.filters.update(day=_day, moment=_moment, number=lambda number: f"{number:,}")
