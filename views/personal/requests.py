"""Requests of people about their own data: registered, answered and printed at the agency."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select

from models.participation import Participation
from models.personal import DataRequest, RefusalGround, RequestKind, RequestOutcome, RequestWay
from models.thai import local_day
from portal.core import clock, list_files
from portal.core.access import Permission as P
from portal.core.access import can, requires, the_actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.lookup import one_or_404, own_participation
from portal.core.sent.versions import read_version, version_of
from portal.core.texts import _, label_of
from portal.personal import requests
from portal.register.contacts import contact_of
from portal.rosters import rows as roster
from portal.rosters.file import Person
from portal.rosters.rows import RosterRow
from views.frame.paging import address_of, pages_of, wanted_page
from views.personal import files
from views.personal.files import RequestQuery, people_of
from views.personal.forms import OwnDataForm, RefusalForm, RequestForm

blueprint = Blueprint("personal_requests", __name__, url_prefix="/rounds/<int:round_id>/personal/requests")
PAGE = 50
_FIELDS = ("name", "organisation", "phone", "email")


@blueprint.get("")
@requires(P.REQUESTS_READ)
def index(round_id: int) -> Any:
    """The agency's requests, what is due first at the head."""
    participation = own_participation(round_id)
    criteria = RequestQuery.of(request.args)
    people = people_of(participation)
    query = criteria.select(participation, people)
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = pages_of(total, PAGE)
    page = wanted_page(pages)
    here = {"round_id": round_id, **criteria.address, "standing": None}
    return render_template(
        "personal/index.html",
        participation=participation,
        this_round=participation.round,
        rows=db.session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)).all(),
        people=people,
        counts=_counts(participation),
        total=total,
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1,
        page_url=address_of("personal_requests.index", round_id=round_id, **criteria.address),
        file_url=url_for("personal_requests.file", round_id=round_id, ext="xlsx", **criteria.address),
        criteria=criteria,
        names=files.STANDING,
        kinds=RequestKind,
        label_of=label_of,
        here=here,
        today=_today(),
        near=requests.NEAR,
        may_answer=can(the_actor(), P.REQUESTS_ANSWER),
    )


@blueprint.get("/list.<any(xlsx, csv):ext>")
@requires(P.REQUESTS_READ)
def file(round_id: int, ext: str) -> Any:
    """The list as narrowed, all of its pages. Only at once: no job keeps a file with names of people."""
    criteria = RequestQuery.of(request.args)
    arguments = {"round_id": round_id, "args": criteria.address}
    back = url_for("personal_requests.index", round_id=round_id, **criteria.address)
    return list_files.answer(files.REQUESTS, arguments, ext, back=back)


@blueprint.get("/choose")
@requires(P.REQUESTS_ANSWER)
def choose(round_id: int) -> Any:
    """Find the person on the agency's own roster."""
    participation = own_participation(round_id)
    search = request.args.get("q", "").strip()[:200]
    page = request.args.get("page", 1, type=int)
    return render_template(
        "personal/choose.html",
        participation=participation,
        this_round=participation.round,
        search=search,
        roster=roster.roster_page(participation, search=search, page=page) if search else None,
    )


@blueprint.route("/of/<int:entry_id>/new", methods=["GET", "POST"])
@requires(P.REQUESTS_ANSWER)
def register(round_id: int, entry_id: int) -> Any:
    """Register a request of one person."""
    participation = own_participation(round_id)
    row = roster.roster_row(participation, entry_id)
    form = RequestForm(received_on=_today())
    if form.validate_on_submit():
        try:
            made = requests.register(
                participation,
                entry_id,
                kind=RequestKind(form.kind.data),
                way=RequestWay(form.way.data),
                received_on=form.received_on.data or _today(),
                actor=the_actor(),
            )
            db.session.flush()
        except Refused as refused:
            say(form, refused)
        else:
            flash(_("The request is registered: its answer is due in 30 days"), "ok")
            return redirect(url_for("personal_requests.show", round_id=round_id, request_id=made.id))
    page = render_template(
        "personal/register.html",
        this_round=participation.round,
        participation=participation,
        row=row,
        form=form,
    )
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.get("/<int:request_id>")
@requires(P.REQUESTS_READ)
def show(round_id: int, request_id: int) -> Any:
    """One request: what is asked, when it is due, how it is answered."""
    return _page(own_participation(round_id), request_id, "personal/show.html", may_print=_may_print)


@blueprint.get("/<int:request_id>/paper")
@requires(P.REQUESTS_ANSWER)
def paper(round_id: int, request_id: int) -> Any:
    """What the person is given: the copy of the data, or the answer. Nothing of it is kept."""
    participation = own_participation(round_id)
    asked = _request(participation, request_id)
    if not _may_print(asked):
        raise NotFound
    return _page(
        participation, request_id, "personal/paper.html", contact=contact_of(participation.agency_id)
    )


@blueprint.post("/<int:request_id>/shown")
@requires(P.REQUESTS_ANSWER)
def shown(round_id: int, request_id: int) -> Any:
    """Answer that the person was given a copy."""
    asked = _request(own_participation(round_id), request_id)
    requests.show(asked, seen_version=read_version(request.form.get("version")), actor=the_actor())
    return _answered(asked)


@blueprint.route("/<int:request_id>/correct", methods=["GET", "POST"])
@requires(P.REQUESTS_ANSWER)
def correct(round_id: int, request_id: int) -> Any:
    """Change the row as the person asked."""
    participation = own_participation(round_id)
    asked = _request(participation, request_id, RequestKind.CORRECT)
    row = _person(participation, asked)
    if row is None or not asked.is_open:
        return redirect(url_for("personal_requests.show", round_id=round_id, request_id=request_id))
    values = {name: getattr(row.contact, name) for name in _FIELDS}
    form = OwnDataForm(version=str(asked.version), **values)
    if form.validate_on_submit() and _corrected(form, participation, asked, row):
        return _answered(asked)
    return _page(participation, request_id, "personal/correct.html", form=form)


@blueprint.route("/<int:request_id>/remove", methods=["GET", "POST"])
@requires(P.REQUESTS_ANSWER)
def remove(round_id: int, request_id: int) -> Any:
    """Erase the person, after a page that says what becomes of the row."""
    participation = own_participation(round_id)
    asked = _request(participation, request_id, RequestKind.REMOVE)
    if request.method == "POST":
        requests.remove(asked, seen_version=read_version(request.form.get("version")), actor=the_actor())
        return _answered(asked)
    back = url_for("personal_requests.show", round_id=round_id, request_id=request_id)
    if not asked.is_open:
        return redirect(back)
    return render_template(
        "confirm.html",
        title=_("Erase the person of row %(number)s", number=asked.number),
        consequences=_what_goes(participation),
        action_url=url_for("personal_requests.remove", round_id=round_id, request_id=request_id),
        action_label=_("Erase for good"),
        back_url=back,
        fields={"version": asked.version},
        danger=True,
        crumbs=[_crumb(round_id), (_("Row %(number)s", number=asked.number), back), (_("Erase"), None)],
    )


@blueprint.route("/<int:request_id>/refuse", methods=["GET", "POST"])
@requires(P.REQUESTS_ANSWER)
def refuse(round_id: int, request_id: int) -> Any:
    """Answer that it is not done, and why."""
    participation = own_participation(round_id)
    asked = _request(participation, request_id)
    if request.method == "GET" and not asked.is_open:
        return redirect(url_for("personal_requests.show", round_id=round_id, request_id=request_id))
    form = RefusalForm(version=str(asked.version))
    if form.validate_on_submit():
        ground = RefusalGround(form.ground.data)
        requests.refuse(asked, ground, seen_version=version_of(form), actor=the_actor())
        return _answered(asked)
    return _page(participation, request_id, "personal/refuse.html", form=form)


def _answered(asked: DataRequest) -> Any:
    flash(_("The request is answered: print the answer for the person"), "ok")
    round_id = asked.participation.round_id
    return redirect(url_for("personal_requests.show", round_id=round_id, request_id=asked.id))


def _corrected(form: OwnDataForm, participation: Participation, asked: DataRequest, row: RosterRow) -> bool:
    """Save what was typed; what is wrong stands at its field, and what was typed stays."""
    fields = {name: str(getattr(form, name).data or "") for name in _FIELDS}
    person = roster.read_fields(participation, {**fields, "group": str(row.group.position)})
    if isinstance(person, Person):
        same = requests.correct(asked, person, seen_version=version_of(form), actor=the_actor())
        person = (same,) if same else ()
    for wrong in person:
        field = getattr(form, wrong.column)
        field.errors = [*field.errors, _(wrong.reason, **wrong.values)]
    return not person


def _what_goes(participation: Participation) -> list[str]:
    gone = _("Name, organisation, telephone and e-mail are erased and cannot be brought back")
    if requests.row_stays(participation):
        row = _("Row, group, place in the draw and outcome of the call stay, without the person")
    else:
        row = _("The row goes too, since no sample was drawn yet; a roster that was judged is judged anew")
    own = _("Take the person out of the agency's own files as well, so that no later import brings them back")
    return [gone, row, own]


def _page(participation: Participation, request_id: int, template: str, **values: Any) -> Any:
    asked = _request(participation, request_id)
    form = values.get("form")
    page = render_template(
        template,
        participation=participation,
        this_round=participation.round,
        asked=asked,
        row=_person(participation, asked),
        today=_today(),
        may_answer=can(the_actor(), P.REQUESTS_ANSWER),
        Kind=RequestKind,
        label_of=label_of,
        done=asked.outcome is RequestOutcome.DONE,
        **values,
    )
    return page, 422 if form is not None and (form.errors or form.form_errors) else 200


def _request(participation: Participation, request_id: int, kind: RequestKind | None = None) -> DataRequest:
    query = select(DataRequest).where(
        DataRequest.id == request_id, DataRequest.participation_id == participation.id
    )
    asked: DataRequest = one_or_404(query)
    if kind is not None and asked.kind is not kind:
        raise NotFound
    return asked


def _person(participation: Participation, asked: DataRequest) -> RosterRow | None:
    """The row that is asked about, None where its person is gone."""
    if asked.roster_entry_id is None:
        return None
    row = roster.roster_row(participation, asked.roster_entry_id)
    return row if row.contact.name else None


def _may_print(asked: DataRequest) -> bool:
    """A copy is printed to be handed over, every other paper once the answer stands."""
    return asked.kind is RequestKind.SEE or not asked.is_open


def _counts(participation: Participation) -> dict[str, int]:
    """How many requests stand under each view, "" for all."""
    clauses = requests.standing_clauses(_today())
    columns = [func.count().filter(clause).label(name) for name, clause in clauses.items()]
    query = select(func.count(DataRequest.id).label("all"), *columns)
    found = db.session.execute(query.where(DataRequest.participation_id == participation.id)).mappings().one()
    return {"" if name == "all" else name: number for name, number in found.items()}


def _crumb(round_id: int) -> tuple[str, str]:
    return _("Requests about own data"), url_for("personal_requests.index", round_id=round_id)


def _today() -> Any:
    return local_day(clock.now())
