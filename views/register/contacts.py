"""Contacts: of an agency, of the provinces' offices, and whom a person calls who needs help."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from models.agency import Agency
from models.contact import AgencyContact, ProvinceContact
from models.phones import AS_TYPED, numbers_of, read_phone, shown
from models.place import Province
from portal.core.access import Permission as P
from portal.core.access import can, current_actor, requires, scope_of, the_actor
from portal.core.calling import Call, calls_of, whom_to_call
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.lookup import get_or_404
from portal.core.scopes import Reach
from portal.core.sent.versions import read_version, version_of
from portal.core.texts import _
from portal.register import contacts
from portal.register.contact_fields import OF_A_PROVINCE, OF_AN_AGENCY, Contacts
from views.register.contact_forms import AgencyContactForm, ProvinceContactForm

blueprint = Blueprint("contacts", __name__)
#: the room of the other door, whose error pages are ours too
SURVEYS = "survey"
blueprint.add_app_template_filter(numbers_of, "phone_numbers")
blueprint.add_app_template_filter(shown, "phone")


@blueprint.app_context_processor
def _calling() -> dict[str, Any]:
    return {
        "whom_to_call": _whom_to_call,
        "is_unsure_phone": lambda text: read_phone(text).remark == AS_TYPED,
    }


def _whom_to_call() -> Call | None:
    """Whom the reader of a page calls; nobody on a respondent's: no office helps with answers."""
    return None if request.blueprint == SURVEYS else whom_to_call(current_actor())


@blueprint.get("/contacts")
@requires(P.CONTACTS_WRITE)
def own() -> Any:
    """The contacts of the own place; the country's offices read those of the provinces."""
    actor = the_actor()
    if actor.agency_id is not None:
        return redirect(url_for("contacts.show", agency_id=actor.agency_id))
    if actor.province_id is not None:
        return redirect(url_for("contacts.office", province_id=actor.province_id))
    return redirect(url_for("contacts.offices"))


@blueprint.get("/contacts/review")
@requires(P.HOME_READ)
def review() -> Any:
    """Right after activation: an agency's person looks its contacts through, a province's its own."""
    actor = the_actor()
    if actor.agency_id is not None:
        page = "show" if contacts.has_any(contacts.contact_of(actor.agency_id)) else "edit"
        return redirect(url_for(f"contacts.{page}", agency_id=actor.agency_id, then="home"))
    if actor.province_id is not None and not contacts.has_any(contacts.province_contact(actor.province_id)):
        return redirect(url_for("contacts.office", province_id=actor.province_id))
    return redirect(url_for("home.index"))


@blueprint.get("/agencies/<int:agency_id>/contacts")
@requires(P.CONTACTS_READ)
def show(agency_id: int) -> Any:
    """How an agency is reached."""
    agency = get_or_404(Agency, agency_id)
    actor, contact = the_actor(), contacts.contact_of(agency_id)
    return render_template(
        "register/contacts/show.html",
        agency=agency,
        contact=contact,
        reviewer=contacts.reviewer_of(contact) if contact else "",
        own=actor.agency_id == agency_id,
        may_edit=can(actor, P.CONTACTS_WRITE),
        in_register=scope_of(actor).reach is Reach.COUNTRY,
        then=_then(),
    )


@blueprint.route("/agencies/<int:agency_id>/contacts/edit", methods=["GET", "POST"])
@requires(P.CONTACTS_WRITE)
def edit(agency_id: int) -> Any:
    """Change the contacts of an agency; for its own people this is looking them through as well."""
    agency = get_or_404(Agency, agency_id)
    contact = contacts.contact_of(agency_id)
    form = AgencyContactForm(data=_shown_in_form(contact, OF_AN_AGENCY))
    if form.validate_on_submit():
        try:
            read = contacts.save(agency, form.typed(), seen_version=version_of(form), actor=the_actor())
        except Refused as refused:
            say(form, refused, otherwise="phone")
        else:
            _say_saved(read)
            return redirect(_after(agency_id))
    page = render_template(
        "register/contacts/edit.html",
        form=form,
        agency=agency,
        contact=contact,
        own=the_actor().agency_id == agency_id,
        then=_then(),
        back=url_for("contacts.show", agency_id=agency_id, then=_then()),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/agencies/<int:agency_id>/contacts/right")
@requires(P.CONTACTS_WRITE)
def looked_through(agency_id: int) -> Any:
    """The agency's own people say that the contacts are right as they stand."""
    version = read_version(request.form.get("version"))
    contacts.look_through(agency_id, seen_version=version, actor=the_actor())
    flash(_("Noted: the contacts are right"), "ok")
    return redirect(_after(agency_id))


@blueprint.get("/contacts/offices")
@requires(P.PLACES_READ)
def offices() -> Any:
    """Whom the agencies of each province call, and whom everybody else calls."""
    query = (
        select(Province, ProvinceContact)
        .outerjoin(ProvinceContact, ProvinceContact.province_id == Province.id)
        .order_by(Province.sort_key)
    )
    rows = db.session.execute(query).all()
    with_agencies = set(db.session.scalars(select(Agency.province_id).where(Agency.active).distinct()))
    actor = the_actor()
    return render_template(
        "register/contacts/offices.html",
        rows=rows,
        lacking=sum(
            province.id in with_agencies and not contacts.has_any(contact) for province, contact in rows
        ),
        central=next(iter(calls_of(db.session(), None)), None),
        may_edit=can(actor, P.PROVINCE_CONTACTS_WRITE),
        may_help=can(actor, P.ACCOUNTS_WRITE),
    )


@blueprint.route("/contacts/offices/<int:province_id>", methods=["GET", "POST"])
@requires(P.PROVINCE_CONTACTS_WRITE)
def office(province_id: int) -> Any:
    """Whom the agencies of one province call."""
    province = get_or_404(Province, province_id)
    actor = the_actor()
    if actor.province_id not in (None, province_id):
        raise NotFound
    contact = contacts.province_contact(province_id)
    form = ProvinceContactForm(data=_shown_in_form(contact, OF_A_PROVINCE))
    of_country = actor.province_id is None
    if form.validate_on_submit():
        try:
            read = contacts.save_province(province, form.typed(), seen_version=version_of(form), actor=actor)
        except Refused as refused:
            say(form, refused, otherwise="phone")
        else:
            _say_saved(read)
            return redirect(url_for("contacts.offices" if of_country else "home.index"))
    page = render_template(
        "register/contacts/office.html", form=form, province=province, contact=contact, of_country=of_country
    )
    return page, 422 if form.errors else 200


def _shown_in_form(contact: AgencyContact | ProvinceContact | None, names: tuple[str, ...]) -> dict[str, str]:
    """The stored fields as the form shows them: telephone numbers in groups."""
    values = {name: getattr(contact, name) if contact else "" for name in names}
    return {**values, "phone": shown(values["phone"]), "version": str(contact.version if contact else 0)}


def _say_saved(read: Contacts) -> None:
    flash(_("Saved"), "ok")
    for remark in read.remarks.values():
        flash(_(remark), "warn")


def _then() -> str | None:
    """Where looking through leads on to: home after activation; None: it stays here."""
    return "home" if request.args.get("then") == "home" else None


def _after(agency_id: int) -> str:
    return url_for("home.index") if _then() else url_for("contacts.show", agency_id=agency_id)
