"""The interview of a draft as the assessor has it on the line: shown, and nothing is sealed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from models.instrument import InstrumentKind
from models.roster import InterviewOutcome as Outcome
from portal.ballot.asked import asked_in
from portal.ballot.languages import NAMES
from portal.core import preview
from portal.core.access import Permission as P
from portal.core.access import requires
from portal.core.database.session import db
from portal.core.lookup import round_or_404
from portal.core.texts import _
from portal.rounds.preview import ExampleSample, example_agency, example_call, kind_or_404
from views.assessors.interviews import OUTCOME_KINDS, OUTCOME_WORDS

blueprint = Blueprint("interview_preview", __name__)


@blueprint.get("/rounds/<int:round_id>/preview/<string(maxlength=16):agency>/interview")
@requires(P.ROUNDS_WRITE)
def show(round_id: int, agency: str) -> Any:
    """The form of a call, with its questions."""
    round = round_or_404(round_id)
    participation = example_agency(round, kind_or_404(agency))
    call = example_call(round, Outcome.PENDING)
    asked = asked_in(db.session(), round_id, InstrumentKind.EIT, request.args.get("lang", ""))
    return preview.shown(
        "assessors/call.html",
        title=_("Preview from the draft: assessor at %(name)s", name=participation.full_name),
        participation=participation,
        interview=call,
        person=call.roster_entry.person,
        asked=asked,
        questionnaire=asked.questionnaire,
        LANGUAGES=NAMES,
        switched=False,
        chosen={},
        missing=set(),
        first_missing=None,
        version=call.version,
        may_void=False,
        closed=None,
        draft={"name": "", "key": ""},
        sample=ExampleSample(),
        Outcome=Outcome,
        OUTCOME_KINDS=OUTCOME_KINDS,
        OUTCOME_WORDS=OUTCOME_WORDS,
    )
