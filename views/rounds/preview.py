"""Preview of a draft: as who answers, as executive and as assessor, on a phone and on a desk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for

from models.kinds import AGENCY_KINDS
from portal.ballot.languages import NAMES, THAI
from portal.core import preview
from portal.core.access import Permission as P
from portal.core.access import requires, signed_in
from portal.core.database.session import db
from portal.core.lookup import round_or_404
from portal.core.texts import _, lazy
from portal.rounds.content.reading import content_of
from portal.rounds.content.texts import languages_of
from portal.rounds.preview import usual_kind
from views.rounds.builder_page import around

blueprint = Blueprint("round_preview", __name__)
#: what may be looked at, and the address that shows it
VIEWS: dict[str, tuple[Any, str, dict[str, str]]] = {
    "iit": (lazy("Respondent of IIT"), "survey_preview.form", {"survey": "iit"}),
    "eit": (lazy("Respondent of EIT"), "survey_preview.form", {"survey": "eit"}),
    "review": (lazy("Executive: review of OIT"), "oit_preview.review", {}),
    "interview": (lazy("Assessor: interview of EIT"), "interview_preview.show", {}),
    "scoring": (lazy("Assessor: points of OIT"), "oit_preview.score", {}),
}
#: pages that are shown in a further language too
IN_LANGUAGES = frozenset({"survey_preview.form", "interview_preview.show"})
WIDTHS: dict[str, Any] = {"phone": lazy("Phone"), "desk": lazy("Computer")}


@blueprint.get("/rounds/<int:round_id>/preview")
@requires(P.ROUNDS_WRITE)
def show(round_id: int) -> Any:
    """The choice of role, kind of agency, language and width, with the page in a frame."""
    round = round_or_404(round_id)
    content = content_of(db.session(), round)
    asked = request.args
    view = asked["view"] if asked.get("view") in VIEWS else "iit"
    kinds = {kind.value: kind.label for kind in AGENCY_KINDS}
    agency = asked["agency"] if asked.get("agency") in kinds else usual_kind().code
    languages = {code: NAMES[code] for code in (THAI, *languages_of(content)) if code in NAMES}
    language = asked["language"] if asked.get("language") in languages else THAI
    width = asked["width"] if asked.get("width") in WIDTHS else "phone"
    _words, endpoint, fixed = VIEWS[view]
    values: dict[str, Any] = {**fixed}
    if endpoint in IN_LANGUAGES and language != THAI:
        values["lang"] = language
    answer = make_response(
        render_template(
            "rounds/build/preview.html",
            views={name: words for name, (words, _endpoint, _values) in VIEWS.items()},
            view=view,
            kinds=kinds,
            agency=agency,
            languages=languages,
            language=language,
            widths=WIDTHS,
            width=width,
            frame=url_for(endpoint, round_id=round_id, agency=agency, **values),
            **around(round, content, "preview"),
        )
    )
    answer.headers["Content-Security-Policy"] = preview.WITH_FRAME
    return answer


@blueprint.route("/preview/nothing", methods=["GET", "POST"])
@signed_in
def nothing() -> Any:
    """What was pressed in a preview did nothing; what was sent is not read."""
    if request.method == "POST":
        return redirect(preview.nowhere())
    return preview.framed(
        make_response(render_template("rounds/build/nothing.html", preview=_("Preview from the draft")))
    )
