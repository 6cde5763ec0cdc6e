"""Size classes of provinces from a file: sent, looked at, taken as a whole, taken back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.imports.errors import UnreadableFile
from portal.core.imports.spreadsheet import Table
from portal.core.outside import whole
from portal.core.texts import _, lazy
from portal.register import size_plan
from portal.register.size_file import COLUMNS, SizesRead, read_sizes, sizes_in
from portal.register.sizes import size_words

blueprint = Blueprint("size_file", __name__)
#: faults of a file that its page shows at once
SHOWN = 50


class UploadForm(FlaskForm):
    """The one file."""

    file = FileField(lazy("File of size classes"))


@blueprint.route("/admin/provinces/sizes", methods=["GET", "POST"])
@requires(P.PLACES_WRITE)
def form() -> Any:
    """Choose a file: its faults are told, or what it would change is shown next. Nothing is saved yet."""
    upload, read = UploadForm(), SizesRead()
    if upload.validate_on_submit():
        try:
            read = sizes_in(db.session(), _table(upload))
        except UnreadableFile as error:
            upload.file.errors = [error.message]
        else:
            if not read.wrong:
                name = upload.file.data.filename
                file = size_plan.keep_sizes(db.session(), name, read.sizes, actor=the_actor())
                return redirect(url_for("size_file.look", file_id=file.id))
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
        taken=size_plan.last_taken(db.session(), actor=the_actor()),
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


@blueprint.route("/admin/provinces/sizes/<int:file_id>", methods=["GET", "POST"])
@requires(P.PLACES_WRITE)
def look(file_id: int) -> Any:
    """What the file would change; sent, the register says what the file says."""
    session, actor = db.session(), the_actor()
    if request.method == "POST":
        count = size_plan.take(session, file_id, seen=request.form.get("seen", ""), actor=actor)
        words = _("%(count)s provinces got another size class; it can be taken back", count=count)
        flash(words if count else _("Nothing was changed"), "ok")
        return redirect(url_for("size_file.form"))
    plan = size_plan.plan_of(session, file_id, actor=actor)
    return render_template("register/size_plan.html", plan=plan, file_id=file_id, size_words=size_words)


@blueprint.post("/admin/provinces/sizes/back")
@requires(P.PLACES_WRITE)
def take_back() -> Any:
    """Take the last file back."""
    file_id = whole(request.form.get("file"), least=1) or 0
    count, left = size_plan.take_back(db.session(), file_id, actor=the_actor())
    flash(_("%(count)s provinces have their size class of before again", count=count), "ok")
    if left:
        flash(_("Changed since, so left as they are: %(names)s", names=", ".join(left)), "warn")
    return redirect(url_for("size_file.form"))
