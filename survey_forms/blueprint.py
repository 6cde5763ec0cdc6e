"""The addresses of the survey forms: one document, one POST, no cookie.

The citizen ID lives in the body of one request and in the answer to it. It is turned into a mark by
``portal.ballot.box.cast`` and is never written: not to a log, a table, a file or an address.
"""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from portal.ballot import box
from portal.ballot.keys import KeyMissing
from portal.ballot.languages import THAI
from portal.ballot.public_words import say
from portal.core import clock, error_pages
from portal.core.access import open_to_all
from portal.core.database.session import AWAY, is_away, without_session
from portal.core.gate import ask_nobody
from survey_forms import notices, respondent
from survey_forms.addresses import mended
from survey_forms.context import Availability, Survey, resolve
from survey_forms.limits import RETRY_SECONDS, gate
from survey_forms.response import answer, lang_query
from survey_forms.submission import LARGEST_BODY, Submission, pack, read_submission, validate
from survey_forms.token import Opened, read_token

log = logging.getLogger(__name__)
blueprint = Blueprint("survey", __name__, template_folder="templates")
#: how long "that was not me" can be said after a refusal
CONTEST_SECONDS = 3600


@blueprint.get("/s/<code>")
@open_to_all
def form(code: str) -> Response:
    """The form, or why it is not open."""
    survey = resolve(code, request.args.get("lang", ""))
    if survey is None:
        return _mended(code)
    availability = survey.availability(clock.now())
    if availability is not Availability.OPEN:
        return notices.not_open(survey, availability)
    return respondent.blank_form(survey)


@blueprint.get("/s/")
@blueprint.get("/s/<path:came>")
@blueprint.get("/S/<path:came>")
@open_to_all
def mend(came: str = "") -> Response:
    """An address that is none as it came: the form's, where its code can be found in it."""
    return _mended(came)


@blueprint.post("/s/<code>")
@open_to_all
@without_session
def send(code: str) -> Response:
    """Take a filled form: thanks only after it is on disk, else the form again with all that was typed."""
    survey = resolve(code, request.args.get("lang", ""))
    if survey is None:
        return notices.unknown_link()
    submission = read_submission(_body(), survey.questionnaire)
    now = clock.now()
    opened = read_token(submission.token, code, now=now)
    availability = survey.availability(now, opened_at=opened.at if opened else None)
    if availability is not Availability.OPEN:
        return notices.not_sent(survey, availability, submission)
    if submission.wants_back:
        return respondent.filled_form(survey, submission, opened, status=200)
    if opened is None:
        old = say("This form was not opened from its link. Check the answers and send it once more.")
        return respondent.filled_form(survey, submission, opened, status=400, message=old)
    if not gate.admits(request.remote_addr, survey.participation_id):
        return _busy(survey, submission, opened, status=429)
    return _cast(survey, submission, opened)


@blueprint.get("/s/<code>/thanks")
@open_to_all
def thanks(code: str) -> Response:
    """Thank you; loading it again sends nothing."""
    survey = resolve(code, request.args.get("lang", ""))
    again = "again" in request.args
    return notices.unknown_link() if survey is None else notices.thanks(survey, again=again)


@blueprint.post("/s/<code>/not-me")
@open_to_all
@without_session
def not_me(code: str) -> Response:
    """ "That was not me": counted for the agency, once per form, and nothing else."""
    survey = resolve(code, request.args.get("lang", ""))
    if survey is None:
        return notices.unknown_link()
    now = clock.now()
    token = read_submission(_body(), survey.questionnaire).token
    refused = read_token(token, code, now=now, purpose="contest")
    if refused is None or (now - refused.at).total_seconds() > CONTEST_SECONDS:
        return notices.contest_too_late(survey)
    if not gate.admits(request.remote_addr, survey.participation_id):
        return notices.contest_busy(survey)
    try:
        result = box.contest(survey.box, refused.value)
    except (*AWAY, KeyMissing) as error:
        _say("a report could not be counted: %s", error)
        return notices.contest_busy(survey)
    closed = result is box.CastResult.CLOSED
    return notices.contest_too_late(survey) if closed else notices.contested(survey)


def _mended(came: str) -> Response:
    """On to the address that was meant; what else stood in it (a chat's own marks) stays behind."""
    code, language = mended(came), request.args.get("lang", "")
    survey = resolve(code, language) if request.path != f"/s/{code}" else None
    if survey is None:
        return notices.unknown_link()
    response = answer(b"", status=302)
    response.headers["Location"] = f"/s/{code}{lang_query(survey)}"
    return response


def _away(error: Exception) -> Any:
    """The database is away, and nothing is known of this link: the form cannot be shown."""
    if not is_away(error):
        return error_pages.fault(error)
    _say("the database is away (%s)", error)
    ask_nobody()
    return notices.away()


def _say(words: str, error: Exception) -> None:
    """The error's text may hold what the driver was given: only its kind is logged."""
    kind = type(error).__name__
    log.error(words, kind, extra={"kind": kind})


for _kind in AWAY:
    blueprint.register_error_handler(_kind, _away)


def _cast(survey: Survey, submission: Submission, opened: Opened) -> Response:
    questionnaire = survey.questionnaire
    citizen_id, errors = validate(submission, questionnaire, first_digits=survey.round.first_digits)
    if errors:
        return respondent.filled_form(survey, submission, opened, status=422, errors=errors)
    answers = questionnaire.encode(submission.chosen)
    try:
        result = box.cast(survey.box, citizen_id, answers, channel=survey.channel, form=opened.value)
    except (*AWAY, KeyMissing) as error:
        _say("a survey answer could not be stored: %s", error)
        return _busy(survey, submission, opened, status=503)
    if result is box.CastResult.CLOSED:
        return notices.not_sent(survey, Availability.OVER, submission)
    if result is box.CastResult.NOT_ASKED:
        return notices.not_sent(survey, Availability.REVOKED, submission)
    if result is box.CastResult.ALREADY:
        return notices.already(survey, opened, packed=pack(submission, questionnaire))
    response = answer(b"", status=303)
    # the same form once more is the same sending: thanks too, and a word on which answers count
    more = ["again"] if result is box.CastResult.REPEATED else []
    more += [lang_query(survey).removeprefix("?")] if survey.language != THAI else []
    response.headers["Location"] = f"/s/{survey.code}/thanks" + ("?" + "&".join(more) if more else "")
    return response


def _busy(survey: Survey, submission: Submission, opened: Opened, *, status: int) -> Response:
    """Not now: the filled form is given back. (Where no thread is free the door answers, see ``busy``.)"""
    message = say(
        "Many people are using the system. Your answers are still on this page; send again in %(n)s seconds",
        n=RETRY_SECONDS,
    )
    return respondent.filled_form(
        survey, submission, opened, status=status, message=message, retry_seconds=RETRY_SECONDS
    )


def _body() -> bytes:
    """The body as it came, never parsed to files. Raises RequestEntityTooLarge."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise RequestEntityTooLarge
    request.max_content_length = LARGEST_BODY
    return request.get_data(cache=False)
