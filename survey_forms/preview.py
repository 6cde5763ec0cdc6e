"""The form of a draft as respondents will have it, for whoever makes the round: real, and nothing is taken.

Behind the sign-in, unlike the form itself. What is sent goes to a page that reads nothing of it.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from models.instrument import InstrumentKind
from models.round import Round
from portal.ballot.languages import THAI
from portal.ballot.public_words import speak
from portal.core import preview
from portal.core.access import Permission as P
from portal.core.access import requires
from portal.core.lookup import round_or_404
from portal.core.sent import sent_from
from portal.core.texts import _
from portal.rounds.preview import ExampleAgency, example_agency, example_id, kind_or_404
from survey_forms import respondent
from survey_forms.context import Survey, facts_of

blueprint = Blueprint("survey_preview", __name__)
_FORM, _FIRST, _MAIN = '<form id="f" method="post"', '<input type="hidden" name="t"', "<main>"


@blueprint.get("/rounds/<int:round_id>/preview/<string(maxlength=16):agency>/<any(iit,eit):survey>")
@requires(P.ROUNDS_WRITE)
def form(round_id: int, agency: str, survey: str) -> Any:
    """The whole form of a survey, in a language of the draft."""
    round = round_or_404(round_id)
    example = example_agency(round, kind_or_404(agency))
    shown = _survey(round, example, InstrumentKind(survey), request.args.get("lang", THAI))
    answer = respondent.plain_form(shown)
    page = answer.get_data(as_text=True)
    hidden = Markup('<input type="hidden" name="{}" value="{}">').format
    token = hidden("csrf_token", generate_csrf()) + hidden(sent_from.FIELD, sent_from.value())
    form = Markup('<form id="f" action="{}" method="post"').format(preview.nowhere())
    page = page.replace(_FORM, form, 1).replace(_FIRST, f"{token}{_FIRST}", 1)
    answer.set_data(page.replace(_MAIN, f"{_MAIN}{_said(round, example)}", 1))
    return preview.framed(answer)


def _survey(round: Round, example: ExampleAgency, kind: InstrumentKind, language: str) -> Survey:
    """The survey of an agency that is none. Its code is another one after each step of the draft."""
    facts = facts_of(round.id)
    language = language if (kind, language) in facts.translated else THAI
    speak(facts.wordings[language])
    return Survey(
        code=f"{round.id}-{round.version}",
        revoked=False,
        confirmed=True,
        kind=kind,
        participation_id=0,
        agency_id=0,
        province_id=0,
        agency_kind=example.kind.label,
        agency_name=example.name,
        agency_full_name=example.full_name,
        province_name=example.province_name,
        round=facts,
        language=language,
    )


def _said(round: Round, example: ExampleAgency) -> Markup:
    """What stands above the form: that it is a preview, and a number to try it with."""
    title = _("Preview from the draft: respondent of %(name)s", name=example.full_name)
    text = _("Nothing is stored, and sending says so.")
    number = _("To try it, use the made-up number %(number)s", number=example_id(round.first_digits))
    box = Markup('<div class="box soft" role="note" lang="th"><h2>{}</h2><p>{} {}</p></div>')
    return box.format(title, text, number)
