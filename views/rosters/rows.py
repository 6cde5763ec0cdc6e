"""Single rows of an agency's own roster, typed by hand, and its export."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms import SelectField, StringField

from models.participation import Participation
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.downloads import attachment
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.imports.notes import Wrong
from portal.core.lookup import own_participation
from portal.core.sent.versions import VersionedForm, read_version, version_of
from portal.core.texts import _, lazy
from portal.preparation import desk as preparation
from portal.rosters import files, rows
from portal.rosters.file import Person

blueprint = Blueprint("roster", __name__)


class PersonForm(VersionedForm):
    """One external stakeholder; what may be typed is said by the rules of the import."""

    name = StringField(lazy("Name"))
    organisation = StringField(lazy("Organisation"))
    group = SelectField(lazy("Group"), validate_choice=False)
    phone = StringField(lazy("Telephone"))
    email = StringField(lazy("E-mail"))


@blueprint.route("/rounds/<int:round_id>/preparation/roster/new", methods=["GET", "POST"])
@requires(P.PREPARATION_ENTER)
def add(round_id: int) -> Any:
    """Add one person; "and another" comes back to an empty form."""
    participation = own_participation(round_id)
    form = _form(participation)
    if request.method == "POST" and form.validate() and _save(form, participation):
        flash(_("The person is on the roster"), "ok")  # no name: what a form was answered is kept for hours
        target = "roster.add" if "another" in request.form else "preparation.roster"
        return redirect(url_for(target, round_id=round_id))
    locked = None if rows.may_add(participation, the_actor()) else _locked(participation)
    return _page(form, participation, locked=locked)


@blueprint.route("/rounds/<int:round_id>/preparation/roster/<int:entry_id>", methods=["GET", "POST"])
@requires(P.PREPARATION_ENTER)
def change(round_id: int, entry_id: int) -> Any:
    """Change one person."""
    participation = own_participation(round_id)
    row = rows.roster_row(participation, entry_id)
    contact = row.contact
    form = _form(
        participation,
        version=str(row.version),
        name=contact.name,
        organisation=contact.organisation,
        group=str(row.group.position),
        phone=contact.phone,
        email=contact.email,
    )
    if request.method == "POST" and form.validate() and _save(form, participation, entry_id):
        flash(_("Saved"), "ok")
        return redirect(url_for("preparation.roster", round_id=round_id))
    return _page(form, participation, locked=_locked(participation), row=row)


@blueprint.route("/rounds/<int:round_id>/preparation/roster/<int:entry_id>/delete", methods=["GET", "POST"])
@requires(P.PREPARATION_ENTER)
def delete(round_id: int, entry_id: int) -> Any:
    """Take one person off the roster, after a page that says so."""
    participation = own_participation(round_id)
    row = rows.roster_row(participation, entry_id)
    if request.method == "POST":
        seen = read_version(request.form.get("version"))
        rows.delete_row(participation, entry_id, seen_version=seen, actor=the_actor())
        flash(_("The person was taken off the roster"), "ok")
        return redirect(url_for("preparation.roster", round_id=round_id))
    back = url_for("preparation.roster", round_id=round_id)
    return render_template(
        "confirm.html",
        title=_("Take %(name)s off the roster", name=row.contact.name),
        consequences=[
            _("The row is deleted and cannot be brought back; the person can be entered again by hand")
        ],
        action_url=url_for("roster.delete", round_id=round_id, entry_id=entry_id),
        action_label=_("Take off the roster"),
        back_url=back,
        fields={"version": row.version},
        danger=True,
        crumbs=[(_("External roster"), back), (row.contact.name, None)],
    )


@blueprint.post("/rounds/<int:round_id>/preparation/roster/export")
@requires(P.PREPARATION_ENTER)
def export(round_id: int) -> Any:
    """The agency's own roster as a file; a POST, because the record says who took it."""
    participation = own_participation(round_id)
    form = request.form.get("format", "xlsx")
    if form not in files.FORMATS:
        raise NotFound
    content = files.export(participation, form, actor=the_actor())
    name = f"{_('External roster')} {participation.full_name}.{form}"
    plain = f"roster-{participation.code or participation.id}"
    return attachment(content, files.FORMATS[form], name, plain=plain)


def _form(participation: Participation, **values: str) -> PersonForm:
    form = PersonForm(**values)
    groups = [(str(group.position), group.name) for group in participation.round.roster_groups]
    form.group.choices = [("", _("Choose a group")), *groups]
    return form


def _save(form: PersonForm, participation: Participation, entry_id: int | None = None) -> bool:
    """Save what was typed; what is wrong stands at its field, and what was typed stays."""
    fields = {name: str(getattr(form, name).data or "") for name in _FIELDS}
    person = rows.read_fields(participation, fields)
    try:
        if isinstance(person, tuple):
            wrongs = person
        else:
            wrongs = _stored(participation, person, entry_id, version_of(form))
    except Refused as refused:
        db.session.rollback()
        say(form, refused)
        return False
    for remark in () if wrongs or isinstance(person, tuple) else person.remarks:
        flash(_(remark), "warn")
    for wrong in wrongs:
        field = getattr(form, wrong.column)
        field.errors = [*field.errors, _(wrong.reason, **wrong.values)]
    return not wrongs


def _stored(
    participation: Participation, person: Person, entry_id: int | None, seen: int
) -> tuple[Wrong, ...]:
    actor = the_actor()
    saved = (
        rows.add_row(participation, person, actor=actor)
        if entry_id is None
        else rows.change_row(participation, entry_id, person, seen_version=seen, actor=actor)
    )
    return (saved,) if isinstance(saved, Wrong) else ()


def _locked(participation: Participation) -> Refused | None:
    return preparation.why_not_editable(participation, the_actor())


def _page(form: PersonForm, participation: Participation, **values: Any) -> Any:
    page = render_template("rosters/person.html", form=form, participation=participation, **values)
    return page, 422 if form.errors else 200


_FIELDS = ("name", "organisation", "group", "phone", "email")
