"""The list of certificates that were released, each one's withdrawal, and its print at its agency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from models.certificate import Certificate
from models.place import Province
from models.round import Round
from models.thai import thai_date_short
from portal.certificates import lists, making, outlook, releasing
from portal.certificates.lists import CertificateQuery, Standing
from portal.core import list_files
from portal.core.access import Permission as P
from portal.core.access import can, requires, the_actor
from portal.core.database.session import db
from portal.core.downloads import PDF, attachment
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.lookup import get_or_404, participation_or_404, round_or_404
from portal.core.texts import _, lazy
from portal.results.lists import provinces_in
from views.certificates.forms import WithdrawForm
from views.frame.paging import pages_of, wanted_page

blueprint = Blueprint("certificates", __name__)
#: what became of a certificate: its words and its colour
STANDINGS: dict[Standing, tuple[Any, str]] = {
    Standing.IN_FORCE: (lazy("In force"), "ok"),
    Standing.WITHDRAWN: (lazy("Withdrawn"), "bad"),
}
FILE = "certificates.list"


@blueprint.get("/rounds/<int:round_id>/certificates")
@requires(P.LETTERS_NACC)
def show(round_id: int) -> Any:
    """The certificates of a round; before the release, the page that releases them."""
    round = round_or_404(round_id)
    release = outlook.release_of(round)
    if release is None:
        return redirect(url_for("certificate_release.release", round_id=round.id))
    criteria = _criteria(round, request.args)
    total = lists.count_of(round, criteria)
    pages = pages_of(total, lists.PAGE)
    page = wanted_page(pages)
    here = _here(criteria)
    return render_template(
        "certificates/list.html",
        this_round=round,
        release=release,
        withdrawn=lists.count_of(round, CertificateQuery(standing=Standing.WITHDRAWN)),
        criteria=criteria,
        rows=lists.rows_of(round, criteria, page=page),
        total=total,
        page=page,
        pages=pages,
        first=(page - 1) * lists.PAGE + 1,
        standings=STANDINGS,
        grades=[band.grade for band in round.bands],
        provinces=provinces_in(round),
        url_for_page=lambda number: url_for("certificates.show", round_id=round.id, page=number, **here),
        file_url=lambda ext: url_for("certificates.file", round_id=round.id, ext=ext, **here),
    )


@blueprint.route("/rounds/<int:round_id>/certificates.<any(xlsx, csv, pdf):ext>", methods=["GET", "POST"])
@requires(P.LETTERS_NACC)
def file(round_id: int, ext: str) -> Any:
    """The list as narrowed, all of its pages. Raises NotFound before the release."""
    round = round_or_404(round_id)
    here = _here(_criteria(round, request.args))
    arguments = {"round_id": round.id, "args": {name: str(value) for name, value in here.items() if value}}
    back = url_for("certificates.show", round_id=round.id, **here)
    return list_files.answer(FILE, arguments, ext, back=back)


@blueprint.route("/certificates/<int:certificate_id>/withdraw", methods=["GET", "POST"])
@requires(P.LETTERS_NACC)
def withdraw(certificate_id: int) -> Any:
    """Take a certificate back, with the reason."""
    certificate = get_or_404(Certificate, certificate_id)
    back = url_for("certificates.show", round_id=certificate.release.round_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            releasing.withdraw(certificate, form.reason.data or "")
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
        else:
            flash(_("The certificate is withdrawn: its page says so to whoever holds it"), "ok")
            return redirect(back)
    certificate = get_or_404(Certificate, certificate_id)
    page = render_template(
        "certificates/withdraw.html",
        form=form,
        certificate=certificate,
        this_round=certificate.release.round,
        back=back,
    )
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/rounds/<int:round_id>/results/agencies/<int:participation_id>/certificate")
@requires(P.RESULTS_READ)
def print_(round_id: int, participation_id: int) -> Any:
    """Print the certificate of an agency whose result the person may read; the first print is kept."""
    certificate = _of_agency(round_id, participation_id)
    job = releasing.order_print(certificate, actor=the_actor())
    return redirect(url_for("jobs.show", job_id=job.id))


@blueprint.get("/rounds/<int:round_id>/results/agencies/<int:participation_id>/certificate.pdf")
@requires(P.RESULTS_READ)
def pdf(round_id: int, participation_id: int) -> Any:
    """A certificate as it was printed; a withdrawn one for its office alone. Raises NotFound."""
    certificate = _of_agency(round_id, participation_id)
    if not certificate.holds and not can(the_actor(), P.LETTERS_NACC):
        raise NotFound
    stored = making.content_of(certificate)
    if stored is None:
        raise NotFound
    return attachment(stored.content, PDF, stored.name, plain=f"certificate-{certificate.id}", inline=True)


def _of_agency(round_id: int, participation_id: int) -> Certificate:
    found = lists.certificate_of(participation_or_404(round_id, participation_id))
    if found is None:
        raise NotFound
    return found


def _file(arguments: Mapping[str, Any]) -> list_files.ListFile:
    round = round_or_404(arguments["round_id"])
    if outlook.release_of(round) is None:
        raise NotFound
    criteria = _criteria(round, MultiDict(arguments["args"]))
    standing = STANDINGS[criteria.standing][0] if criteria.standing else ""
    province = get_or_404(Province, criteria.province_id).name if criteria.province_id else ""
    filters = (
        (_("Search"), criteria.search),
        (_("Province"), province),
        (_("Grade"), criteria.grade),
        (_("State"), standing),
    )
    return list_files.ListFile(
        title=_("Certificates of fiscal year %(year)s", year=round.year_and_scheme),
        plain=f"certificates-{round.year_and_scheme}",
        header=[
            *(_("Number of the certificate"), _("Agency"), _("District"), _("Province"), _("Total")),
            *(_("Grade"), _("Printed"), _("State"), _("Withdrawn on"), _("Reason")),
        ],
        rows=lambda: _cells(lists.rows_of(round, criteria)),
        count=lists.count_of(round, criteria),
        about=list_files.filters_said(filters),
        widths=(14, 40, 18, 18, 9, 9, 12, 12, 16, 40),
        plan=_PLAN,
    )


#: on paper: number, agency, district, total, grade, state, reason; under their province
_PLAN = list_files.Plan(
    columns=[(0, 1.5), (1, 4), (2, 2), (4, 1), (5, 0.9), (7, 1.3), (9, 2.5)],
    numbers=frozenset({4}),
    group=3,
    entitled=lambda name: _("%(province)s province", province=name),
)
list_files.MAKERS[FILE] = list_files.Maker(_file, P.LETTERS_NACC)


def _cells(rows: Any) -> Iterator[list[Any]]:
    for one in rows:
        said, gone = one.data, one.withdrawn_at
        yield [
            one.number_said,
            *(said["full_name"], said["district"], said["province"], said["total"], one.grade),
            _("printed") if one.file_id else "",
            str(STANDINGS[Standing.IN_FORCE if one.holds else Standing.WITHDRAWN][0]),
            thai_date_short(gone) if gone else "",
            one.reason,
        ]


def _criteria(round: Round, args: MultiDict[str, str]) -> CertificateQuery:
    grade, standing = args.get("grade", ""), args.get("state", "")
    return CertificateQuery(
        search=args.get("q", "").strip()[:100],
        province_id=args.get("province", None, int),
        grade=grade if grade in {band.grade for band in round.bands} else "",
        standing=next((one for one in Standing if one.value == standing), None),
    )


def _here(criteria: CertificateQuery) -> dict[str, Any]:
    """The address of the list as it is narrowed."""
    return {
        "q": criteria.search or None,
        "province": criteria.province_id,
        "grade": criteria.grade or None,
        "state": criteria.standing.value if criteria.standing else None,
    }
