"""The short pages around the form: thanks, already answered, not open, unknown."""

from __future__ import annotations

from flask import Response, render_template

from portal.ballot.public_words import say, say_in_page, spoken
from portal.core import clock
from survey_forms.context import Availability, Survey, phone_of
from survey_forms.inline import FORGET, STYLE, squeeze
from survey_forms.limits import RETRY_SECONDS
from survey_forms.moments import deadline_in_words, moment_in_words
from survey_forms.response import agency, answer, in_its_language, lang_query, place
from survey_forms.submission import Submission
from survey_forms.token import Opened, make_token

_CALENDAR = "M18 21h20v19H18zM18 27h20M23 17v6M33 17v6"
_CROSS = "M20 20l16 16M36 20L20 36"
_TICK = "M17 29l8 8 15-17"
#: why a form is never taken by this link: what was kept of it on a device goes
#: seconds between two people at a device of the office, and until a page that nobody looks at any more goes
PAUSE, LEFT_ALONE = 25, 90
_ENDED = frozenset({Availability.REVOKED, Availability.OVER})


def thanks(survey: Survey, *, again: bool = False) -> Response:
    """Thank you, without a number: nothing ties the answer to a person.

    ``again``: the form had come before. Nothing is kept by which two sendings could be compared, so it always
    says that the first one counts.
    """
    return _short(survey, "survey/thanks.html", again=again, ended=True, pause=PAUSE)


def already(survey: Survey, opened: Opened, *, packed: str) -> Response:
    """This ID has answered. Carries the answers, so that a mistyped ID costs nothing; never the ID."""
    refused = Opened(clock.now(), opened.value)
    return _short(
        survey,
        "survey/already.html",
        status=409,
        code=survey.code,
        packed=packed,
        token=make_token(survey.code, opened),
        contest_token=make_token(survey.code, refused, purpose="contest"),
    )


def contested(survey: Survey) -> Response:
    """The report was counted."""
    texts = (say("The report was counted. No name and no ID was kept."), say("You may close this page."))
    return _message(survey, say("Thank you for telling us"), texts, sign=_TICK)


def contest_too_late(survey: Survey) -> Response:
    """The page on which the report was made is too old, or the round has closed."""
    texts = (
        say("This page is too old, so the report was not counted. Tell the agency's administrator instead."),
    )
    return _message(survey, say("The report was not counted"), texts, sign=_CROSS, status=409)


def contest_busy(survey: Survey) -> Response:
    """The report could not be counted just now."""
    texts = (say("Many people are using the system. Go back, wait half a minute and report once more."),)
    response = _message(survey, say("The report was not counted"), texts, sign=_CALENDAR, status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def not_sent(survey: Survey, why: Availability, submission: Submission) -> Response:
    """A form came that cannot be taken: its answers do not count. They are shown once more, the ID never."""
    stage = survey.stage(clock.now())
    times: list[tuple[str, str]] = []
    ask, phone = say("Questions are answered by the agency's administrator"), phone_of(survey)
    if phone:
        ask = say("Questions are answered by the agency's administrator, telephone %(phone)s", phone=phone)
    lost = say("The answers on this page were not sent and are not counted.")
    if why is Availability.REVOKED:
        reason = say(
            "The agency has replaced this link. Ask it for the new one, open it and choose the answers below"
            " again."
        )
    elif why is Availability.OVER:
        reason = say("They came after the survey had closed.")
        if stage.final_close is not None:
            times = [(say("Closed on"), deadline_in_words(stage.final_close))]
    else:
        reason = say("The survey takes no answers at the moment. The same link works once it does.")
    status = 410 if why is Availability.REVOKED else 409
    return _short(
        survey,
        "survey/not_sent.html",
        status=status,
        ended=why in _ENDED,
        title=say("Your answers were not sent"),
        texts=(lost, reason),
        sign=_CROSS,
        times=times,
        after="",
        ask=ask,
        chosen=[
            (line.number, line.text, line.choices[submission.chosen[line.slot] - 1])
            for line in survey.questionnaire.lines
            if line.slot in submission.chosen
        ],
    )


def not_open(survey: Survey, why: Availability) -> Response:
    """Why the survey takes no answers now, and when it will."""
    stage = survey.stage(clock.now())
    times: list[tuple[str, str]] = []
    texts: tuple[str, ...] = ()
    ask = say("Questions are answered by the agency's administrator")
    if why is Availability.REVOKED:
        texts = (say("The agency has replaced this link. Ask it for the new one."),)
        title = say("This link is no longer used")
        return _message(survey, title, texts, sign=_CROSS, status=410, ask=ask, ended=True)
    if why is Availability.OVER:
        if stage.final_close is not None:
            times = [(say("Closed on"), deadline_in_words(stage.final_close))]
        texts = (say("Answers are no longer taken. What was sent before is kept."),)
        return _message(survey, say("The survey has closed"), texts, sign=_CALENDAR, times=times, ended=True)
    after = say("The same link works then; no new one is needed")
    if why is Availability.NOT_YET and stage.next is not None and stage.next_closes_at is not None:
        opens, closes = moment_in_words(stage.next.opens_at), deadline_in_words(stage.next_closes_at)
        times = [(say("Opens"), opens), (say("Closes"), closes)]
    elif why is Availability.NOT_CONFIRMED:
        texts = (say("The agency's executive has not confirmed its data yet. The survey opens after that."),)
    else:
        texts = (say("The survey is being prepared; its dates are announced by the agency"),)
    title = say("The survey is not open yet")
    return _message(survey, title, texts, sign=_CALENDAR, times=times, after=after, ask=ask)


def unknown_link() -> Response:
    """There was never such a link."""
    html = render_template(
        "survey/unknown.html",
        title=say("This link was not found"),
        texts=(say("Check that the whole address was copied, or scan the QR code once more"),),
        sign=_CROSS,
        style=STYLE,
        ask=say("Questions are answered by the agency that gave you the link"),
    )
    return answer(squeeze(html).encode(), status=404)


def away() -> Response:
    """The system cannot look anything up just now; what was filled in is still in the browser."""
    html = render_template(
        "survey/unknown.html",
        title=say("The system is away for a moment"),
        texts=(say("Nothing was sent. Wait half a minute, then load this page again, or go back and send"),),
        sign=_CALENDAR,
        style=STYLE,
        ask=say("Questions are answered by the agency that gave you the link"),
    )
    response = answer(squeeze(html).encode(), status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _short(
    survey: Survey, template: str, *, status: int = 200, pause: int = LEFT_ALONE, **values: object
) -> Response:
    """A page. At a device of the office it becomes a blank form by itself after the ``pause``."""
    html = render_template(
        template,
        kind=survey.kind.name,
        year=survey.round.year,
        agency=place(survey),
        agency_name=agency(survey),
        language=spoken().language,
        lang_query=lang_query(survey),
        in_its_language=in_its_language,
        _=say_in_page,
        style=STYLE,
        forget=FORGET,
        pause=pause,
        next_form=f"/s/{survey.code}{lang_query(survey)}" if survey.on_site else "",
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
    ended: bool = False,
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
        ended=ended,
    )
