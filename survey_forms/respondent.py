"""The form as respondents are shown it: blank, or filled with all that was sent."""

from __future__ import annotations

from datetime import datetime

from flask import Response, request
from markupsafe import Markup, escape

from portal.ballot.public_words import say, spoken
from portal.core import clock
from survey_forms.context import MOST_LINKS, Survey
from survey_forms.moments import deadline_in_words
from survey_forms.page import CHOSEN, FormPage, Rules, is_demo, minutes, page_of
from survey_forms.response import PACKED, answer, place
from survey_forms.submission import Errors, Submission
from survey_forms.token import Opened, make_token, open_form

#: links to the first of many unanswered questions; the rest is a number
MOST_IN_SUMMARY = 10
#: words at the head of a form, which are the same for all respondents of a link
_heads: dict[tuple[object, ...], tuple[Markup, Markup]] = {}


def blank_form(survey: Survey) -> Response:
    """The form of somebody who begins."""
    packed = _takes_gzip()
    page = blank_page(survey, packed=packed)
    return _packed(page) if packed else answer(page)


def blank_page(survey: Survey, *, packed: bool) -> bytes:
    """The page of that form, compressed or not."""
    page, slots = _page(survey), _head(survey, open_form(clock.now()))
    return page.blank_gzip(slots) if packed else page.blank(slots)


def filled_form(
    survey: Survey,
    submission: Submission,
    opened: Opened | None,
    *,
    status: int,
    errors: Errors | None = None,
    message: str = "",
    retry_seconds: int = 0,
) -> Response:
    """The form with all that was sent, and what is to be mended.

    It stays the form that was ``opened``: sent twice it is one sending, and a form of the last minute keeps
    its grace time. ``message`` stands in the summary instead of errors; with ``retry_seconds`` the page sends
    itself again. It echoes the ID, so what was typed is never compressed (``apart``).
    """
    slots = _filled_slots(survey, submission, opened, errors or Errors(), message)
    if retry_seconds:
        slots["retry"] = f' data-r="{retry_seconds}"'
    page = _page(survey)
    if _takes_gzip():
        response = _packed(page.filled_gzip(slots), status=status)
    else:
        response = answer(page.filled(slots), status=status)
    if retry_seconds:
        response.headers["Retry-After"] = str(retry_seconds)
    return response


def plain_form(survey: Survey) -> Response:
    """A new form as plain text, for a preview that adds to it."""
    return answer(_page(survey).filled(_filled_slots(survey, Submission({}, "", {}), None, Errors(), "")))


def _filled_slots(
    survey: Survey, submission: Submission, opened: Opened | None, errors: Errors, message: str
) -> dict[str, str]:
    unanswered = say("This one has no answer yet")
    slots = _head(survey, opened or open_form(clock.now()))
    if errors or message:
        slots["title"] = escape(say("Not sent yet")) + " – "
        slots["summary"] = _summary(survey, errors, message)
    if submission.typed_id:
        slots["id.value"] = Markup(' value="{}"').format(submission.typed_id)
    if errors.citizen_id:
        slots["id.bad"] = " bad"
        slots["id.value"] = slots.get("id.value", "") + ' aria-invalid="true" aria-describedby="idh ide"'
        slots["id.error"] = Markup('<p class="e" id="ide">{}</p>').format(errors.citizen_id)
    else:
        slots["id.value"] = slots.get("id.value", "") + ' aria-describedby="idh"'
    for slot, choice in submission.chosen.items():
        slots[f"c{slot}.{choice}"] = CHOSEN
    for slot in errors.unanswered:
        slots[f"b{slot}"] = " bad"
        slots[f"d{slot}"] = f' aria-describedby="e{slot}"'
        slots[f"e{slot}"] = Markup('<p class="e" id="e{}">{}</p>').format(slot, unanswered)
    return slots


def _takes_gzip() -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")


def _packed(body: bytes, *, status: int = 200) -> Response:
    response = answer(body, status=status)
    response.headers.update(PACKED)
    return response


def _page(survey: Survey) -> FormPage:
    facts = survey.round
    rules = Rules(facts.detail_threshold, facts.total_threshold, facts.first_digits, is_demo())
    return page_of(survey.questionnaire, rules, survey.languages, on_site=survey.on_site)


def _head(survey: Survey, opened: Opened) -> dict[str, str]:
    """What a blank form says of its agency and window, and its token."""
    closes = survey.stage(opened.at).closes_at
    key = (
        survey.code,
        survey.agency_full_name,
        survey.province_name,
        survey.questionnaire.edition,
        closes,
        spoken().digest,
    )
    words = _heads.get(key)
    if words is None:
        if len(_heads) >= MOST_LINKS:
            _heads.clear()
        words = _heads[key] = (place(survey), escape(_lead(survey, closes)))
    # how long it may still be sent, in seconds: a phone's clock may be wrong
    end = f' data-u="{int((closes + survey.round.grace - clock.now()).total_seconds())}"' if closes else ""
    token = make_token(survey.code, opened)
    return {"agency": words[0], "lead": words[1], "end": end, "token": token}


def _lead(survey: Survey, closes: datetime | None) -> str:
    questionnaire = survey.questionnaire
    lead = say(
        "%(n)s questions, about %(minutes)s minutes",
        n=len(questionnaire.lines),
        minutes=minutes(questionnaire),
    )
    if closes is not None:
        lead += " " + say("Answers are taken until %(when)s", when=deadline_in_words(closes))
    return lead


def _summary(survey: Survey, errors: Errors, message: str) -> Markup:
    if message:
        why = Markup("<h2>{}</h2><p>{}</p>").format(say("Not sent yet"), message)
        return Markup('<div class="box err" role="alert" tabindex="-1">{}</div>').format(why)
    numbers = {line.slot: line.number for line in survey.questionnaire.lines}
    links = [Markup('<li><a href="#id">{}</a></li>').format(errors.citizen_id)] if errors.citizen_id else []
    for slot in errors.unanswered[:MOST_IN_SUMMARY]:
        text = say("Question %(n)s has no answer yet", n=numbers[slot])
        links.append(Markup('<li><a href="#q{}">{}</a></li>').format(slot, text))
    more = len(errors.unanswered) - MOST_IN_SUMMARY
    if more > 0:
        links.append(Markup("<li>{}</li>").format(say("and %(n)s more questions", n=more)))
    return Markup(
        '<div class="box err" role="alert" tabindex="-1"><h2>{}</h2><p>{}</p><ul>{}</ul></div>'
    ).format(
        say("Not sent yet, %(n)s places are left", n=len(errors)),
        say("The answers you chose are all still here"),
        Markup("").join(links),
    )
