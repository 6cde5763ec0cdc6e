"""The mean scores of a round beside those of earlier years, for a country's and a province's desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from models.grading import shown
from models.kinds import AGENCY_KINDS
from models.place import Province
from models.round import Round
from portal.core import list_files
from portal.core.access import Permission as P
from portal.core.access import requires, scope_of, the_actor
from portal.core.errors import NotFound
from portal.core.list_papers import Plan
from portal.core.lookup import get_or_404, round_or_404
from portal.core.scopes import Reach
from portal.core.texts import _
from portal.results import lists, means
from portal.results.lists import ResultQuery
from portal.results.means import Means
from views.results.trend_words import change_words, why_words

blueprint = Blueprint("result_trends", __name__)


@blueprint.get("/rounds/<int:round_id>/results/trends")
@requires(P.RESULTS_READ)
def show(round_id: int) -> Any:
    """Means beside those of earlier years, only where both may be compared; why not, where not."""
    round = round_or_404(round_id)
    reach = scope_of(the_actor()).reach
    if reach is Reach.AGENCY or not lists.figures_shown(round):
        return redirect(url_for("results.show", round_id=round.id))
    criteria = _criteria(request.args)
    return render_template(
        "results/trends.html",
        this_round=round,
        found=means.means_of(round, criteria),
        criteria=criteria,
        kinds=AGENCY_KINDS,
        provinces=lists.provinces_in(round) if reach is Reach.COUNTRY else [],
        place=_place(criteria),
        why_words=why_words,
        change_words=change_words,
        file_url=lambda ext: url_for("result_trends.file", ext=ext, **_here(round, criteria)),
    )


@blueprint.route("/rounds/<int:round_id>/results/trends.<any(xlsx, csv, pdf):ext>", methods=["GET", "POST"])
@requires(P.RESULTS_READ)
def file(round_id: int, ext: str) -> Any:
    """What the page shows. Raises NotFound without results, and for an agency's own desk."""
    round = round_or_404(round_id)
    here = _here(round, _criteria(request.args))
    args = {name: str(value) for name, value in here.items() if value}
    back = url_for("result_trends.show", **here)
    return list_files.answer(FILE, {"round_id": round.id, "args": args}, ext, back=back)


def _file(arguments: Mapping[str, Any]) -> list_files.ListFile:
    round = round_or_404(arguments["round_id"])
    if not lists.figures_shown(round) or scope_of(the_actor()).reach is Reach.AGENCY:
        raise NotFound
    criteria = _criteria(MultiDict(arguments["args"]))
    rows = list(_cells(round, means.means_of(round, criteria)))
    filters = (
        (_("Province"), _place(criteria)),
        (_("Kind"), criteria.kind.label if criteria.kind else ""),
    )
    return list_files.ListFile(
        title=_("Means of fiscal year %(year)s beside earlier years", year=round.year_and_scheme),
        plain=f"trends-{round.year_and_scheme}",
        header=[
            _("Earlier year"),
            _("Code"),
            _("Indicator"),
            _("Mean of the earlier year"),
            _("Mean of %(year)s", year=round.fiscal_year),
            _("Change"),
            _("Agencies in both"),
            _("Remark"),
        ],
        rows=lambda: rows,
        count=len(rows),
        about=list_files.filters_said(filters),
        widths=(12, 9, 44, 14, 14, 10, 14, 60),
        plan=Plan(
            columns=[(1, 1), (2, 4), (3, 1.2), (4, 1.2), (5, 1), (6, 1.2), (7, 4)],
            numbers=frozenset({3, 4, 5, 6}),
            group=0,
            entitled=lambda year: _("Beside %(year)s", year=year),
        ),
    )


FILE = "results.trends"
list_files.MAKERS[FILE] = list_files.Maker(_file, P.RESULTS_READ)


def _cells(round: Round, found: list[Means]) -> Iterator[list[Any]]:
    for one in found:
        year = one.year.round.fiscal_year
        for row in one.rows:
            yield [
                year,
                row.code.upper() if row.is_instrument else row.code,
                row.name if row.level else _("Total"),
                _number(row.before),
                _number(row.now),
                row.change,
                row.agencies,
                why_words(row, year),
            ]


def _number(score: Decimal | None) -> Decimal | None:
    return None if score is None else shown(score)


def _criteria(args: MultiDict[str, str]) -> ResultQuery:
    kind = args.get("kind", "")
    return ResultQuery(
        province_id=args.get("province", None, int),
        kind=AGENCY_KINDS.get(kind),
    )


def _here(round: Round, criteria: ResultQuery) -> dict[str, Any]:
    return {
        "round_id": round.id,
        "province": criteria.province_id,
        "kind": criteria.kind.value if criteria.kind else None,
    }


def _place(criteria: ResultQuery) -> str:
    """The name of the province that the page is about; "" for all that the person sees."""
    actor = the_actor()
    key = criteria.province_id or (actor.province_id if scope_of(actor).reach is Reach.PROVINCE else None)
    return str(get_or_404(Province, key).name) if key else ""
