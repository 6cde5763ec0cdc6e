"""Imports of the register that were made: what each changed, as page and file, and taking one back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from models.agency import Agency
from models.register_import import RegisterImport
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.downloads import CSV, XLSX, attachment
from portal.core.lookup import one_or_404
from portal.core.texts import _
from portal.register.kept import undo_import
from reports import spreadsheets
from views.frame.paging import Paged, address_of, pages_of, wanted_page
from views.register.words import field_labels, value_words

blueprint = Blueprint("registry_imports", __name__)
PAGE = 30
#: agencies that could not be taken back and are named
MOST_NAMED = 10
FORMATS = {"csv": CSV, "xlsx": XLSX}


@blueprint.get("/admin/registry/imports")
@requires(P.AGENCIES_IMPORT)
def index() -> Any:
    """The imports, the newest first."""
    total = db.session.scalar(select(func.count(RegisterImport.id))) or 0
    page = wanted_page(pages := pages_of(total, PAGE))
    query = select(RegisterImport).order_by(RegisterImport.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    people = (joinedload(RegisterImport.account), joinedload(RegisterImport.undone_by))
    rows = list(db.session.scalars(query.options(*people)))
    url = address_of("registry_imports.index")
    shown = Paged(rows, page, pages, total, (page - 1) * PAGE + 1, url)
    return render_template("register/import/imports.html", rows=shown)


@blueprint.get("/admin/registry/imports/<int:import_id>.<any(csv, xlsx):kind>")
@requires(P.AGENCIES_IMPORT)
def changes(import_id: int, kind: str) -> Any:
    """Everything that an import changed: a row per agency and field, before and after."""
    kept = _kept(import_id)
    header = [_("Agency"), _("Code"), _("Change"), _("Field"), _("Before"), _("After")]
    rows = list(_change_rows(kept))
    body: Any = b"".join(spreadsheets.csv_stream(header, rows))
    if kind == "xlsx":
        title = _("Changes")
        body = spreadsheets.xlsx_bytes([spreadsheets.Sheet(title, header, rows, about=(title,))])
    plain = f"register-import-{import_id}"
    return attachment(body, FORMATS[kind], f"{_('Changes')} {import_id}.{kind}", plain=plain)


@blueprint.route("/admin/registry/imports/<int:import_id>/undo", methods=["GET", "POST"])
@requires(P.AGENCIES_IMPORT)
def undo(import_id: int) -> Any:
    """Take an import back, after a page that says what follows."""
    kept = _kept(import_id)
    back = url_for("registry_imports.index")
    if request.method == "GET":
        return _ask(kept, back)
    undone = undo_import(db.session(), import_id, account_id=the_actor().account_id)
    flash(
        _(
            "The import was taken back: %(restored)s agencies are as before, %(removed)s were removed",
            restored=f"{undone.restored:,}",
            removed=f"{undone.removed:,}",
        ),
        "ok",
    )
    if undone.left:
        names = ", ".join(undone.left[:MOST_NAMED]) + (" …" if len(undone.left) > MOST_NAMED else "")
        flash(
            _(
                "%(count)s agencies were changed since or are in use, and stay as they are: %(names)s",
                count=f"{len(undone.left):,}",
                names=names,
            ),
            "warn",
        )
    return redirect(back)


def _kept(import_id: int) -> RegisterImport:
    query = select(RegisterImport).where(RegisterImport.id == import_id)
    row: RegisterImport = one_or_404(query.options(undefer(RegisterImport.changes)))
    return row


def _change_rows(kept: RegisterImport) -> Iterator[list[str]]:
    words, labels = value_words(), field_labels()
    names = {row.id: row for row in db.session.execute(select(Agency.id, Agency.code, Agency.full_name))}
    for change in kept.changes:
        agency = names.get(change["id"])
        name = agency.full_name if agency else str(change["after"].get("full_name", change["id"]))
        code = (agency.code if agency else change["after"].get("code")) or ""
        made = change["before"] is None
        for field, after in change["after"].items():
            before = "" if made else words(field, change["before"][field])
            what = _("new") if made else _("changed")
            yield [name, code, what, str(labels.get(field, field)), before, words(field, after)]


def _ask(kept: RegisterImport, back: str) -> Any:
    made = sum(change["before"] is None for change in kept.changes)
    return render_template(
        "confirm.html",
        title=_("Take back the import of %(file)s", file=kept.file_name),
        consequences=[
            _(
                "%(changed)s agencies become as they were before; %(made)s that the import made are removed",
                changed=f"{len(kept.changes) - made:,}",
                made=f"{made:,}",
            ),
            _("Agencies that were changed since, are in a round or have users stay as they are"),
            _("This cannot be taken back; the same file can be imported again"),
        ],
        action_url=url_for("registry_imports.undo", import_id=kept.id),
        action_label=_("Take back the import"),
        back_url=back,
        danger=True,
        blocked=kept.undone_at is not None,
        crumbs=[(_("Import agencies"), url_for("registry_import.form")), (_("Past imports"), back)],
    )
