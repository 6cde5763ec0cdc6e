"""The outbox of e-mails as a file: one row for each, without its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.participation import Participation
from models.reminder import ChaseMail
from models.thai import local_day
from portal.chasing import outbox
from portal.core.access import Permission as P
from portal.core.list_files import MAKERS, ListFile, Maker, filters_said
from portal.core.list_papers import Plan
from portal.core.lookup import round_or_404
from portal.core.texts import _, label_of
from reports.spreadsheets import Cell
from views.chasing.queries import wanted_of

MAILS = "chasing.mails"
AGENCY, PROVINCE, ADDRESS, STATE, SENT_BY, MADE, SENT = 0, 2, 3, 5, 6, 7, 8


def _mails(arguments: Mapping[str, Any]) -> ListFile:
    round, wanted = round_or_404(arguments["round_id"]), wanted_of(arguments["args"])
    return ListFile(
        title=_("Outbox of e-mails"),
        plain=f"mails-{round.year_and_scheme}",
        header=_header(),
        rows=lambda: (_row(one, whose) for one, whose in outbox.listed(round, wanted)),
        count=outbox.count(round, wanted),
        about=[round.name, *filters_said(_filters(wanted))],
        plan=Plan(
            columns=[
                (AGENCY, 3.2),
                (PROVINCE, 1.6),
                (ADDRESS, 2.6),
                (STATE, 1.8),
                (SENT_BY, 2.4),
                (MADE, 1.4),
                (SENT, 1.4),
            ]
        ),
    )


def _header() -> list[str]:
    return [
        _("Agency"),
        _("District"),
        _("Province"),
        _("To the address"),
        _("Subject"),
        _("State"),
        _("Who sent it"),
        _("Made on"),
        _("Sent on"),
        _("Times tried"),
    ]


def _row(one: ChaseMail, whose: Participation) -> list[Cell]:
    return [
        whose.full_name,
        whose.district_name,
        whose.province_name,
        one.address or _("deleted after its term"),
        one.subject or None,
        label_of(one.state),
        one.by or _("By rule"),
        local_day(one.made_at),
        local_day(one.sent_at) if one.sent_at else None,
        one.tries,
    ]


def _filters(wanted: outbox.Wanted) -> list[tuple[Any, Any]]:
    return [(_("Search"), wanted.search), (_("State"), label_of(wanted.state) if wanted.state else "")]


MAKERS[MAILS] = Maker(_mails, P.CHASING_READ)
