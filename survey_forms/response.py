"""What every answer of the respondents' door carries, and the agency's name as its pages show it."""

from __future__ import annotations

from flask import Response
from markupsafe import Markup, escape

from portal.core.texts import _
from survey_forms.context import Survey
from survey_forms.inline import POLICY


def answer(body: bytes, *, status: int = 200) -> Response:
    """A page of the respondents' door: kept nowhere, allowed its own style and script only."""
    response = Response(body, status=status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def agency(survey: Survey) -> Markup:
    """The agency's name, whose kind and own name never break inside."""
    if survey.agency_full_name == survey.agency_kind + survey.agency_name:
        keep = Markup('<span class="w">{}</span><span class="w">{}</span>')
        return keep.format(survey.agency_kind, survey.agency_name)
    return escape(survey.agency_full_name)


def place(survey: Survey) -> Markup:
    """The agency and its province."""
    return agency(survey) + " " + _("Province %(name)s", name=survey.province_name)
