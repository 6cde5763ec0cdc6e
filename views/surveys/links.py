"""The links room of an agency's admin: links, QR codes and posters of both surveys."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.instrument import InstrumentKind
from models.participation import Participation
from models.survey import SurveyLink
from portal.ballot.links import survey_url
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.downloads import attachment
from portal.core.errors import NotFound
from portal.core.jobs import queue
from portal.core.lookup import own_participation
from portal.core.texts import _
from portal.surveys import links, on_site, posters, spreading
from portal.surveys.counted import counted_words
from portal.surveys.minimum_words import rules_of
from reports import qr
from reports.letter_data import PosterSheet

blueprint = Blueprint("links", __name__)
#: a file's name goes over the wire in plain letters
TITLES = {
    PosterSheet.A4: "Poster %(name)s · %(agency)s",
    PosterSheet.A3: "Poster A3 %(name)s · %(agency)s",
    PosterSheet.CARDS: "Table cards %(name)s · %(agency)s",
}
PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


@blueprint.get("/rounds/<int:round_id>/links")
@requires(P.LINKS_READ)
def show(round_id: int) -> Any:
    """Both surveys: link, QR, which channels may be used, window, answers against the minimum."""
    participation = own_participation(round_id)
    surveys = links.surveys_of(participation)
    return render_template(
        "surveys/links.html",
        participation=participation,
        surveys=surveys,
        counted=counted_words(),
        rules=rules_of(participation, {desk.instrument: desk.target for desk in surveys}),
        confirmed=participation.is_confirmed,
        texts={desk.instrument: spreading.texts_of(participation, desk) for desk in surveys if desk.link},
        pictures={desk.instrument: _picture(desk) for desk in surveys if desk.link},
        on_site=on_site.at_the_office(participation),
    )


@blueprint.get("/rounds/<int:round_id>/links/<instrument>.<any(svg, png):form>")
@requires(P.LINKS_READ)
def picture(round_id: int, instrument: str, form: str) -> Any:
    """The QR code of a survey as a file."""
    participation = own_participation(round_id)
    kind = _survey(instrument)
    url = survey_url(links.living_link(participation, kind))
    content: str | bytes = qr.qr_svg(url) if form == "svg" else qr.qr_png(url)
    year = participation.round.year_and_scheme
    return attachment(
        content,
        PICTURES[form],
        f"QR {kind.value.upper()} {participation.full_name} {year}.{form}",
        plain=f"qr-{kind.value}-{participation.code or participation.id}-{year}",
    )


@blueprint.route("/rounds/<int:round_id>/links/<instrument>/replace", methods=["GET", "POST"])
@requires(P.LINKS_ROTATE)
def replace(round_id: int, instrument: str) -> Any:
    """Replace a link, after a page that says what happens to the old one."""
    participation = own_participation(round_id)
    kind = _survey(instrument)
    shown = links.living_link(participation, kind)
    links.require_running(participation, kind)
    error = ""
    if request.method == "POST":
        if request.form.get("confirm") == "1":
            seen = request.form.get("link", 0, int)
            links.replace_link(participation, kind, seen_link=seen, actor=the_actor())
            flash(_("There is a new link: spread it anew, the old one no longer works"), "ok")
            return redirect(url_for("links.show", round_id=round_id))
        error = _("Tick the box to show that the old link may stop working")
    return _ask_replace(participation, shown, error), 422 if error else 200


@blueprint.post("/rounds/<int:round_id>/links/<instrument>/poster")
@requires(P.LINKS_READ)
def poster(round_id: int, instrument: str) -> Any:
    """Make a poster (A4, A3) or table cards; the page of the work shows the file when it is ready."""
    participation = own_participation(round_id)
    kind = _survey(instrument)
    sheet = _sheet(request.form.get("sheet", PosterSheet.A4.value))
    link = links.living_link(participation, kind)
    links.require_running(participation, kind)
    job = queue.enqueue(
        posters.KIND,
        title=_(TITLES[sheet], name=kind.value.upper(), agency=participation.full_name),
        arguments={"round": round_id, "instrument": kind.value, "link": link.id, "sheet": sheet.value},
        actor=the_actor(),
    )
    return redirect(url_for("jobs.show", job_id=job.id))


def _picture(desk: links.OwnSurvey) -> str:
    name = desk.instrument.value.upper()
    return qr.qr_svg(desk.url, title=_("QR code of the %(name)s link", name=name))


def _sheet(asked: str) -> PosterSheet:
    """What is to be printed. Raises NotFound."""
    try:
        return PosterSheet(asked)
    except ValueError:
        raise NotFound from None


def _survey(instrument: str) -> InstrumentKind:
    """The survey that an address names. Raises NotFound."""
    for kind in links.STAGES:
        if kind.value == instrument:
            return kind
    raise NotFound


def _ask_replace(participation: Participation, link: SurveyLink, error: str) -> str:
    kind = link.instrument
    back = url_for("links.show", round_id=participation.round_id)
    name = kind.value.upper()
    return render_template(
        "confirm.html",
        title=_("Replace the %(name)s link", name=name),
        consequences=[
            _("The present link and its QR code stop working within ten seconds, also on posters and sites"),
            _("Answers that were sent are kept and counted; nobody has to answer again"),
            _("This cannot be undone: the new link has to be spread to everybody"),
        ],
        action_url=url_for("links.replace", round_id=participation.round_id, instrument=kind.value),
        action_label=_("Replace the %(name)s link", name=name),
        back_url=back,
        fields={"link": link.id},
        danger=True,
        tick=_("The old link may stop working now"),
        error=error,
        crumbs=[(_("Links and QR codes"), back), (_("Replace the link"), None)],
    )
