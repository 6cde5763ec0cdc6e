"""OIT of a draft as the executive reviews it and the assessor scores it: shown, and nothing is done."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for

from models.disclosure import DisclosureState
from portal.core import preview
from portal.core.access import Permission as P
from portal.core.access import requires
from portal.core.lookup import round_or_404
from portal.core.texts import _
from portal.disclosure.checklist import Checklist, ItemLine
from portal.disclosure.progress import state_label
from portal.rounds.preview import example_checklist, kind_or_404
from views.disclosure import review as reviewing
from views.disclosure import scoring

blueprint = Blueprint("oit_preview", __name__)
REVIEW = "/rounds/<int:round_id>/preview/<string(maxlength=16):agency>/review"
SCORING = "/rounds/<int:round_id>/preview/<string(maxlength=16):agency>/scoring"


@blueprint.get(REVIEW)
@blueprint.get(f"{REVIEW}/<int:item_id>")
@requires(P.ROUNDS_WRITE)
def review(round_id: int, agency: str, item_id: int | None = None) -> Any:
    """The review: every item, or one of them, and why it fails."""
    checklist = _checklist(round_id, agency)
    here = url_for("oit_preview.review", round_id=round_id, agency=agency)
    links = {url_for("disclosure.review", round_id=round_id): here}
    common: dict[str, Any] = {"checklist": checklist, "closed": None, "undoable": None}
    title = _("Preview from the draft: executive of %(name)s", name=checklist.participation.full_name)
    if item_id is None:
        more = {"next_line": checklist.next_pending(), "confirmed_by": ""}
        reasons = {"why_not_confirm": None, "why_not_return": None}
        return preview.shown("disclosure/review.html", title=title, links=links, **common, **more, **reasons)
    form = reviewing.FailForm(version="1") if "fail" in request.args else None
    line = checklist.line(item_id)
    return preview.shown(
        "disclosure/review_item.html",
        title=title,
        links=_fails(checklist, round_id, here) | links,
        form=form,
        **common,
        **_around(checklist, line),
    )


def _fails(checklist: Checklist, round_id: int, here: str) -> dict[str, str]:
    """The page that asks why an item fails, for each item."""
    return {
        url_for("disclosure.fail_item", round_id=round_id, item_id=key): f"{here}/{key}?fail=1"
        for key in (line.item.id for line in checklist.lines)
    }


@blueprint.get(SCORING)
@blueprint.get(f"{SCORING}/<int:item_id>")
@requires(P.ROUNDS_WRITE)
def score(round_id: int, agency: str, item_id: int | None = None) -> Any:
    """The scoring: every item, or the points of one."""
    checklist = _checklist(round_id, agency)
    here = url_for("oit_preview.score", round_id=round_id, agency=agency)
    there = url_for("scoring.agency", round_id=round_id, participation_id=0)
    title = _("Preview from the draft: assessor at %(name)s", name=checklist.participation.full_name)
    common: dict[str, Any] = {"checklist": checklist, "closed": None, "title": title, "links": {there: here}}
    if item_id is None:
        state = state_label(DisclosureState.CONFIRMED, begun=True)
        return preview.shown(
            "disclosure/scoring/agency.html",
            next_line=checklist.next_unscored(),
            why_not_finish=None,
            state=state,
            **common,
        )
    line = checklist.line(item_id)
    form = scoring.form_of(line, round_id)
    return preview.shown("disclosure/scoring/item.html", form=form, **common, **_around(checklist, line))


def _checklist(round_id: int, agency: str) -> Checklist:
    return example_checklist(round_or_404(round_id), kind_or_404(agency))


def _around(checklist: Checklist, line: ItemLine) -> dict[str, Any]:
    before, after = checklist.around(line)
    group = checklist.group_of(line)
    return {"line": line, "group": group, "before": before, "after": after, "stale": False}
