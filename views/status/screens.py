"""Status tracking: the country, a province, an agency; every role inside its own scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from models.agency import AgencyKind
from models.instrument import InstrumentKind
from models.participation import Participation
from models.place import Province
from models.round import Round, Stage
from models.search import found_in, words_of
from models.thai import sort_key, thai_datetime_short
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import requires, scope_of, the_actor
from portal.core.errors import NotFound
from portal.core.lookup import get_or_404, own_participation, participation_or_404, round_or_404
from portal.core.scopes import Reach
from portal.core.stages import stage_of, stage_state
from portal.core.texts import _
from portal.disclosure.progress import oit_counts, oit_states
from portal.preparation.desk import is_not_assessable
from portal.preparation.steps import steps_of
from portal.status import figures
from portal.surveys.minimum import targets_of
from reports.spreadsheets import Sheet, xlsx_bytes
from views.frame.paging import pages_of, wanted_page
from views.status.province_tiles import TILES

blueprint = Blueprint("status", __name__)
PAGE = 50
#: provinces shown beside the map before "show all"
FEW = 14
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: from this share of incomplete agencies on, a tile takes the next darker colour
RAMP = (0, 10, 20, 30, 40)
TABS = ("preparation", "iit", "eit", "oit")


@blueprint.get("/rounds/<int:round_id>/status")
@requires(P.STATUS_READ)
def show(round_id: int) -> Any:
    """The picture that fits the desk: country, own province, own agency, or the agencies assigned."""
    reach = scope_of(the_actor()).reach
    if reach is Reach.COUNTRY:
        return _country(round_or_404(round_id))
    if reach is Reach.PROVINCE:
        return redirect(url_for("status.province", round_id=round_id, province_id=the_actor().province_id))
    if reach is Reach.AGENCY:
        mine = own_participation(round_id)
        return redirect(url_for("status.agency", round_id=round_id, participation_id=mine.id))
    return _list(round_or_404(round_id), None)


@blueprint.get("/rounds/<int:round_id>/status/provinces/<int:province_id>")
@requires(P.STATUS_READ)
def province(round_id: int, province_id: int) -> Any:
    """The agencies of one province, what is behind first."""
    return _list(round_or_404(round_id), _own_province(province_id))


@blueprint.get("/rounds/<int:round_id>/status/agencies/<int:participation_id>")
@requires(P.STATUS_READ)
def agency(round_id: int, participation_id: int) -> Any:
    """Everything about one agency in the round."""
    one = participation_or_404(round_id, participation_id)
    now = clock.now()
    return render_template(
        "status/agency.html",
        one=one,
        this_round=one.round,
        steps=steps_of(one),
        targets=targets_of(one),
        oit=oit_counts(participation_ids=[one.id]).get(one.id),
        not_assessable=is_not_assessable(one, now),
        preparation=stage_of(one, Stage.PREPARATION),
        wide=scope_of(the_actor()).reach in (Reach.COUNTRY, Reach.PROVINCE),
    )


@blueprint.get("/rounds/<int:round_id>/status/country.xlsx")
@requires(P.STATUS_READ)
def country_file(round_id: int) -> Response:
    """The provinces as a workbook."""
    if scope_of(the_actor()).reach is not Reach.COUNTRY:
        raise NotFound
    round = round_or_404(round_id)
    header = [_("Province"), _("Region"), _("Agencies"), *_step_names(), _("Not complete"), _("Percent")]
    rows = [
        [row.name, row.region, row.counts.agencies, *row.counts.done, row.counts.incomplete,
         f"{row.counts.percent_incomplete:.1f}"]
        for row in figures.provinces(round)
    ]  # fmt: skip
    return _workbook(_("Status of the country"), header, rows)


@blueprint.get("/rounds/<int:round_id>/status/provinces/<int:province_id>.xlsx")
@requires(P.STATUS_READ)
def province_file(round_id: int, province_id: int) -> Response:
    """The agencies of one province as a workbook."""
    round, place = round_or_404(round_id), _own_province(province_id)
    header = [_("Agency"), _("District"), *_step_names(), _("IIT answers"), _("IIT minimum"),
              _("EIT answers"), _("EIT minimum"), _("OIT")]  # fmt: skip
    rows = []
    for row in figures.agencies(round, Participation.province_id == place.id):
        iit, eit = row.targets[InstrumentKind.IIT], row.targets[InstrumentKind.EIT]
        done = [_("done") if step else _("not yet") for step in row.steps]
        numbers = [iit.answers, iit.minimum or "", eit.answers, eit.minimum or ""]
        rows.append([row.full_name, row.district, *done, *numbers, str(row.oit.label)])
    return _workbook(_("Status of %(province)s", province=place.name), header, rows)


def _country(round: Round) -> Any:
    tab = request.args.get("tab", TABS[0])
    if tab not in TABS:
        raise NotFound
    region, kind = request.args.get("region", ""), _kind()
    rows = figures.provinces(round, region=region, kind=kind)
    survey = figures.surveys(round, InstrumentKind(tab)) if tab in ("iit", "eit") else {}
    return render_template(
        f"status/country_{'surveys' if survey or tab in ('iit', 'eit') else tab}.html",
        this_round=round, tab=tab, rows=figures.most_behind_first(rows), counts=figures.total(rows),
        tiles=_tiles(rows), regions=figures.regions(), region=region, kinds=AgencyKind, kind=kind,
        now=clock.now(), surveys=survey, oit=oit_states(round.id) if tab == "oit" else {},
        preparation=stage_state(round, Stage.PREPARATION), views=_tabs(round, tab), FEW=FEW,
        every="all" in request.args,
    )  # fmt: skip


def _list(round: Round, place: Province | None) -> Any:
    criteria = [Participation.province_id == place.id] if place else []
    rows = figures.agencies(round, *criteria)
    counts = figures.counts_of(rows)
    wanted = StatusQuery.of_request()
    found = [row for row in rows if wanted.fits(row)]
    pages = pages_of(len(found), PAGE)
    page = wanted_page(pages)
    return render_template(
        "status/province.html",
        this_round=round, place=place, counts=counts, rows=found[(page - 1) * PAGE : page * PAGE],
        found=len(found), page=page, pages=pages, first=(page - 1) * PAGE + 1,
        last=min(page * PAGE, len(found)), wanted=wanted, now=clock.now(),
        districts=sorted({row.district for row in rows}, key=sort_key),
        iit=InstrumentKind.IIT, eit=InstrumentKind.EIT,
        views=_views(round, place, counts, wanted), preparation=stage_state(round, Stage.PREPARATION),
        url_for_page=lambda number: url_for(request.endpoint or "", **_here(), page=number),
        wide=scope_of(the_actor()).reach is Reach.COUNTRY,
    )  # fmt: skip


@dataclass(frozen=True)
class StatusQuery:
    """What the list of agencies is narrowed to."""

    search: str = ""
    district: str = ""
    behind: int | None = None

    @classmethod
    def of_request(cls) -> StatusQuery:
        """Read from the address."""
        behind = request.args.get("behind", None, int)
        return cls(request.args.get("q", "").strip(), request.args.get("district", ""), behind)

    def fits(self, row: figures.AgencyRow) -> bool:
        """True for a row that was asked for."""
        if self.search and not found_in(row.search_key, words_of(self.search)):
            return False
        if self.district and row.district != self.district:
            return False
        return self.behind is None or row.behind == self.behind


def _views(
    round: Round, place: Province | None, counts: figures.Counts, wanted: StatusQuery
) -> list[dict[str, Any]]:
    names = (
        _("Behind with the password"),
        _("Behind with the headcount"),
        _("Behind with the roster"),
        _("Behind with the confirmation"),
    )

    def view(label: str, count: int, behind: int | None) -> dict[str, Any]:
        values: dict[str, Any] = {"round_id": round.id, "behind": behind}
        if place is not None:
            values["province_id"] = place.id
        url = url_for("status.province" if place else "status.show", **values)
        return {"label": label, "count": count, "current": wanted.behind == behind, "url": url}

    steps = enumerate(zip(names, counts.behind, strict=True), start=1)
    return [view(_("All"), counts.agencies, None), *(view(name, count, n) for n, (name, count) in steps)]


def _tabs(round: Round, current: str) -> list[dict[str, Any]]:
    names = {
        "preparation": _("Preparation"),
        "iit": _("IIT survey"),
        "eit": _("EIT survey"),
        "oit": _("OIT"),
    }
    return [
        {
            "label": names[tab],
            "url": url_for("status.show", round_id=round.id, tab=tab),
            "current": tab == current,
        }
        for tab in TABS
    ]


def _tiles(rows: list[figures.ProvinceRow]) -> list[dict[str, Any]]:
    """The map's tiles with their place, shade and number."""
    return [
        {
            "x": TILES[row.name][0] * 39 + 1, "y": TILES[row.name][1] * 37 + 1, "short": TILES[row.name][2],
            "row": row, "shade": _shade(row.counts),
        }
        for row in rows
        if row.name in TILES
    ]  # fmt: skip


def _shade(counts: figures.Counts) -> int:
    percent = counts.percent_incomplete
    return 0 if not counts.incomplete else sum(percent >= least for least in RAMP)


def _own_province(province_id: int) -> Province:
    actor = the_actor()
    reach = scope_of(actor).reach
    if reach is not Reach.COUNTRY and (reach is not Reach.PROVINCE or actor.province_id != province_id):
        raise NotFound
    return get_or_404(Province, province_id)


def _kind() -> AgencyKind | None:
    wanted = request.args.get("kind", "")
    return next((kind for kind in AgencyKind if kind.value == wanted), None)


def _here() -> dict[str, Any]:
    values = {**(request.view_args or {}), **request.args.to_dict()}
    values.pop("page", None)
    return values


def _step_names() -> list[str]:
    return [_("Password activated"), _("Internal headcount"), _("External roster"), _("Executive confirmed")]


def _workbook(title: str, header: list[str], rows: list[list[Any]]) -> Response:
    content = xlsx_bytes([Sheet(title[:31], header, rows)])
    name = f"{title} {thai_datetime_short(clock.now())}.xlsx"
    response = Response(content, mimetype=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
