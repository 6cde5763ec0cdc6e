"""Size classes of provinces from a file: sent, checked, and taken as a whole or not at all."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from portal.core.access import Permission as P
from portal.core.access import requires
from portal.core.database.session import db
from portal.core.imports.errors import UnreadableFile
from portal.core.imports.spreadsheet import Table
from portal.core.texts import _, lazy
from portal.register.size_file import COLUMNS, SizesRead, apply_sizes, read_sizes, sizes_in

blueprint = Blueprint("size_file", __name__)
#: faults of a file that its page shows at once
SHOWN = 50


class UploadForm(FlaskForm):
    """The one file."""

    file = FileField(lazy("File of size classes"))


@blueprint.route("/admin/provinces/sizes", methods=["GET", "POST"])
@requires(P.PLACES_WRITE)
def form() -> Any:
    """Choose a file: taken where every row can be used, else its faults are told and nothing is saved."""
    upload, read = UploadForm(), SizesRead()
    if upload.validate_on_submit():
        try:
            read = sizes_in(db.session(), _table(upload))
        except UnreadableFile as error:
            upload.file.errors = [error.message]
        else:
            if not read.wrong:
                return _taken(read)
            upload.file.errors = [
                _("%(count)s rows cannot be used, so nothing was saved", count=len(read.wrong))
            ]
    page = render_template(
        "register/size_file.html",
        form=upload,
        wrong=read.wrong[:SHOWN],
        more=len(read.wrong) - SHOWN,
        columns=[names[0] for names in COLUMNS.values()],
        heading=lambda column: COLUMNS[column][0],
    )
    return page, 422 if upload.errors else 200


def _table(upload: UploadForm) -> Table:
    sent = upload.file.data
    if not sent or not sent.filename:
        raise UnreadableFile("Choose a file first")
    table = read_sizes(sent.read(), sent.filename[:150])
    if not table.rows:
        raise UnreadableFile("The file has a heading and no rows below it")
    return table


def _taken(read: SizesRead) -> Any:
    count = apply_sizes(db.session(), read.sizes)
    flash(
        _(
            "The file names %(all)s provinces; %(count)s of them got another size class",
            all=len(read.sizes),
            count=count,
        ),
        "ok",
    )
    return redirect(url_for("provinces.index_view"))
