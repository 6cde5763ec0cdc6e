"""Posters of the external survey for the agencies of a province or the country, ordered by their offices."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import RadioField, SelectField

from models.place import Province
from models.round import Round
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.forms import say
from portal.core.lookup import get_or_404, round_or_404
from portal.core.outside import whole
from portal.core.texts import _, lazy
from portal.surveys import bulk_posters
from portal.surveys.external import external_surveys, why_nothing_to_spread
from reports.letter_data import PosterSheet

blueprint = Blueprint("posters", __name__)
SHEETS = {
    PosterSheet.A4: lazy("Poster A4: for notice boards and doors"),
    PosterSheet.A3: lazy("Poster A3: for walls that are seen from afar"),
    PosterSheet.CARDS: lazy("Table cards: four on a sheet of A4, to be cut"),
}
#: agencies without a link that the page names at once; the others follow on request
NAMED = 12


class PostersForm(FlaskForm):
    """What is ordered: for which agencies, on which paper."""

    province = SelectField(lazy("Of which agencies"), choices=[])
    sheet = RadioField(
        lazy("Paper"), choices=[(one.value, words) for one, words in SHEETS.items()], default="a4"
    )


@blueprint.route("/rounds/<int:round_id>/posters", methods=["GET", "POST"])
@requires(P.POSTERS_ORDER)
def order(round_id: int) -> Any:
    """Which agencies have an external link, and the order of their posters."""
    round = round_or_404(round_id)
    form = _form(round)
    if form.validate_on_submit():
        try:
            sheet = PosterSheet(form.sheet.data)
            job = bulk_posters.order(round, _chosen(form), sheet, actor=the_actor())
            return redirect(url_for("jobs.show", job_id=job.id))
        except Refused as refused:
            say(form, refused, otherwise="province" if form.province.choices else "")
    surveys = external_surveys(round, _shown_province())
    page = render_template(
        "surveys/posters.html",
        this_round=round,
        form=form,
        surveys=surveys,
        shut=why_nothing_to_spread(round, surveys),
        place=the_actor().place,
        NAMED=NAMED,
    )
    return page, 422 if form.errors else 200


def _form(round: Round) -> PostersForm:
    """The form of this desk: an office of the country chooses a province or all, a province has its own."""
    form = PostersForm(data={"province": request.args.get("province", ""), "sheet": PosterSheet.A4.value})
    if the_actor().province_id is not None:
        del form.province
        return form
    query = select(Province.id, Province.name).where(Province.sector_id == round.sector_id)
    provinces = db.session.execute(query.order_by(Province.sort_key))
    every = [("", _("All agencies of the country")), *((str(key), name) for key, name in provinces)]
    form.province.choices = every
    return form


def _chosen(form: PostersForm) -> Province | None:
    own = the_actor().province_id
    if own is not None:
        return get_or_404(Province, own)
    return get_or_404(Province, whole(form.province.data) or 0) if form.province.data else None


def _shown_province() -> int | None:
    """The province that the page is about: the own one, or the one that the address names."""
    own, asked = the_actor().province_id, request.args.get("province")
    if own is not None or not asked:
        return own
    return get_or_404(Province, whole(asked) or 0).id
