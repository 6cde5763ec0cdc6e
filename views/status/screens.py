"""Status tracking: the country, a province, an agency; every role inside its own scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from models.disclosure import DisclosureState
from models.instrument import InstrumentKind
from models.kinds import AGENCY_KINDS
from models.participation import EXTENDABLE, Participation
from models.place import Province
from models.round import Round, Stage
from models.windows import Phase
from portal.chasing import extending
from portal.core import clock, list_files
from portal.core.access import Permission as P
from portal.core.access import can, requires, scope_of, the_actor
from portal.core.errors import NotFound
from portal.core.lookup import get_or_404, own_participation, participation_or_404, round_or_404
from portal.core.outlook import why_words
from portal.core.scopes import Reach
from portal.core.stages import STAGE_NAMES, extension_of, own_days, stage_of, stage_state
from portal.core.texts import _, label_of
from portal.disclosure.progress import oit_counts
from portal.preparation import desk
from portal.preparation.correcting import corrections_of
from portal.preparation.steps import steps_of
from portal.register import contacts
from portal.status import figures
from portal.status.outlook import AHEAD, FORECAST
from portal.status.progress import furthest_behind, progress_of
from portal.status.stages import stage_rows
from portal.surveys.counted import counted_words
from portal.surveys.minimum import targets_of
from portal.surveys.minimum_words import rules_of
from views.frame.paging import pages_of, wanted_page
from views.status import agency_file as one_file
from views.status import files, stages_list
from views.status.charts import pace_chart, progress_chart
from views.status.province_tiles import TILES
from views.status.queries import (
    ANY,
    OIT_STATES,
    SURVEYS,
    TABS,
    CountryQuery,
    StagesQuery,
    StatusQuery,
    country_picture,
    looks_ahead,
    within,
)

blueprint = Blueprint("status", __name__)
PAGE = 50
#: a list of more agencies is not shown on one page, not even to be printed
MOST_ON_PAPER = 3_000
#: provinces shown beside the map before "show all"
FEW = 14
#: the tab that leads to the list of agencies
STAGES_TAB = "stages"
#: up to this share of complete agencies a tile takes the next darker colour
RAMP = (100, 90, 80, 70, 60)


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


@blueprint.get("/rounds/<int:round_id>/status/agencies")
@requires(P.STATUS_READ)
def stages(round_id: int) -> Any:
    """Every agency of the desk with all of its stages in one row: looked for by name, narrowed by place."""
    reach, round = _reach_of_many(), round_or_404(round_id)
    criteria, ahead = StagesQuery.of(request.args, reach), looks_ahead(reach)
    asked = criteria.conditions(round)
    found = figures.how_many(round, *asked)
    pages = pages_of(found, PAGE)
    page = wanted_page(pages)
    here = {"round_id": round.id, **criteria.args()}
    rows = stage_rows(round, *asked, offset=(page - 1) * PAGE, most=PAGE, ahead=ahead)
    return render_template(
        "status/stages.html",
        this_round=round,
        criteria=criteria,
        rows=rows,
        found=found,
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1,
        last=(page - 1) * PAGE + len(rows),
        wide=reach is Reach.COUNTRY,
        ahead=ahead,
        ahead_days=AHEAD,
        misses=_misses(round) if ahead else [],
        regions=figures.regions(),
        provinces=figures.places(round) if reach is Reach.COUNTRY else [],
        kinds=AGENCY_KINDS,
        iit=InstrumentKind.IIT,
        eit=InstrumentKind.EIT,
        why_words=why_words,
        stage_names=STAGE_NAMES,
        now=clock.now(),
        views=_tabs(round, STAGES_TAB) if reach is Reach.COUNTRY else [],
        url_for_page=lambda number: url_for("status.stages", **here, page=number),
        file_url=lambda ext: url_for("status.stages_file", **here, ext=ext),
    )


@blueprint.route("/rounds/<int:round_id>/status/agencies.<any(xlsx, csv, pdf):ext>", methods=["GET", "POST"])
@requires(P.STATUS_READ)
def stages_file(round_id: int, ext: str) -> Any:
    """The list of all stages as the page shows it, all of its pages."""
    criteria = StagesQuery.of(request.args, _reach_of_many())
    arguments = {"round_id": round_or_404(round_id).id, "args": criteria.args()}
    back = url_for("status.stages", round_id=round_id, **criteria.args())
    return list_files.answer(stages_list.STAGES, arguments, ext, back=back)


@blueprint.get("/rounds/<int:round_id>/status/progress")
@requires(P.STATUS_READ)
def progress(round_id: int) -> Any:
    """A survey over time, in pictures with their numbers: the country, a province, the own province."""
    if not looks_ahead(scope_of(the_actor()).reach):
        raise NotFound
    round, survey = round_or_404(round_id), request.args.get("survey", SURVEYS[0])
    if survey not in SURVEYS:
        raise NotFound
    wide, kind = scope_of(the_actor()).reach is Reach.COUNTRY, InstrumentKind(survey)
    place = _place_asked() if wide else get_or_404(Province, the_actor().province_id or 0)
    rows = figures.places(round) if wide else []
    if place is None:
        counts = figures.surveys(round, kind)
        whole, behind = figures.summed(counts.values()), furthest_behind(rows, counts)
    else:
        whole, behind = figures.survey_of(round, kind, *within(place)), []
    seen = progress_of(round, kind, whole, province_id=place.id if place else None)
    return render_template(
        "status/progress.html",
        this_round=round,
        survey=survey,
        survey_name=STAGE_NAMES[Stage(survey)],
        place=place,
        provinces=rows,
        progress=seen,
        sums=progress_chart(seen) if seen else None,
        pace=pace_chart(seen) if seen else None,
        numbers=list(zip(seen.days, seen.sums, strict=True))[::-1] if seen else [],
        week=sum(count for _day, count in seen.days[-7:]) if seen else 0,
        behind=behind,
        widest=max((all_of_it for _row, _left, all_of_it in behind), default=1),
        now=clock.now(),
        views=_survey_views(round, survey, place),
    )


def _place_asked() -> Province | None:
    """The province that the address names; None for the country."""
    key = request.args.get("province", "")
    return get_or_404(Province, int(key)) if key.isdecimal() and len(key) < 9 else None


def _survey_views(round: Round, current: str, place: Province | None) -> list[dict[str, Any]]:
    names = {"iit": _("IIT survey"), "eit": _("EIT survey")}
    here: dict[str, Any] = {"round_id": round.id, "province": place.id if place else None}
    return [
        {
            "label": names[one],
            "url": url_for("status.progress", survey=one, **here),
            "current": one == current,
        }
        for one in SURVEYS
    ]


def _reach_of_many() -> Reach:
    """The reach of a desk that sees more than one agency. Raises NotFound for an agency's own people: their
    survey counts stand on their own page, as of the last quarter of an hour."""
    reach = scope_of(the_actor()).reach
    if reach not in (Reach.COUNTRY, Reach.PROVINCE, Reach.ASSESSOR):
        raise NotFound
    return reach


def _misses(round: Round) -> list[tuple[str, Any]]:
    """What the list may be narrowed to by the forecast: the stages that are open."""
    runs = (Phase.OPEN, Phase.BETWEEN)
    open_now = [stage for stage in FORECAST if stage_state(round, stage).phase in runs]
    return [(ANY, _("Any stage")), *((stage.value, STAGE_NAMES[stage]) for stage in open_now)]


@blueprint.get("/rounds/<int:round_id>/status/agencies/<int:participation_id>")
@requires(P.STATUS_READ)
def agency(round_id: int, participation_id: int) -> Any:
    """Everything about one agency in the round."""
    one = participation_or_404(round_id, participation_id)
    now, contact = clock.now(), contacts.contact_of(one.agency_id)
    targets = targets_of(one)
    return render_template(
        "status/agency.html",
        one=one,
        contact=contact,
        reachable=contacts.has_any(contact),
        this_round=one.round,
        steps=steps_of(one),
        corrections=corrections_of(one) if can(the_actor(), P.PREPARATION_READ) else (),
        label_of=label_of,
        targets=targets,
        rules=rules_of(one, targets),
        counted=counted_words(),
        oit=oit_counts(participation_ids=[one.id]).get(one.id),
        not_assessable=desk.is_not_assessable(one, now),
        preparation=stage_of(one, Stage.PREPARATION),
        extensions=[found for stage in EXTENDABLE if (found := extension_of(one, stage)) is not None],
        stage_names=STAGE_NAMES,
        extends=_extends(one),
        reads_oit=can(the_actor(), P.DISCLOSURE_READ),
        desks=can(the_actor(), P.HAND_OVER),
        chases=can(the_actor(), P.CHASING_READ),
        reads_people=can(the_actor(), P.PEOPLE_READ),
        wide=scope_of(the_actor()).reach in (Reach.COUNTRY, Reach.PROVINCE),
    )


@blueprint.route("/rounds/<int:round_id>/status/country.<any(xlsx, csv, pdf):ext>", methods=["GET", "POST"])
@requires(P.STATUS_READ)
def country_file(round_id: int, ext: str) -> Any:
    """The provinces as the page shows them: its tab, region, kind and order."""
    if scope_of(the_actor()).reach is not Reach.COUNTRY:
        raise NotFound
    criteria = CountryQuery.of(request.args)
    arguments = {"round_id": round_or_404(round_id).id, "args": criteria.args()}
    back = url_for("status.show", round_id=round_id, **criteria.args())
    return list_files.answer(files.COUNTRY, arguments, ext, back=back)


@blueprint.route(
    "/rounds/<int:round_id>/status/provinces/<int:province_id>.<any(xlsx, csv, pdf):ext>",
    methods=["GET", "POST"],
)
@requires(P.STATUS_READ)
def province_file(round_id: int, province_id: int, ext: str) -> Any:
    """The agencies of one province as the page shows them: its search, district, step and order."""
    round, place, criteria = round_or_404(round_id), _own_province(province_id), StatusQuery.of(request.args)
    arguments = {"round_id": round.id, "province_id": place.id, "args": criteria.args()}
    back = url_for("status.province", round_id=round_id, province_id=province_id, **criteria.args())
    return list_files.answer(files.PROVINCE, arguments, ext, back=back)


@blueprint.route(
    "/rounds/<int:round_id>/status/agencies/<int:participation_id>.<any(xlsx, csv, pdf):ext>",
    methods=["GET", "POST"],
)
@requires(P.STATUS_READ)
def agency_file(round_id: int, participation_id: int, ext: str) -> Any:
    """What is known of one agency, on one page."""
    one = participation_or_404(round_id, participation_id)
    arguments = {"round_id": one.round_id, "participation_id": one.id}
    back = url_for("status.agency", round_id=round_id, participation_id=participation_id)
    return list_files.answer(one_file.AGENCY, arguments, ext, back=back)


def _country(round: Round) -> Any:
    criteria = CountryQuery.of(request.args)
    tab, picture = criteria.tab, country_picture(round, criteria)
    return render_template(
        f"status/country_{'surveys' if tab in SURVEYS else tab}.html",
        this_round=round,
        tab=tab,
        rows=picture.rows,
        counts=figures.total(picture.rows),
        tiles=_tiles(picture.rows),
        regions=figures.regions(),
        region=criteria.region,
        kinds=AGENCY_KINDS,
        kind=criteria.kind,
        now=clock.now(),
        surveys=picture.surveys,
        whole=figures.summed(picture.surveys.values()),
        oit=picture.oit,
        states=[(state, str(name)) for state, name in OIT_STATES],
        sums=_sums(picture.oit.values()),
        file_url=lambda ext: url_for("status.country_file", round_id=round.id, ext=ext, **criteria.args()),
        preparation=stage_state(round, Stage.PREPARATION),
        views=_tabs(round, tab),
        chases=can(the_actor(), P.CHASING_READ),
        FEW=FEW,
        every="all" in request.args,
    )


def _sums(states: Iterable[Mapping[DisclosureState, int]]) -> Counter[DisclosureState]:
    found = Counter[DisclosureState]()
    for one in states:
        found.update(one)
    return found


def _list(round: Round, place: Province | None) -> Any:
    criteria = StatusQuery.of(request.args)
    here_all, asked = within(place), criteria.conditions()
    counts = figures.counts(round, *here_all)
    found = figures.how_many(round, *here_all, *asked) if asked else counts.agencies
    size = max(1, found) if "all" in request.args and found <= MOST_ON_PAPER else PAGE
    pages = pages_of(found, size)
    page = wanted_page(pages)
    here = {**(request.view_args or {}), **criteria.args()}
    preparation = stage_state(round, Stage.PREPARATION)
    here_only = [Participation.province_id == place.id] if place else []
    return render_template(
        "status/province.html",
        this_round=round,
        place=place,
        desks=can(the_actor(), P.HAND_OVER),
        chases=can(the_actor(), P.CHASING_READ),
        counts=counts,
        rows=figures.agencies(round, *here_all, *asked, offset=(page - 1) * size, most=size),
        found=found,
        page=page,
        pages=pages,
        first=(page - 1) * size + 1,
        last=min(page * size, found),
        criteria=criteria,
        now=clock.now(),
        districts=figures.districts(round, *here_all),
        iit=InstrumentKind.IIT,
        eit=InstrumentKind.EIT,
        views=_views(round, place, counts, criteria),
        preparation=preparation,
        lost=desk.count_not_assessable(round, preparation.now, *here_only) if preparation.is_over else 0,
        longer={stage: own_days(round, stage, preparation.now) for stage in EXTENDABLE},
        stage_names=STAGE_NAMES,
        url_for_page=lambda number: url_for(request.endpoint or "", **here, page=number),
        whole_url=url_for(request.endpoint or "", **here, all=1) if found <= MOST_ON_PAPER else None,
        file_url=lambda ext: url_for("status.province_file", ext=ext, **here),
        wide=scope_of(the_actor()).reach is Reach.COUNTRY,
    )


def _extends(one: Participation) -> list[Stage]:
    """The stages in which this desk can give the agency more time: begun, and not finished."""
    if not can(the_actor(), P.EXTENSIONS_GIVE):
        return []
    return [
        stage
        for stage in EXTENDABLE
        if extending.why_not(one.round, stage) is None and extending.is_late(one, stage)
    ]


def _views(
    round: Round, place: Province | None, counts: figures.Counts, criteria: StatusQuery
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
        return {"label": label, "count": count, "current": criteria.behind == behind, "url": url}

    steps = enumerate(zip(names, counts.behind, strict=True), start=1)
    return [view(_("All"), counts.agencies, None), *(view(name, count, n) for n, (name, count) in steps)]


def _tabs(round: Round, current: str) -> list[dict[str, Any]]:
    names = {
        "preparation": _("Preparation"),
        "iit": _("IIT survey"),
        "eit": _("EIT survey"),
        "oit": _("OIT"),
    }
    tabs = [(tab, names[tab], url_for("status.show", round_id=round.id, tab=tab)) for tab in TABS]
    tabs.append((STAGES_TAB, _("Agencies, all stages"), url_for("status.stages", round_id=round.id)))
    return [{"label": label, "url": url, "current": tab == current} for tab, label, url in tabs]


def _tiles(rows: list[figures.ProvinceRow]) -> list[dict[str, Any]]:
    """The map's tiles with their place, shade and number."""
    return [
        {
            "x": TILES[row.name][0] * 39 + 1,
            "y": TILES[row.name][1] * 37 + 1,
            "short": TILES[row.name][2],
            "row": row,
            "shade": _shade(row.counts),
        }
        for row in rows
        if row.name in TILES
    ]


def _shade(counts: figures.Counts) -> int:
    percent = counts.percent_complete
    return 0 if not counts.incomplete else sum(percent <= most for most in RAMP)


def _own_province(province_id: int) -> Province:
    actor = the_actor()
    reach = scope_of(actor).reach
    if reach is not Reach.COUNTRY and (reach is not Reach.PROVINCE or actor.province_id != province_id):
        raise NotFound
    return get_or_404(Province, province_id)
