"""The certificate that the keys of a round were destroyed. The same data gives the same bytes."""

from __future__ import annotations

import json
from datetime import date, datetime

from markupsafe import Markup

from models.thai import MONTHS, NBSP, be_year, letter_digits, local_day, thai_date_short, thai_time
from reports.destruction_data import KeyDestruction
from reports.press import the_press
from reports.standards import DataFile, Standing
from reports.templating import paper_templates

DATA_FILE = "key-destruction.json"
#: letters of a fingerprint that stand together, so that two people can compare it by reading aloud
_GROUP = 8


_TEMPLATES = paper_templates()


def render_key_destruction(paper: KeyDestruction) -> bytes:
    """The certificate as PDF/A with its data inside; as many pages as its copies need."""
    press, office = the_press(), paper.office
    html = _TEMPLATES.get_template("key_destruction.html").render(
        paper=paper, emblem=press.image(office.emblem), fingerprint=_grouped(paper.fingerprint)
    )
    page = press.lay_out(html, office.typeface, sheet="key_destruction.css")
    data = DataFile(DATA_FILE, key_destruction_json(paper), "ข้อมูลของหนังสือรับรอง (JSON)")
    return press.bind([page], Standing(str(letter_digits(office.name)), paper.dated, (data,)))


def key_destruction_json(paper: KeyDestruction) -> bytes:
    """What the certificate says, to be read by a program."""
    told = {
        "kind": "certificate_of_key_destruction",
        "number": paper.number,
        "replaces": paper.replaces or None,
        "reason": paper.reason or None,
        "dated": paper.dated.isoformat(),
        "office": paper.office.name,
        "round": paper.round,
        "fiscal_year": paper.year,
        "public_key_sha256": paper.fingerprint,
        "seen_by_the_portal": {
            "key_files_absent": [paper.key_file, paper.mark_file],
            "marks_deleted_at": paper.marks_gone_at.isoformat() if paper.marks_gone_at else None,
            "boxes_opened_at": paper.opened_at.isoformat(),
            "looked_at": paper.looked_at.isoformat(),
        },
        "stated_by_people": [
            {
                "key": "private" if copy.private else "marks",
                "place": copy.place,
                "medium": copy.medium,
                "how": copy.how,
                "at": copy.at.isoformat(),
                "by": copy.by,
                "witness": copy.witness,
            }
            for copy in paper.copies
        ],
        "written_by": paper.written_by,
    }
    return f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode()


def _day(moment: date | datetime) -> str:
    """A day that never breaks: "9 พฤศจิกายน 2561"."""
    day = local_day(moment)
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}{NBSP}{be_year(day)}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment)} เวลา{NBSP}{thai_time(moment)}"


def _short(moment: datetime) -> str:
    return f"{thai_date_short(moment)} เวลา{NBSP}{thai_time(moment)}"


def _grouped(fingerprint: str) -> Markup:
    """A fingerprint in groups; its digits stay those of computers, as it is compared with what one prints."""
    groups = [fingerprint[at : at + _GROUP] for at in range(0, len(fingerprint), _GROUP)]
    return Markup(" ").join(Markup.escape(group) for group in groups)


_TEMPLATES.filters.update(day=_day, moment=_moment, short=_short)
