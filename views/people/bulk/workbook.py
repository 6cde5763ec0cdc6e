"""A workbook of accounts: downloaded, filled, looked through with the fault of each cell, then read in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.core.access import ROLES, requires, the_actor
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, reading
from portal.core.described import words
from portal.core.downloads import XLSX, attachment
from portal.core.errors import Refused
from portal.core.imports.errors import UnreadableFile
from portal.core.imports.spreadsheet import Table
from portal.core.texts import _
from portal.people import settings
from portal.people.bulk import workbook
from portal.people.bulk.filling import FillPlan, WrongRow
from portal.people.bulk.workbook_file import columns_of, read_accounts
from views.people.bulk import narrowing
from views.people.bulk.narrowing import address_of, which_of

blueprint = Blueprint("account_workbook", __name__, url_prefix="/admin/people/workbook")
#: rows of each sort that the dry run shows
SHOWN = 100
WHY = "a workbook of accounts"


@dataclass(frozen=True)
class Cell:
    """One cell of a faulty row: what stands in the file and what is wrong with it."""

    heading: str
    text: str
    faults: tuple[str, ...]


@blueprint.route("/", methods=["GET", "POST"])
@requires(P.ACCOUNTS_MAKE)
def form() -> Any:
    """Take the workbook, and send it filled in. It is read and kept; no account is touched."""
    actor = the_actor()
    settings.require_making(actor)
    error = ""
    if request.method == "POST":
        try:
            file = workbook.keep_table(_read(), actor=actor)
        except Refused as refused:
            db.session.rollback()
            error = refused.message
        else:
            return redirect(url_for("account_workbook.dry_run", file_id=file.id))
    which = which_of(request.args, actor)
    page = render_template(
        "people/bulk/workbook.html",
        which=which,
        choices=narrowing.choices_for(which, actor),
        error=error,
        download_url=url_for("account_workbook.download", **address_of(which, actor)),
    )
    return page, 422 if error else 200


@blueprint.get("/accounts.xlsx")
@requires(P.ACCOUNTS_MAKE)
def download() -> Any:
    """The workbook of the agencies that the address names."""
    with reading(), privileged(WHY) as session:
        rows = workbook.rows_of(session, which_of(request.args, the_actor()))
    content = workbook.download(rows)
    return attachment(content, XLSX, f"{_('Accounts of agencies')}.xlsx", plain="accounts")


@blueprint.route("/<int:file_id>", methods=["GET", "POST"])
@requires(P.ACCOUNTS_MAKE)
def dry_run(file_id: int) -> Any:
    """What reading the kept workbook in would do, row by row; sent, it is ordered."""
    actor = the_actor()
    table = workbook.kept_table(db.session(), file_id, actor=actor)
    plan, fields = _plan(table), workbook.fields()
    columns, named = columns_of(fields), {field.name: field for field in fields}
    if request.method == "POST":
        if plan.empty:
            raise Refused("The file has no row that can be imported")
        url = url_for("account_batches.index")
        job = workbook.order(file_id, table.name, actor=actor, url=url)
        return redirect(url_for("jobs.show", job_id=job.id))
    return render_template(
        "people/bulk/dry_run.html",
        file_id=file_id,
        table=table,
        plan=plan,
        faulty=[(wrong.row.number, list(_cells(wrong, columns))) for wrong in plan.wrong[:SHOWN]],
        headings=[names[0] for names in columns.values()],
        heading=lambda column: columns[column][0],
        said=lambda column, value: words(named[column], value) if column in named else value,
        roles=ROLES,
        most=SHOWN,
    )


@blueprint.get("/<int:file_id>/faults.xlsx")
@requires(P.ACCOUNTS_MAKE)
def faults(file_id: int) -> Any:
    """The faulty rows as a workbook, each fault at its cell."""
    plan = _plan(workbook.kept_table(db.session(), file_id, actor=the_actor()))
    return attachment(workbook.faults(plan), XLSX, f"{_('Rows to mend')}.xlsx", plain="accounts-to-mend")


def _plan(table: Table) -> FillPlan:
    with reading(), privileged(WHY) as session:
        return workbook.plan(session, table, the_actor())


def _read() -> Table:
    """Read the sent file. Raises UnreadableFile."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise UnreadableFile("Choose a file first")
    table = read_accounts(sent.read(), sent.filename[:150], workbook.fields())
    if not table.rows:
        raise UnreadableFile("The file has a heading and no rows below it")
    return table


def _cells(wrong: WrongRow, columns: Mapping[str, tuple[str, ...]]) -> Iterator[Cell]:
    for column, names in columns.items():
        texts = tuple(_(fault.reason, **fault.values) for fault in wrong.wrongs if fault.column == column)
        yield Cell(names[0], wrong.row[column], texts)
