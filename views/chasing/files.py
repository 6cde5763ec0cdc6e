"""The list of late agencies as a file: numbers as numbers, days as days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.phones import shown
from models.place import Province
from models.thai import local_day
from portal.chasing.lacks import ABOUT
from portal.chasing.listing import Chase, Late, Narrowed
from portal.chasing.queries import narrowed_by
from portal.chasing.texts import words_of
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import scope_of, the_actor
from portal.core.list_files import MAKERS, ListFile, Maker, filters_said
from portal.core.list_papers import Plan
from portal.core.lookup import get_or_404, round_or_404
from portal.core.outlook import why_words
from portal.core.stages import STAGE_NAMES
from portal.core.texts import _, label_of
from reports.spreadsheets import Cell
from views.chasing.words import NOTED

LATE = "chasing.late"
AGENCY, DISTRICT, PROVINCE, AT, ALL, LEFT, PHONE, PERSON, AHEAD = 0, 1, 2, 3, 4, 5, 8, 11, 17


def _late(arguments: Mapping[str, Any]) -> ListFile:
    round = round_or_404(arguments["round_id"])
    narrowed = narrowed_by(arguments["args"], scope_of(the_actor()))
    chase = Chase.of(round, clock.now())
    count = chase.count(narrowed)
    return ListFile(
        title=_("Agencies that lack something"),
        plain=f"chasing-{round.year_and_scheme}",
        header=_header(),
        rows=lambda: (_row(chase, one) for one in chase.late(narrowed, ahead=True)),
        count=count,
        about=[round.name, *filters_said(_filters(narrowed))],
        plan=Plan(
            columns=[
                (AGENCY, 3.2),
                (AT, 2.2),
                (ALL, 5),
                (LEFT, 1.1),
                (PHONE, 2.2),
                (PERSON, 2.2),
                (AHEAD, 3),
            ],
            numbers=frozenset((LEFT,)),
            group=PROVINCE if _is_wide(narrowed) else DISTRICT,
        ),
    )


def _is_wide(narrowed: Narrowed) -> bool:
    return narrowed.province_id is None and the_actor().province_id is None


def _header() -> list[str]:
    return [
        _("Agency"),
        _("District"),
        _("Province"),
        _("Hangs at"),
        _("All that is lacking"),
        _("Days left"),
        _("IIT answers missing"),
        _("EIT answers missing"),
        _("Telephone"),
        _("E-mail"),
        _("LINE ID"),
        _("Contact person"),
        _("Last sign-in"),
        _("Last note"),
        _("Noted on"),
        _("Promised by"),
        _("Note"),
        _("Likely to miss"),
    ]


def _row(chase: Chase, late: Late) -> list[Cell]:
    until = late.times[ABOUT[late.at].stage].closes_at
    left = {one.lack.value: one.left for one in late.missing}
    contact, note = late.contact, late.note
    told = (shown(contact.phone), contact.email, contact.line, contact.person) if contact else ("",) * 4
    return [
        late.full_name,
        late.district,
        late.province,
        str(ABOUT[late.at].hangs),
        ", ".join(words_of(one) for one in late.missing),
        max(0, (until - chase.now).days) if until else None,
        left.get("iit"),
        left.get("eit"),
        *(text or None for text in told),
        local_day(late.signed_in_at) if late.signed_in_at else None,
        label_of(note.reached) if note else None,
        local_day(note.at) if note else None,
        note.promised_until if note else None,
        (note.text or None) if note else None,
        ", ".join(f"{STAGE_NAMES[one.stage]}: {why_words(one)}" for one in late.outlooks) or None,
    ]


def _filters(narrowed: Narrowed) -> list[tuple[Any, Any]]:
    place = get_or_404(Province, narrowed.province_id).name if narrowed.province_id else ""
    return [
        (_("Search"), narrowed.search),
        (_("Region"), narrowed.region),
        (_("Province"), place),
        (_("District"), narrowed.district),
        (_("Kind"), narrowed.kind.label if narrowed.kind else ""),
        (_("Stage"), STAGE_NAMES[narrowed.stage] if narrowed.stage else ""),
        (_("Hangs at"), ABOUT[narrowed.at].hangs if narrowed.at else ""),
        (_("Notes of chasing"), NOTED.get(narrowed.noted, "")),
        (_("Likely to miss"), _("Only who is likely to miss") if narrowed.likely else ""),
    ]


MAKERS[LATE] = Maker(_late, P.CHASING_READ)
