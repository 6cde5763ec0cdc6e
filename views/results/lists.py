"""Results of a round: what comes first while there are none, then the list, one agency, and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from models.grading import shown
from models.kinds import AGENCY_KINDS
from models.participation import Participation
from models.place import Province
from models.round import Round, RoundState
from portal.ballot.closing import closes_at, surveys_end
from portal.certificates.lists import certificate_of
from portal.certificates.outlook import release_of
from portal.core import clock, list_files
from portal.core.access import Permission as P
from portal.core.access import can, requires, scope_of, the_actor
from portal.core.errors import NotFound
from portal.core.list_papers import Plan
from portal.core.lookup import get_or_404, own_participation, participation_or_404, round_or_404
from portal.core.scopes import Reach
from portal.core.texts import _, lazy
from portal.results import lists, tree, trends
from portal.results.computing import INCOMPLETE, NOT_ASSESSABLE, WITHHELD
from portal.results.opening import opens_by_itself
from portal.results.trends import Totals
from portal.rosters.drawn import checkable_draw
from views.frame.paging import pages_of, wanted_page
from views.results.trend_words import change_words, origin_words, why_words

blueprint = Blueprint("results", __name__)
#: why an agency has no total: kind of state, short words, and what they mean
REASONS: dict[str, tuple[str, Any, Any]] = {
    NOT_ASSESSABLE: (
        "bad",
        lazy("Not assessable"),
        lazy("The executive had not confirmed the data when preparation ended"),
    ),
    WITHHELD: (
        "idle",
        lazy("Total not shown"),
        lazy("A survey has so few answers that the total would give them away"),
    ),
    INCOMPLETE: ("warn", lazy("No complete score"), lazy("At least one instrument has no score")),
}


@blueprint.get("/rounds/<int:round_id>/results")
@requires(P.RESULTS_READ)
def show(round_id: int) -> Any:
    """The list that fits the desk; an agency's people land on their own result."""
    round = round_or_404(round_id)
    if scope_of(the_actor()).reach is Reach.AGENCY:
        return _own(round)
    if not lists.figures_shown(round):
        return _waiting(round)
    criteria = criteria_of(round, request.args)
    total = lists.count_of(round, criteria)
    pages = pages_of(total, lists.PAGE)
    page = wanted_page(pages)
    rows = lists.rows_of(round, criteria, page=page)
    first = (page - 1) * lists.PAGE + 1
    country = scope_of(the_actor()).reach is Reach.COUNTRY
    return render_template(
        "results/list.html",
        this_round=round,
        criteria=criteria,
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        first=first,
        last=first + len(rows) - 1,
        spread=lists.spread(round, criteria),
        kinds=AGENCY_KINDS,
        pass_score=lists.pass_score(round),
        reasons=REASONS,
        now=clock.now(),
        below_words=below_words,
        may_certify=can(the_actor(), P.LETTERS_NACC),
        are_certified=release_of(round) is not None,
        provinces=lists.provinces_in(round) if country else [],
        place=_place(criteria),
        here=lambda **values: url_for("results.show", **{**_here(round, criteria), **values}),
        url_for_page=lambda number: url_for("results.show", page=number, **_here(round, criteria)),
        file_url=lambda ext: url_for("results.file", ext=ext, **_here(round, criteria)),
    )


@blueprint.get("/rounds/<int:round_id>/results/agencies/<int:participation_id>")
@requires(P.RESULTS_READ)
def agency(round_id: int, participation_id: int) -> Any:
    """Everything that may be shown of one agency's result."""
    one = participation_or_404(round_id, participation_id)
    if not lists.figures_shown(one.round):
        return _waiting(one.round)
    result = tree.result_of(one)
    return render_template(
        "results/agency.html",
        this_round=one.round,
        one=one,
        result=result,
        pasts=trends.past_of(one, result.total) if result else [],
        certificate=certificate_of(one),
        why_words=why_words,
        change_words=change_words,
        origin_words=origin_words,
        pass_score=lists.pass_score(one.round),
        reasons=REASONS,
        below_words=below_words,
        draw_done=checkable_draw(one, the_actor()) is not None,
        wide=scope_of(the_actor()).reach is not Reach.AGENCY,
        printed_at=clock.now(),
    )


@blueprint.route("/rounds/<int:round_id>/results.<any(xlsx, csv, pdf):ext>", methods=["GET", "POST"])
@requires(P.RESULTS_READ)
def file(round_id: int, ext: str) -> Any:
    """The list as narrowed, all of its pages, in the person's scope. Raises NotFound without results."""
    round = round_or_404(round_id)
    args = {
        name: str(value) for name, value in _here(round, criteria_of(round, request.args)).items() if value
    }
    arguments = {"round_id": round.id, "args": args}
    back = url_for("results.show", **_here(round, criteria_of(round, request.args)))
    return list_files.answer(FILE, arguments, ext, back=back)


def _file(arguments: Mapping[str, Any]) -> list_files.ListFile:
    round = round_or_404(arguments["round_id"])
    if not lists.figures_shown(round):
        raise NotFound
    criteria = criteria_of(round, MultiDict(arguments["args"]))
    header = [
        _("Code"),
        _("Agency"),
        _("Kind"),
        _("District"),
        _("Province"),
        "IIT",
        "EIT",
        "OIT",
        _("Total"),
        _("Grade"),
        _("Pass mark"),
        _("Remark"),
    ]
    grade = str(REASONS[criteria.grade][1]) if criteria.grade in REASONS else criteria.grade
    filters = (
        (_("Search"), criteria.search),
        (_("Province"), _place(criteria)),
        (_("Grade"), grade),
        (_("Kind"), criteria.kind.label if criteria.kind else ""),
    )
    before = trends.totals_of(round)
    for one in before:
        told = {"year": one.year.round.fiscal_year}
        header += [_("Total of %(year)s", **told), _("Change since %(year)s", **told)]
    return list_files.ListFile(
        title=_("Results of fiscal year %(year)s", year=round.year_and_scheme),
        plain=f"results-{round.year_and_scheme}",
        header=header,
        rows=lambda: _cells(lists.rows_of(round, criteria), before),
        count=lists.count_of(round, criteria),
        about=list_files.filters_said(filters),
        widths=(12, 40, 24, 18, 18, 9, 9, 9, 9, 9, 12, 28, *([14, 40] * len(before))),
        plan=_PLAN,
    )


#: on paper: agency, district, the three tools, total, grade, pass mark, remark; under their province
_PLAN = Plan(
    columns=[(1, 4), (3, 2), *((place, 1) for place in range(5, 9)), (9, 0.9), (10, 1.3), (11, 2.5)],
    numbers=frozenset(range(5, 9)),
    group=4,
    entitled=lambda name: _("%(province)s province", province=name),
)


FILE = "results.list"
list_files.MAKERS[FILE] = list_files.Maker(_file, P.RESULTS_READ)


def _cells(rows: list[lists.Row], before: list[Totals]) -> Iterator[list[Any]]:
    for row in rows:
        remark = str(REASONS[row.reason][1]) if row.reason in REASONS else below_words(row.below)
        passed = (_("passed") if row.passes else _("not passed")) if row.grade else ""
        yield [
            row.code,
            row.full_name,
            row.kind.label,
            row.district,
            row.province,
            *(_number(score) for score in (*row.scores, row.total)),
            row.grade,
            passed,
            remark,
            *(cell for one in before for cell in _earlier(row, one)),
        ]


def _earlier(row: lists.Row, before: Totals) -> tuple[Decimal | None, Any]:
    """The total of an earlier year, and its change or why it has none or has to be read with care."""
    origin = before.origins.get(row.participation_id)
    if origin is not None:
        return None, origin_words(origin)
    total = before.totals.get(row.participation_id)
    if total is None:
        return None, ""
    past = trends.past_total(before.year, total, row.total)
    return _number(total), past.change if past.why is None else why_words(past, past.year)


def below_words(below: str) -> str:
    """The surveys that stand below their minimum, in words; "" where none does."""
    names = ", ".join(code.upper() for code in below.split())
    return _("Fewer answers than the minimum: %(names)s", names=names) if names else ""


def _number(score: Decimal | None) -> Decimal | None:
    return None if score is None else shown(score)


def _own(round: Round) -> Any:
    try:
        mine: Participation = own_participation(round.id)
    except NotFound:
        return render_template("homes/not_in_round.html", this_round=round)
    if not lists.figures_shown(round):
        return _waiting(round)
    return redirect(url_for("results.agency", round_id=round.id, participation_id=mine.id))


def _waiting(round: Round) -> Any:
    """What state the round is in and what comes next; no figure of it."""
    ends = closes_at(round)
    return render_template(
        "results/waiting.html",
        this_round=round,
        RoundState=RoundState,
        surveys_end=surveys_end(round),
        over=ends is not None and clock.now() >= ends,
        may_close=can(the_actor(), P.BOXES_CLOSE),
        by_itself=opens_by_itself(round.id),
    )


def criteria_of(round: Round, args: MultiDict[str, str]) -> lists.ResultQuery:
    """What a list of results is narrowed to, from an address or a job's arguments."""
    grades = {band.grade for band in round.bands} | {*lists.REASONS, lists.BELOW}
    grade, kind = args.get("grade", ""), args.get("kind", "")
    return lists.ResultQuery(
        search=args.get("q", "").strip()[:100],
        province_id=args.get("province", None, int),
        grade=grade if grade in grades else "",
        kind=AGENCY_KINDS.get(kind),
        by="name" if args.get("by") == "name" else "score",
    )


def _here(round: Round, criteria: lists.ResultQuery) -> dict[str, Any]:
    """The address of the list as it is narrowed."""
    return {
        "round_id": round.id,
        "q": criteria.search or None,
        "province": criteria.province_id,
        "grade": criteria.grade or None,
        "kind": criteria.kind.value if criteria.kind else None,
        "by": None if criteria.by == "score" else criteria.by,
    }


def _place(criteria: lists.ResultQuery) -> str:
    """The name of the province that the page is about; "" for all that the person sees."""
    actor = the_actor()
    key = criteria.province_id or (actor.province_id if scope_of(actor).reach is Reach.PROVINCE else None)
    return str(get_or_404(Province, key).name) if key else ""
