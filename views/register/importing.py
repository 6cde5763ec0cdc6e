"""Importing the register of agencies: send a file, look at what it would do, import it as a job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from models.descriptive import FieldOwner
from models.job import Job
from models.kinds import AGENCY_KINDS
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.described import fields_of
from portal.core.downloads import CSV, XLSX, attachment
from portal.core.errors import NotFound, Refused
from portal.core.imports.errors import UnreadableFile
from portal.core.imports.spreadsheet import Table
from portal.core.jobs.queue import enqueue
from portal.core.lookup import get_or_404
from portal.core.outside import whole
from portal.core.texts import _, lazy
from portal.register import agencies
from portal.register.file import COLUMNS, columns_of, read_agencies
from portal.register.importing import keep_table, kept_table
from portal.register.plan import ChangedAgency, RegistryPlan, WrongRow, plan_registry
from reports import spreadsheets
from views.frame.paging import paged
from views.register.words import field_labels, value_words

blueprint = Blueprint("registry_import", __name__)

PAGE = 50
SORTS = ("new", "changed", "unchanged", "wrong")
#: the list of agencies in use that the file lacks
ABSENT = "absent"
FORMATS = {"csv": CSV, "xlsx": XLSX}


class UploadForm(FlaskForm):
    """The one file."""

    file = FileField(lazy("File of agencies"))


@blueprint.route("/admin/registry/import", methods=["GET", "POST"])
@requires(P.AGENCIES_IMPORT)
def form() -> Any:
    """Choose a file. It is read and kept; the register is not touched."""
    upload = UploadForm()
    if upload.validate_on_submit():
        try:
            table = _read(upload)
        except UnreadableFile as error:
            upload.file.errors = [error.message]
        else:
            file = keep_table(db.session(), table, account_id=the_actor().account_id)
            return redirect(url_for("registry_import.report", file_id=file.id))
    page = render_template(
        "register/import/form.html",
        form=upload,
        columns=[names[0] for names in _columns().values()],
        kinds=[" ".join(dict.fromkeys((kind.short, kind.label))) for kind in AGENCY_KINDS.offered()],
    )
    return page, 422 if upload.errors else 200


@blueprint.get("/admin/registry/import/<int:file_id>")
@requires(P.AGENCIES_IMPORT)
def report(file_id: int) -> Any:
    """What an import of the kept file would do, in four lists, and the agencies that it lacks."""
    table = _kept(file_id)
    plan, columns = plan_registry(db.session(), table), _columns()
    first = next((sort for sort in ("wrong", "changed", "new") if plan.counts[sort]), "unchanged")
    show = request.args.get("show", first)
    if show not in (*SORTS, ABSENT):
        raise NotFound
    return render_template(
        "register/import/report.html",
        file_id=file_id,
        table=table,
        plan=plan,
        show=show,
        rows=paged(getattr(plan, show), PAGE, "registry_import.report", file_id=file_id, show=show),
        sorts=list(_tabs(plan, file_id, show)),
        change_pairs=_change_pairs(),
        heading=lambda column: columns[column][0] if column in columns else column,
    )


@blueprint.get("/admin/registry/import/<int:file_id>/wrong.<any(csv, xlsx):kind>")
@requires(P.AGENCIES_IMPORT)
def wrong_rows(file_id: int, kind: str) -> Any:
    """The rows that cannot be used, with the reason of each; mended, the same file can be sent again."""
    plan = plan_registry(db.session(), _kept(file_id))
    columns = _columns()
    header = [_("Row in the file"), *(names[0] for names in columns.values()), _("Reason")]
    rows = [_wrong_cells(row, list(columns)) for row in plan.wrong]
    body: Any
    if kind == "csv":
        body, content_type = spreadsheets.csv_stream(header, rows), "text/csv; charset=utf-8"
    else:
        sheet = spreadsheets.Sheet(_("Rows to mend"), header, rows)
        body, content_type = spreadsheets.xlsx_bytes([sheet]), XLSX
    return attachment(body, content_type, f"{_('Rows to mend')}.{kind}", plain="agencies-to-mend")


@blueprint.get("/admin/registry/import/<int:file_id>/absent.<any(csv, xlsx):kind>")
@requires(P.AGENCIES_IMPORT)
def absent_agencies(file_id: int, kind: str) -> Any:
    """The agencies in use, of the provinces that the file names, which the file lacks."""
    plan = plan_registry(db.session(), _kept(file_id))
    header = [_("Agency"), _("Code"), _("District"), _("Province")]
    rows = [[one.full_name, one.code or "", one.district, one.province] for one in plan.absent]
    title = _("Agencies not in the file")
    body: Any = b"".join(spreadsheets.csv_stream(header, rows))
    if kind == "xlsx":
        body = spreadsheets.xlsx_bytes([spreadsheets.Sheet(title, header, rows, about=(title, plan.name))])
    return attachment(body, FORMATS[kind], f"{title}.{kind}", plain="agencies-not-in-file")


@blueprint.post("/admin/registry/import/<int:file_id>/absent")
@requires(P.AGENCIES_WRITE)
def retire(file_id: int) -> Any:
    """Take the ticked ones of the agencies that the file lacks out of use."""
    plan = plan_registry(db.session(), _kept(file_id))
    chosen = [key for text in request.form.getlist("agency") if (key := whole(text, least=1))]
    count = agencies.retire_absent(plan, chosen)
    words = _(
        "%(count)s agencies taken out of use; the list of agencies takes them back into use", count=count
    )
    flash(words, "ok")
    return redirect(url_for("registry_import.report", file_id=file_id, show=ABSENT))


@blueprint.post("/admin/registry/import/<int:file_id>")
@requires(P.AGENCIES_IMPORT)
def apply(file_id: int) -> Any:
    """Import the good rows of the kept file, as a job."""
    table = _kept(file_id)
    if plan_registry(db.session(), table).empty:
        raise Refused("Nothing of this file is new: the register holds it all already")
    job = enqueue(
        "registry.import",
        title=_("Import of agencies from %(file)s", file=table.name),
        arguments={"file_id": file_id, "url": url_for("registry_import.result", file_id=file_id)},
        actor=the_actor(),
    )
    return redirect(url_for("jobs.show", job_id=job.id))


@blueprint.get("/admin/registry/import/<int:file_id>/result")
@requires(P.AGENCIES_IMPORT)
def result(file_id: int) -> Any:
    """What the import did, as its job counted."""
    job = get_or_404(Job, request.args.get("job", 0, type=int))
    if job.kind != "registry.import" or job.arguments.get("file_id") != file_id or not job.result:
        raise NotFound
    return render_template("register/import/result.html", job=job, file_id=file_id, labels=_sort_labels())


def _read(upload: UploadForm) -> Table:
    sent = upload.file.data
    if not sent or not sent.filename:
        raise UnreadableFile("Choose a file first")
    table = read_agencies(sent.read(), sent.filename[:150], fields_of(FieldOwner.AGENCY))
    if not table.rows:
        raise UnreadableFile("The file has a heading and no rows below it")
    return table


def _kept(file_id: int) -> Table:
    table = kept_table(db.session(), file_id)
    if table is None:
        flash(_("The file of that page is no longer kept, because a day has passed: send it again"), "warn")
        abort(redirect(url_for("registry_import.form")))
    return table


def _sort_labels() -> dict[str, str]:
    return {
        "new": _("New agencies"),
        "changed": _("Changed agencies"),
        "unchanged": _("Unchanged agencies"),
        "wrong": _("Wrong rows"),
    }


def _tabs(plan: RegistryPlan, file_id: int, show: str) -> Iterator[dict[str, Any]]:
    for sort, label in _sort_labels().items():
        url = url_for("registry_import.report", file_id=file_id, show=sort)
        yield {"label": label, "url": url, "current": sort == show, "count": plan.counts[sort]}
    url = url_for("registry_import.report", file_id=file_id, show=ABSENT)
    label = _("Agencies not in the file")
    yield {"label": label, "url": url, "current": show == ABSENT, "count": len(plan.absent)}


def _columns() -> dict[str, tuple[str, ...]]:
    """What a file may say now: the register's own columns, then those of descriptive fields."""
    fields = columns_of(fields_of(FieldOwner.AGENCY))
    return {**COLUMNS, **fields}


def _wrong_cells(row: WrongRow, columns: list[str]) -> list[str]:
    reason = _(row.wrong.reason, **row.wrong.values)
    return [str(row.row.number), *(row.row[column] for column in columns), reason]


def _change_pairs() -> Callable[[ChangedAgency], list[tuple[Any, str]]]:
    """The changes of a row in words: label, and "before → after"."""
    words, labels = value_words(), field_labels()
    return lambda row: [
        (labels[field], f"{words(field, before)} → {words(field, after)}")
        for field, (before, after) in row.changes.items()
    ]
