"""Importing a roster, from a file or pasted: the form, a dry run that shows each fault, the good rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.exceptions import HTTPException
from wtforms import TextAreaField

from models.participation import Participation
from portal.core import error_pages
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.downloads import attachment
from portal.core.errors import Refused
from portal.core.imports.errors import UnreadableFile
from portal.core.imports.spreadsheet import Table
from portal.core.lookup import hold, own_participation
from portal.core.texts import _, lazy
from portal.preparation import desk as preparation
from portal.rosters import files
from portal.rosters import rows as roster
from portal.rosters import undo as roster_undo
from portal.rosters.file import COLUMNS, group_words, pasted_again, read_pasted, read_roster, with_groups
from portal.rosters.importing import (
    RosterPlan,
    WrongRow,
    groups_of,
    keep_roster,
    kept_roster,
    newest_kept,
    plan_roster,
)

blueprint = Blueprint("roster_import", __name__)
SHOWN = 200
#: good rows that the dry run shows as they will be stored
FIRST_ROWS = 5
#: rows with a remark that it names for each remark
NAMED_ROWS = 20
#: words that are no group, for which one can be chosen
MOST_WORDS = 40


class PastedForm(FlaskForm):
    """Rows copied in a spreadsheet program."""

    pasted = TextAreaField(lazy("Rows copied in your spreadsheet program"))


@dataclass(frozen=True)
class Cell:
    """One cell of a faulty row: what stands in the file and what is wrong with it."""

    heading: str
    text: str
    faults: tuple[str, ...]


@blueprint.route("/rounds/<int:round_id>/preparation/roster/import", methods=["GET", "POST"])
@requires(P.PREPARATION_ENTER)
def form(round_id: int) -> Any:
    """Choose a file or paste rows. They are read and kept sealed; nothing of them is on the roster yet."""
    participation = own_participation(round_id)
    pasted = PastedForm()
    error = ""
    if request.method == "POST":
        try:
            file_id = _read(participation)
        except Refused as refused:
            db.session.rollback()
            if "pasted" in request.form:
                pasted.pasted.errors = [refused.message]
            error = refused.message
        else:
            return redirect(url_for("roster_import.dry_run", round_id=round_id, file_id=file_id))
    elif pasted.pasted.data is None:
        pasted.pasted.data = _pasted_before(participation)
    page = render_template(
        "rosters/import_form.html",
        participation=participation,
        error="" if pasted.pasted.errors else error,
        pasted=pasted,
        locked=_locked(participation),
        columns=[names[0] for names in COLUMNS.values()],
        groups=participation.round.roster_groups,
    )
    return page, 422 if error else 200


@blueprint.errorhandler(413)
def too_much(error: HTTPException) -> Any:
    """Say what to do with rows that are more than a form takes: what was pasted was not even read."""
    if not error_pages.is_too_much_text():
        return error_pages.refused(error)
    return error_pages.page(
        413,
        _("Too many rows to paste"),
        _(
            "At most 2 MB can be pasted, and nothing was saved. Keep the rows as a file (XLSX, XLS, ODS or"
            " CSV, at most 10 MB) and send it under “Send the file” on the page “Import names”"
        ),
    )


@blueprint.get("/rounds/<int:round_id>/preparation/roster/template.xlsx")
@requires(P.PREPARATION_ENTER)
def template(round_id: int) -> Any:
    """The workbook to fill: columns, the groups to choose from, an example."""
    participation = own_participation(round_id)
    year = participation.round.year_and_scheme
    return attachment(
        files.template(participation.round),
        files.FORMATS["xlsx"],
        f"{_('Form of the external roster')} {year}.xlsx",
        plain=f"roster-form-{year}",
    )


@blueprint.get("/rounds/<int:round_id>/preparation/roster/import/<int:file_id>")
@requires(P.PREPARATION_ENTER)
def dry_run(round_id: int, file_id: int) -> Any:
    """What an import of the kept file would do, row by row."""
    participation = own_participation(round_id)
    table = _kept(participation, file_id)
    plan = plan_roster(participation, table)
    groups = groups_of(participation)
    words = group_words(table, groups)
    return render_template(
        "rosters/dry_run.html",
        participation=participation,
        table=table,
        plan=plan,
        file_id=file_id,
        headings=[
            (table.columns.get(column, ""), _heading(column)) for column in COLUMNS if column != "number"
        ],
        faulty=[(wrong.row.number, list(_cells(wrong))) for wrong in plan.wrong[:SHOWN]],
        hidden=max(0, len(plan.wrong) - SHOWN),
        fault_columns=len({fault.column for wrong in plan.wrong for fault in wrong.wrongs}),
        fault_cells=sum(len(wrong.wrongs) for wrong in plan.wrong),
        editable=_locked(participation) is None,
        may_add=roster.may_add(participation, the_actor()),
        first=plan.good[:FIRST_ROWS],
        group_names={group.id: group.name for group in participation.round.roster_groups},
        remarks=_remarks(plan),
        words=words[:MOST_WORDS],
        more_words=max(0, len(words) - MOST_WORDS),
        group_choices=groups.names,
    )


@blueprint.post("/rounds/<int:round_id>/preparation/roster/import/<int:file_id>/groups")
@requires(P.PREPARATION_ENTER)
def groups(round_id: int, file_id: int) -> Any:
    """Choose the group that a word of the file means, for all rows that say it; then look again."""
    participation = own_participation(round_id)
    roster.require_addable(participation, the_actor())
    hold(participation)
    table, known = _kept(participation, file_id), groups_of(participation)
    words = group_words(table, known)[:MOST_WORDS]
    sent = {word.word: request.form.get(f"group-{at}", "") for at, word in enumerate(words)}
    chosen = {word: name for word, name in sent.items() if not name or name in known.names}
    kept = keep_roster(participation, with_groups(table, known, chosen), actor=the_actor())
    return redirect(url_for("roster_import.dry_run", round_id=round_id, file_id=kept.id))


@blueprint.post("/rounds/<int:round_id>/preparation/roster/import/<int:file_id>")
@requires(P.PREPARATION_ENTER)
def apply(round_id: int, file_id: int) -> Any:
    """Import the good rows: added to the roster, or (``mode`` replace) put in its place."""
    participation = own_participation(round_id)
    hold(participation)  # of several who send it, one finds the file
    plan = plan_roster(participation, _kept(participation, file_id))
    replace = request.form.get("mode") == "replace"
    if replace and participation.roster_count and request.form.get("confirm") != "1":
        return _ask_replace(participation, plan, file_id)
    count = roster_undo.import_plan(participation, plan, replace=replace, actor=the_actor())
    flash(_("%(number)s rows were imported", number=f"{count:,}"), "ok")
    return redirect(url_for("preparation.roster", round_id=round_id))


@blueprint.post("/rounds/<int:round_id>/preparation/roster/import/<int:file_id>/faults.xlsx")
@requires(P.PREPARATION_ENTER)
def faults(round_id: int, file_id: int) -> Any:
    """The faulty rows as a workbook, each fault beside its row."""
    participation = own_participation(round_id)
    plan = plan_roster(participation, _kept(participation, file_id))
    rows = [
        (
            wrong.row.number,
            wrong.row.cells,
            {fault.column: _(fault.reason, **fault.values) for fault in wrong.wrongs},
        )
        for wrong in plan.wrong
    ]
    return attachment(
        files.faults(rows), files.FORMATS["xlsx"], f"{_('Rows to mend')}.xlsx", plain="roster-rows-to-mend"
    )


@blueprint.post("/rounds/<int:round_id>/preparation/roster/undo")
@requires(P.PREPARATION_ENTER)
def undo(round_id: int) -> Any:
    """Take the last import back."""
    participation = own_participation(round_id)
    try:
        count = roster_undo.undo_import(participation, actor=the_actor())
    except Refused as refused:
        db.session.rollback()
        flash(refused.message, "bad")
    else:
        flash(
            _("The last import was taken back: the roster has %(number)s names again", number=f"{count:,}"),
            "ok",
        )
    return redirect(url_for("preparation.roster", round_id=round_id))


def _read(participation: Participation) -> int:
    """Read what was sent and keep it sealed; gives its id. Raises Refused (also UnreadableFile)."""
    actor = the_actor()
    roster.require_addable(participation, actor)
    table = _pasted() if "pasted" in request.form else _sent_file()
    if not table.rows:
        raise UnreadableFile("The file has a heading and no rows below it")
    return keep_roster(participation, table, actor=actor).id


def _sent_file() -> Table:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise UnreadableFile("Choose a file first")
    return read_roster(sent.read(), sent.filename[:150])


def _pasted() -> Table:
    text = request.form["pasted"]
    if not text.strip():
        raise UnreadableFile("Paste the rows first")
    return read_pasted(text)


def _pasted_before(participation: Participation) -> str:
    """The pasted rows of a dry run that are to be mended; empty where the address names none."""
    file_id = request.args.get("mend", type=int)
    table = kept_roster(participation, file_id) if file_id else None
    return pasted_again(table) if table else ""


def _kept(participation: Participation, file_id: int) -> Table:
    return kept_roster(participation, file_id) or _instead_of_a_lost_file(participation)


def _instead_of_a_lost_file(participation: Participation) -> NoReturn:
    """Lead to the newer file, or to sending one, and say so: a page acts on the file that it showed."""
    newer = newest_kept(participation, actor=the_actor())
    if newer is not None:
        flash(
            _("That page showed an earlier file, and was not used: this is the file that you sent last"),
            "warn",
        )
        url = url_for("roster_import.dry_run", round_id=participation.round_id, file_id=newer)
    else:
        flash(
            _(
                "The file of that page is no longer kept: it was imported already, or a day has passed. "
                "Look at the roster, or send the file again"
            ),
            "warn",
        )
        url = url_for("roster_import.form", round_id=participation.round_id)
    abort(redirect(url))


def _cells(wrong: WrongRow) -> Iterator[Cell]:
    for column in COLUMNS:
        if column == "number":
            continue
        texts = tuple(_(fault.reason, **fault.values) for fault in wrong.wrongs if fault.column == column)
        yield Cell(_heading(column), wrong.row[column], texts)


def _remarks(plan: RosterPlan) -> list[tuple[str, int, list[int]]]:
    """What should be looked at before the good rows are taken: words, how many rows, the first of them."""
    rows: dict[str, list[int]] = {}
    for person in plan.good:
        for remark in person.remarks:
            rows.setdefault(remark, []).append(person.row)
    return [(_(remark), len(numbers), numbers[:NAMED_ROWS]) for remark, numbers in rows.items()]


def _heading(column: str) -> str:
    return COLUMNS[column][0]


def _locked(participation: Participation) -> Refused | None:
    actor = the_actor()
    return (
        None if roster.may_add(participation, actor) else preparation.why_not_editable(participation, actor)
    )


def _ask_replace(participation: Participation, plan: RosterPlan, file_id: int) -> Any:
    round_id = participation.round_id
    count = len(plan.taken(replace=True))
    return render_template(
        "confirm.html",
        title=_("Replace the whole roster"),
        consequences=[
            _(
                "The %(before)s names on the roster are deleted; %(after)s names of the file come instead",
                before=f"{participation.roster_count:,}",
                after=f"{count:,}",
            ),
            _("You can take this back until the roster is changed again or sent to the executive"),
        ],
        action_url=url_for("roster_import.apply", round_id=round_id, file_id=file_id),
        action_label=_("Replace with %(number)s rows", number=f"{count:,}"),
        back_url=url_for("roster_import.dry_run", round_id=round_id, file_id=file_id),
        fields={"mode": "replace", "confirm": "1"},
        crumbs=[(_("External roster"), url_for("preparation.roster", round_id=round_id))],
    )
