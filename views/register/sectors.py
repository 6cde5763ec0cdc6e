"""Sectors on a generated screen, and how one begins: its places and the first officers of its office."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from models.sector import USUAL_SECTOR, Sector
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import A_USERNAME, AN_EMAIL, DigitsField, say
from portal.core.lookup import get_or_404
from portal.core.texts import _, lazy
from portal.people import first_officers
from portal.register import sectors
from views.generated.base import Crud, ScopedModelView

blueprint = Blueprint("sector_start", __name__, url_prefix="/admin/sectors")


class SectorView(ScopedModelView):
    """Whose units are assessed."""

    permissions = Crud(
        read=P.SECTORS_READ,
        create=P.SECTORS_WRITE,
        edit=P.SECTORS_WRITE,
        delete=P.SECTORS_WRITE,
        export=P.SECTORS_READ,
    )
    one = lazy("sector")
    list_template = "register/sectors.html"
    edit_template = "register/sector_form.html"
    column_list = ("name", "short", "office", "province_office")
    column_title = "name"
    column_labels: ClassVar[dict[str, Any]] = {
        "name": lazy("Sector"),
        "short": lazy("Short form"),
        "office": lazy("Back office"),
        "province_office": lazy("Its office in a province"),
    }
    column_searchable_list = ("name", "short", "office")
    column_sortable_list = ("name", "short", "office")
    column_default_sort = ("id", False)
    empty_hint = lazy("A sector has its own places, people, agencies and rounds, which no other one sees")

    form_columns = ("name", "short", "office", "province_office")
    form_args: ClassVar[dict[str, Any]] = {
        "name": {"description": lazy("Whose units are assessed, such as หน่วยงานสาธารณสุข")},
        "short": {"description": lazy("Stands beside names that several sectors use, such as สธ.")},
        "office": {
            "description": lazy(
                "The office of the country that keeps its register and its people, by its full name"
            )
        },
        "province_office": {
            "description": lazy("What stands before the province's name, such as สำนักงานสาธารณสุขจังหวัด")
        },
    }

    def on_model_delete(self, model: Sector) -> None:
        """Only one that nothing hangs on."""
        sectors.require_unused(model)

    def delete_consequence(self, row: Sector) -> str:
        """A sector that has begun stays."""
        return _(
            "“%(name)s” is deleted. A sector that has places, people or rounds cannot be deleted", name=row
        )


class OfficerForm(FlaskForm):
    """A first officer of a sector's back office."""

    username = DigitsField(lazy("User name"), A_USERNAME)
    name = StringField(
        lazy("Name and surname"), [InputRequired(lazy("Enter name and surname")), Length(max=160)]
    )
    email = StringField(lazy("E-mail"), [Optional(), Length(max=200), AN_EMAIL])


@blueprint.route("/<int:sector_id>/start", methods=["GET", "POST"])
@requires(P.SECTORS_WRITE)
def show(sector_id: int) -> Any:
    """How far a sector has come, its places, and a form for a first officer of its office."""
    sector = _another(sector_id)
    form = OfficerForm()
    if form.validate_on_submit():
        try:
            request = first_officers.ask(
                sector,
                username=form.username.data,
                name=form.name.data,
                email=form.email.data or "",
                actor=the_actor(),
            )
        except Refused as refused:
            say(form, refused, otherwise="username")
        else:
            flash(_("%(name)s waits for another NACC officer to confirm", name=request.account.name), "ok")
            return redirect(url_for("sector_start.show", sector_id=sector_id))
    named = first_officers.officers(sector), first_officers.waiting(sector)
    page = render_template(
        "register/sector_start.html",
        sector=sector,
        form=form,
        standing=sectors.standing(sector),
        officers=named[0],
        waiting=named[1],
        enough=len(named[0]) + len(named[1]) >= first_officers.ENOUGH,
    )
    return page, 422 if form.errors else 200


@blueprint.post("/<int:sector_id>/places")
@requires(P.SECTORS_WRITE)
def take_places(sector_id: int) -> Any:
    """Give the sector the provinces and districts of the first one."""
    provinces, districts = sectors.take_places(_another(sector_id))
    if provinces or districts:
        words = _(
            "%(provinces)s provinces and %(districts)s districts were made",
            provinces=provinces,
            districts=districts,
        )
    else:
        words = _("The sector has all of them already")
    flash(words, "ok")
    return redirect(url_for("sector_start.show", sector_id=sector_id))


def _another(sector_id: int) -> Sector:
    """A sector that is set up here. Raises NotFound, also for the first one, which came with the portal."""
    if sector_id == USUAL_SECTOR:
        raise NotFound
    return get_or_404(Sector, sector_id)


def views() -> list[ScopedModelView]:
    """The generated screen of sectors."""
    return [SectorView(Sector, lazy("Sectors"), endpoint="sectors", url="/admin/sectors")]
