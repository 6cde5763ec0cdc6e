"""The blank form, ahead of everything else: the page that is asked for most, by people who are not known.

A request of Flask's costs twice what this page does: sessions, guards, hooks and headers, none of which has
anything to say here, since the page is open to all, reads no cookie and always has the same headers. So it is
made in an application's context alone, from what is kept in memory. Whatever is not simply the blank form of
an open survey goes the ordinary way, where it is answered as ever; a test holds both to the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import SecurityError
from werkzeug.wsgi import get_host

from portal.core import clock
from portal.core.web import SEALED, SURVEYS, TRANSPORT, Portal
from survey_forms import respondent
from survey_forms.context import AWAY, Availability, resolve
from survey_forms.response import HEADERS, PACKED

Headers = list[tuple[str, str]]


def blank_forms(app: Portal) -> Callable[[dict[str, Any]], tuple[Headers, bytes] | None]:
    """What answers a WSGI request for a blank form with headers and page; None: go the ordinary way."""

    def ahead(environ: dict[str, Any]) -> tuple[Headers, bytes] | None:
        if not _may_be_short(app, environ):
            return None
        packed = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        with app.app_context():
            page = _blank(environ["PATH_INFO"].removeprefix(SURVEYS), packed=packed)
        if page is None:
            return None
        headers = [
            *HEADERS.items(),
            *((name, value) for name, value in SEALED.items() if name not in HEADERS),
        ]
        headers += PACKED.items() if packed else ()
        headers += TRANSPORT.items() if environ["wsgi.url_scheme"] == "https" else ()
        return [*headers, ("Content-Length", str(len(page)))], page

    return ahead


def _may_be_short(app: Portal, environ: dict[str, Any]) -> bool:
    """True for an address that may be a form's, of a host that is ours, through proxies that we know."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
        return False
    if not environ["PATH_INFO"].startswith(SURVEYS):
        return False
    if "HTTP_X_FORWARDED_FOR" in environ and not app.settings.proxies:
        return False
    try:
        get_host(environ, app.config["TRUSTED_HOSTS"])
    except SecurityError:
        return False
    return True


def _blank(code: str, *, packed: bool) -> bytes | None:
    """The form behind a code; None where there is none to be filled in, or nothing is known of it now."""
    try:
        survey = resolve(code)
    except AWAY:
        return None
    if survey is None or survey.availability(clock.now()) is not Availability.OPEN:
        return None
    return respondent.blank_page(survey, packed=packed)
