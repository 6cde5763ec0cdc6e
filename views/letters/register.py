"""An office's register of outgoing letters: numbers used, reserved and left out, year by year."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.dispatch import LetterNumber, NumberUse
from models.letter_office import LetterOffice, Register
from models.thai import be_year
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.forms import say
from portal.core.lookup import get_or_404, round_or_404
from portal.core.texts import _, lazy
from portal.letters import numbers
from portal.letters.offices import REGISTERED
from views.letters.forms import BeginForm, ReasonForm, SeriesForm
from views.letters.offices import home_of, office_or_404

blueprint = Blueprint(
    "letter_register", __name__, url_prefix="/rounds/<int:round_id>/letters/office/<int:office_id>/register"
)
USES = {
    NumberUse.USED: (lazy("Used"), "ok"),
    NumberUse.RESERVED: (lazy("Reserved"), "warn"),
    NumberUse.SKIPPED: (lazy("Left out of the register"), "idle"),
}


@blueprint.get("")
@requires(P.LETTERS_READ)
def show(round_id: int, office_id: int) -> Any:
    """The numbers of one year and series, the newest first."""
    round, office = round_or_404(round_id), office_or_404(office_id)
    year = request.args.get("year", None, int) or be_year(clock.now())
    circulars = office.register is Register.CIRCULARS_APART and request.args.get("series") == "circulars"
    text = request.args.get("q", "").strip()
    found = numbers.page_of(office, year, circulars, search=text, page=request.args.get("page", 1, int))
    here: dict[str, Any] = {"round_id": round.id, "office_id": office.id, "year": year, "q": text or None}
    here["series"] = "circulars" if circulars else None
    return render_template(
        "letters/register.html",
        this_round=round,
        office=office,
        year=year,
        years=numbers.years_of(office),
        circulars=circulars,
        apart=office.register is Register.CIRCULARS_APART,
        here_kept=office.register in REGISTERED,
        series=numbers.series_of(office, year, circulars),
        found=found,
        search=text,
        uses=USES,
        back=home_of(office, round.id),
        url_for_page=lambda number: url_for("letter_register.show", page=number, **here),
    )


@blueprint.route("/reserve", methods=["GET", "POST"])
@requires(P.LETTERS_READ)
def reserve(round_id: int, office_id: int) -> Any:
    """Keep the next numbers for letters to come."""
    office = office_or_404(office_id)
    form = SeriesForm()

    def act(year: int, circulars: bool) -> str:
        kept = numbers.reserve(
            office, year, circulars, form.count.data or 0, form.reason.data or "", actor=the_actor()
        )
        return _("Reserved: %(numbers)s", numbers=", ".join(map(str, kept)))

    return _of_series(round_id, office, form, act, _("Reserve numbers"))


@blueprint.route("/begin", methods=["GET", "POST"])
@requires(P.LETTERS_READ)
def begin(round_id: int, office_id: int) -> Any:
    """Where a series goes on from a register that was kept elsewhere."""
    office = office_or_404(office_id)
    form = BeginForm()

    def act(year: int, circulars: bool) -> str:
        numbers.begin_at(
            office, year, circulars, form.first.data or 0, form.reason.data or "", actor=the_actor()
        )
        return _("The series begins with %(number)s", number=form.first.data)

    return _of_series(round_id, office, form, act, _("First number of a series"))


@blueprint.route("/<int:number_id>/skip", methods=["GET", "POST"])
@requires(P.LETTERS_READ)
def skip(round_id: int, office_id: int, number_id: int) -> Any:
    """Say why a reserved number is never used."""
    round, office = round_or_404(round_id), office_or_404(office_id)
    number = get_or_404(LetterNumber, number_id)
    back = url_for("letter_register.show", round_id=round.id, office_id=office.id, year=number.year)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            numbers.skip(number, form.reason.data or "", actor=the_actor())
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
        else:
            flash(_("The register says why the number is left out"), "ok")
            return redirect(back)
    title = _("Leave number %(number)s out", number=get_or_404(LetterNumber, number_id).number)
    return _page(form, round_id, title, back)


def _of_series(round_id: int, office: LetterOffice, form: Any, act: Any, title: str) -> Any:
    """A form about one year's series; sent, the act."""
    round = round_or_404(round_id)
    year = request.values.get("year", None, int) or be_year(clock.now())
    circulars = office.register is Register.CIRCULARS_APART and request.values.get("series") == "circulars"
    back = url_for(
        "letter_register.show",
        round_id=round.id,
        office_id=office.id,
        year=year,
        series="circulars" if circulars else None,
    )
    if form.validate_on_submit():
        try:
            flash(act(year, circulars), "ok")
            return redirect(back)
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
    words = _("Circulars (ว)") if circulars else _("General series")
    return _page(form, round_id, title, back, _("%(series)s of %(year)s", series=words, year=year))


def _page(form: Any, round_id: int, title: str, back: str, lead: str = "") -> Any:
    page = render_template(
        "letters/number.html",
        form=form,
        this_round=round_or_404(round_id),
        title=title,
        lead=lead,
        back=back,
        names=[name for name in ("count", "first", "reason") if name in form],
    )
    return page, 422 if form.errors or form.form_errors else 200
