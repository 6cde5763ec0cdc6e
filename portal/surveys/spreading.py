"""Texts that spread a survey, ready to be copied: a message, the site's snippet, a circular."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from models.participation import Participation
from models.thai import local_day, thai_date
from portal.core.texts import _
from portal.surveys.links import OwnSurvey


@dataclass(frozen=True)
class SpreadingText:
    """A text to be copied: what it is called, where it goes, and its words."""

    name: str
    place: str
    words: str


def texts_of(participation: Participation, survey: OwnSurvey) -> list[SpreadingText]:
    """The texts of a survey with a link; none once it is over. Those of IIT say that they are internal."""
    if survey.link is None or survey.over:
        return []
    if survey.internal:
        return [_message(participation, survey), _circular(participation, survey)]
    return [_message(participation, survey), _snippet(participation, survey)]


def days_left(survey: OwnSurvey) -> int | None:
    """Whole days until the last day of the survey, 0 on that day; None where no day is set."""
    last = survey.stage.last_day
    return None if last is None else max((last - local_day(survey.stage.now)).days, 0)


def _until(survey: OwnSurvey) -> str:
    """Until when, with the days that are left; "" without a window."""
    last, left = survey.stage.last_day, days_left(survey)
    if last is None:
        return ""
    if left == 0:
        return _("Today is the last day")
    return _("Answer until %(day)s (%(n)s days left)", day=thai_date(last), n=left)


def _message(participation: Participation, survey: OwnSurvey) -> SpreadingText:
    asked = (
        _("All who work at %(agency)s: please answer the IIT survey", agency=participation.full_name)
        if survey.internal
        else _("You have dealt with %(agency)s? Tell us how it was", agency=participation.full_name)
    )
    promise = _("The citizen ID serves only to prevent answering twice")
    inside = _("Internal channels only: do not pass on outside the agency") if survey.internal else ""
    return SpreadingText(
        _("Message for LINE"),
        _("Internal groups only") if survey.internal else _("Groups and pages open to the public"),
        _lines(asked, promise, survey.url, _until(survey), inside),
    )


def _circular(participation: Participation, survey: OwnSurvey) -> SpreadingText:
    year = participation.round.year_and_scheme
    words = _lines(
        _("Internal channels only: do not pass on outside the agency"),
        _("Subject: answering the IIT survey of fiscal year %(year)s", year=year),
        _("To: all who work at %(agency)s", agency=participation.full_name),
        _("The agency is assessed for integrity and transparency, and asks what those who work here think."),
        _("The ID prevents answering twice. The agency sees nobody's single answers."),
        _("Answer here: %(url)s", url=survey.url),
        _until(survey),
    )
    return SpreadingText(_("Text of a circular"), _("Inside the agency: circular, intranet"), words)


def _snippet(participation: Participation, survey: OwnSurvey) -> SpreadingText:
    """HTML without script, style or picture, so that any site takes it."""
    words = _("Tell us what you think of %(agency)s (survey EIT)", agency=participation.full_name)
    last = survey.stage.last_day
    # a page stays as it was pasted: the day, and no number of days that are left
    until = _("Answer until %(day)s", day=thai_date(last)) if last else ""
    html = Markup('<p><a href="{}" rel="noopener">{}</a><br>{}</p>').format(survey.url, words, until)
    return SpreadingText(
        _("Snippet for the web site (HTML)"), _("Paste it into a page of the site"), str(html)
    )


def _lines(*lines: str) -> str:
    return "\n".join(filter(None, lines))
