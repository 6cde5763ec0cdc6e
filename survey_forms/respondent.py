"""What respondents are shown: the form blank or filled, and the short pages around it."""

from __future__ import annotations

from datetime import datetime

from flask import Response, render_template, request
from markupsafe import Markup, escape

from models.thai import thai_datetime, thai_deadline
from portal import clock
from portal.texts import _
from survey_forms.context import MOST_LINKS, Availability, Survey
from survey_forms.inline import POLICY, STYLE, squeeze
from survey_forms.page import FormPage, is_demo, minutes, page_of
from survey_forms.submission import Errors, Submission
from survey_forms.token import make_token

#: links to the first of many unanswered questions; the rest is a number
MOST_IN_SUMMARY = 10
_CALENDAR = "M18 21h20v19H18zM18 27h20M23 17v6M33 17v6"
_CROSS = "M20 20l16 16M36 20L20 36"
_TICK = "M17 29l8 8 15-17"
#: words at the head of a form, which are the same for all respondents of a link
_heads: dict[tuple[object, ...], tuple[Markup, Markup]] = {}


def blank_form(survey: Survey) -> Response:
    """The form of somebody who begins."""
    now = clock.now()
    page, slots = _page(survey), _head(survey, now)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = answer(page.blank_gzip(slots))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        return response
    return answer(page.blank(slots))


def filled_form(
    survey: Survey,
    submission: Submission,
    *,
    status: int,
    errors: Errors | None = None,
    message: str = "",
    retry_seconds: int = 0,
) -> Response:
    """The form with all that was sent, and what is to be mended. Never compressed: it echoes the ID.

    ``message`` stands in the summary instead of errors; with ``retry_seconds`` the page sends itself again.
    """
    errors = errors or Errors()
    unanswered = _("This one has no answer yet")
    slots = _head(survey, clock.now())
    if errors or message:
        slots["title"] = escape(_("Not sent yet")) + " – "
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
        slots[f"c{slot}.{choice}"] = " checked"
    for slot in errors.unanswered:
        slots[f"b{slot}"] = " bad"
        slots[f"d{slot}"] = f' aria-describedby="e{slot}"'
        slots[f"e{slot}"] = Markup('<p class="e" id="e{}">{}</p>').format(slot, unanswered)
    if retry_seconds:
        slots["retry"] = f' data-r="{retry_seconds}"'
    response = answer(_page(survey).filled(slots), status=status)
    if retry_seconds:
        response.headers["Retry-After"] = str(retry_seconds)
    return response


def thanks(survey: Survey) -> Response:
    """Thank you, without a number: nothing ties the answer to a person."""
    return _short(survey, "survey/thanks.html")


def already(survey: Survey, *, packed: str) -> Response:
    """This ID has answered. Carries the answers, so that a mistyped ID costs nothing; never the ID."""
    now = clock.now()
    return _short(
        survey,
        "survey/already.html",
        status=409,
        code=survey.code,
        packed=packed,
        token=make_token(survey.code, now),
        contest_token=make_token(survey.code, now, purpose="contest"),
    )


def contested(survey: Survey) -> Response:
    """The report was counted."""
    texts = (_("The report was counted. No name and no ID was kept."), _("You may close this page."))
    return _message(survey, _("Thank you for telling us"), texts, sign=_TICK)


def not_open(survey: Survey, why: Availability, *, status: int = 200) -> Response:
    """Why the survey takes no answers now, and when it will."""
    stage = survey.stage(clock.now())
    times: list[tuple[str, str]] = []
    texts: tuple[str, ...] = ()
    ask = _("Questions are answered by the agency's administrator")
    if why is Availability.REVOKED:
        texts = (_("The agency has replaced this link. Ask it for the new one."),)
        return _message(survey, _("This link is no longer used"), texts, sign=_CROSS, status=410, ask=ask)
    if why is Availability.OVER:
        if stage.final_close is not None:
            times = [(_("Closed on"), thai_deadline(stage.final_close))]
        texts = (_("Answers are no longer taken. What was sent before is kept."),)
        return _message(survey, _("The survey has closed"), texts, sign=_CALENDAR, status=status, times=times)
    after = _("The same link works then; no new one is needed")
    if why is Availability.NOT_YET and stage.next is not None:
        opens, closes = thai_datetime(stage.next.opens_at), thai_deadline(stage.next.closes_at)
        times = [(_("Opens"), opens), (_("Closes"), closes)]
    elif why is Availability.NOT_CONFIRMED:
        texts = (_("The agency's executive has not confirmed its data yet. The survey opens after that."),)
    else:
        texts = (_("The survey is being prepared; its dates are announced by the agency"),)
    title = _("The survey is not open yet")
    return _message(survey, title, texts, sign=_CALENDAR, status=status, times=times, after=after, ask=ask)


def unknown_link() -> Response:
    """There was never such a link."""
    html = render_template(
        "survey/unknown.html",
        title=_("This link was not found"),
        texts=(_("Check that the whole address was copied, or scan the QR code once more"),),
        sign=_CROSS,
        style=STYLE,
        ask=_("Questions are answered by the agency that gave you the link"),
    )
    return answer(squeeze(html).encode(), status=404)


def answer(body: bytes, *, status: int = 200) -> Response:
    """A page of the respondents' door: kept nowhere, allowed its own style and script only."""
    response = Response(body, status=status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _page(survey: Survey) -> FormPage:
    facts = survey.round
    return page_of(
        survey.questionnaire, detail=facts.detail_threshold, total=facts.total_threshold, demo=is_demo()
    )


def _head(survey: Survey, now: datetime) -> dict[str, str]:
    """What a blank form says of its agency and window, and its token."""
    closes = survey.stage(now).closes_at
    key = (survey.code, survey.agency_full_name, survey.province_name, survey.questionnaire.edition, closes)
    words = _heads.get(key)
    if words is None:
        if len(_heads) >= MOST_LINKS:
            _heads.clear()
        words = _heads[key] = (_place(survey), escape(_lead(survey, closes)))
    return {"agency": words[0], "lead": words[1], "token": make_token(survey.code, now)}


def _lead(survey: Survey, closes: datetime | None) -> str:
    questionnaire = survey.questionnaire
    lead = _(
        "%(n)s questions, about %(minutes)s minutes",
        n=len(questionnaire.lines),
        minutes=minutes(questionnaire),
    )
    if closes is not None:
        lead += " " + _("Answers are taken until %(when)s", when=thai_deadline(closes))
    return lead


def _agency(survey: Survey) -> Markup:
    """The agency's name, whose kind and own name never break inside."""
    if survey.agency_full_name == survey.agency_kind + survey.agency_name:
        keep = Markup('<span class="w">{}</span><span class="w">{}</span>')
        return keep.format(survey.agency_kind, survey.agency_name)
    return escape(survey.agency_full_name)


def _place(survey: Survey) -> Markup:
    return _agency(survey) + " " + _("Province %(name)s", name=survey.province_name)


def _summary(survey: Survey, errors: Errors, message: str) -> Markup:
    if message:
        text = Markup("<h2>{}</h2><p>{}</p>").format(_("Not sent yet"), message)
        return Markup('<div class="box err" role="alert" tabindex="-1">{}</div>').format(text)
    numbers = {line.slot: line.number for line in survey.questionnaire.lines}
    links = [Markup('<li><a href="#id">{}</a></li>').format(errors.citizen_id)] if errors.citizen_id else []
    for slot in errors.unanswered[:MOST_IN_SUMMARY]:
        text = _("Question %(n)s has no answer yet", n=numbers[slot])
        links.append(Markup('<li><a href="#q{}">{}</a></li>').format(slot, text))
    more = len(errors.unanswered) - MOST_IN_SUMMARY
    if more > 0:
        links.append(Markup("<li>{}</li>").format(_("and %(n)s more questions", n=more)))
    return Markup(
        '<div class="box err" role="alert" tabindex="-1"><h2>{}</h2><p>{}</p><ul>{}</ul></div>'
    ).format(
        _("Not sent yet, %(n)s places are left", n=len(errors)),
        _("The answers you chose are all still here"),
        Markup("").join(links),
    )


def _short(survey: Survey, template: str, *, status: int = 200, **values: object) -> Response:
    html = render_template(
        template,
        kind=survey.kind.name,
        year=survey.round.fiscal_year,
        agency=_place(survey),
        agency_name=_agency(survey),
        style=STYLE,
        **values,
    )
    return answer(squeeze(html).encode(), status=status)


def _message(
    survey: Survey,
    title: str,
    texts: tuple[str, ...],
    *,
    sign: str,
    status: int = 200,
    times: list[tuple[str, str]] | None = None,
    after: str = "",
    ask: str = "",
) -> Response:
    return _short(
        survey,
        "survey/message.html",
        status=status,
        title=title,
        texts=texts,
        sign=sign,
        times=times or [],
        after=after,
        ask=ask,
    )
