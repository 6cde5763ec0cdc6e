"""Files of a roster: the form to fill, the agency's own export, the rows that need mending."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from models.participation import Participation
from models.phones import shown
from models.round import Round
from portal.core import audit
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound
from portal.core.texts import _
from portal.rosters.file import COLUMNS, EXAMPLE
from portal.rosters.rows import whole_roster
from reports import roster_workbook, spreadsheets

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
HEADINGS = {column: names[0] for column, names in COLUMNS.items()}


def template(round: Round) -> bytes:
    """The workbook that an admin fills: columns, groups to pick from, notes."""
    groups = [group.name for group in round.roster_groups]
    example = {**EXAMPLE, "group": groups[0] if groups else ""}
    words = roster_workbook.Words(
        sheet=_("External roster"),
        notes_sheet=_("Notes"),
        notes=[
            _("One person, company or office per row; name and group are needed, the other columns help"),
            _("Write a telephone number with its leading 0; several numbers are parted by a comma"),
            _("Begin below the example, or write over it: a row with its name is never imported"),
            _("Only people who dealt with the agency in the fiscal year %(year)s", year=round.fiscal_year),
            _("These are personal data: keep this file safe and delete it after it was imported"),
            _("Groups to choose from:"),
        ],
        hints={
            "number": _(
                "The row “%(word)s” shows how it is done; it is never imported", word=EXAMPLE["number"]
            ),
            "group": _("Choose one of the groups"),
            "phone": _("Write a telephone number with its leading 0; several numbers are parted by a comma"),
            "email": _("An e-mail address looks like name@place.th"),
        },
    )
    return roster_workbook.form(HEADINGS, groups, words, example=example)


def export(participation: Participation, form: str, *, actor: Actor) -> bytes:
    """The agency's own roster as a file of ``FORMATS``; the record keeps who took it and how many rows.

    Raises NotFound for another person's roster.
    """
    if not can(actor, P.PREPARATION_ENTER, participation):
        raise NotFound
    rows = list(_cells(participation))
    audit.record(
        db.session(),
        act="roster.export",
        thing="participation",
        row=participation.id,
        chain=f"agency:{participation.agency_id}",
        after={"rows": len(rows), "format": form},
    )
    header = list(HEADINGS.values())
    if form == "csv":
        return b"".join(spreadsheets.csv_stream(header, rows))
    return spreadsheets.xlsx_bytes([spreadsheets.Sheet(_("External roster"), header, rows)])


def faults(rows: Iterable[tuple[int, Mapping[str, str], Mapping[str, str]]]) -> bytes:
    """The faulty rows of a dry run: number in the file, cells, and what is wrong by column."""
    return roster_workbook.faults(
        HEADINGS, rows, sheet_name=_("Rows to mend"), row_heading=_("Row in the file sent")
    )


def _cells(participation: Participation) -> Iterator[tuple[str, ...]]:
    """The rows in the order of the columns of the form."""
    for row in whole_roster(participation):
        contact = row.contact
        yield (
            str(contact.number),
            contact.name,
            contact.organisation,
            row.group.name,
            shown(contact.phone),
            contact.email,
        )
