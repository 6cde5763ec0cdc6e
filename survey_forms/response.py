"""What every answer of the respondents' door carries, and the agency's name as its pages show it."""

from __future__ import annotations

from flask import Response
from markupsafe import Markup, escape

from portal.ballot.languages import THAI, in_thai
from portal.ballot.public_words import say, spoken
from survey_forms.context import Survey
from survey_forms.inline import POLICY

#: kept nowhere, allowed its own style and script only
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": POLICY,
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
#: of a page that is compressed, beside the others
PACKED = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}


def answer(body: bytes, *, status: int = 200) -> Response:
    """A page of the respondents' door."""
    return Response(body, status=status, headers=HEADERS)


def agency(survey: Survey) -> Markup:
    """The agency's name, whose kind and own name never break inside."""
    lang = Markup(' lang="th"') if spoken().language != THAI else ""
    if survey.agency_full_name == survey.agency_kind + survey.agency_name:
        keep = Markup('<span class="w"{2}>{0}</span><span class="w"{2}>{1}</span>')
        return keep.format(survey.agency_kind, survey.agency_name, lang)
    return in_its_language(survey.agency_full_name)


def place(survey: Survey) -> Markup:
    """The agency and its province."""
    return agency(survey) + " " + in_its_language(say("Province %(name)s", name=survey.province_name))


def lang_query(survey: Survey) -> str:
    """What an address of this survey ends with, so that it stays in its language."""
    return "" if survey.language == THAI else f"?lang={survey.language}"


def in_its_language(words: str) -> Markup:
    """Words in Thai on a page of another language are marked as Thai, for who hears the page."""
    if spoken().language == THAI or not in_thai(words):
        return escape(words)
    return Markup('<span lang="th">{}</span>').format(words)
