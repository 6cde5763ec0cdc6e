"""UserError as pages: what happened, what to do next, no code words; never an exception's own text."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, render_template, request
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from portal.core import again
from portal.core.api import problems
from portal.core.api.path import at_api
from portal.core.database.session import AWAY, db, is_away
from portal.core.errors import NotFound, UserError
from portal.core.gate import ask_nobody
from portal.core.lines import request_id
from portal.core.sent import other_desk, unsent
from portal.core.sent.other_desk import OtherDesk
from portal.core.texts import _

log = logging.getLogger(__name__)
RETRY_SECONDS = 15


def init_app(app: Flask) -> None:
    """Register the handlers, from the kindest error to the worst."""
    app.register_error_handler(UserError, _user_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, refused)
    for kind in AWAY:
        app.register_error_handler(kind, _away)
    app.register_error_handler(Exception, fault)


def _user_error(error: UserError) -> Any:
    db.session.rollback()
    if at_api():
        return problems.of_error(error)
    if isinstance(error, OtherDesk):
        return other_desk.page_of(error)
    if not isinstance(error, NotFound):
        answer = again.show(error.why, error.message, error.status)
        if answer is not None:
            return answer
    title = _("Page not found") if isinstance(error, NotFound) else _("This was not done")
    return page(error.status, title, error.message)


def _stale_form(_error: CSRFError) -> Any:
    """The token is of another session, or none: nothing was done, and nothing typed is lost."""
    try:
        answer = again.after_old_token()
    except UserError as error:
        return _user_error(error)
    return answer or page(400, _("This form was not sent"), _("Open its page anew and send it once more"))


def refused(error: HTTPException) -> Any:
    """The page of a request that was refused before a view could answer it."""
    if error.code is None or error.code < 400:
        return error.get_response()
    if at_api():
        return problems.of_http(error)
    texts = {
        404: (_("Page not found"), NotFound().message),
        405: (_("Page not found"), _("Go back and use the buttons of the page")),
        413: _too_much(),
    }
    title, message = texts.get(
        error.code, (_("This request could not be read"), _("Go back, load the page again and try once more"))
    )
    response = page(error.code, title, message)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response[0].headers[name] = value
    return response


def _too_much() -> tuple[str, str]:
    if is_too_much_text():
        return (
            _("Too much text at once"),
            _("A form takes at most 2 MB of text: send less at once, or a file where the page takes one"),
        )
    return _("The file is too large"), _("A file of at most 12 MB can be sent: split it or remove pictures")


def is_too_much_text() -> bool:
    """True where a body is refused for its text: the whole of it is no larger than a file may be."""
    most = request.max_content_length
    return most is None or (request.content_length or 0) <= most


def _away(error: Exception) -> Any:
    """The database is away: say so, and when to try again. Only the error's kind is logged."""
    if not is_away(error):
        return fault(error)
    db.session.remove()
    ask_nobody()
    kind = type(error).__name__
    log.error("the database is away (%s) at %s", kind, request.endpoint, extra={"kind": kind})
    if at_api():
        answer = problems.of_status(503)
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer
    response, status = page(
        503,
        _("The system is away for a moment"),
        _("What was saved is not lost. Wait half a minute, then load the page again"),
        number=request_id(),
    )
    response.headers["Retry-After"] = RETRY_SECONDS
    return response, status


def fault(error: Exception) -> Any:
    """Log the fault under the request's id, which the person can name; show nothing of it."""
    db.session.rollback()
    number = request_id()
    log.error("fault %s at %s", number, request.endpoint, exc_info=error)
    if at_api():
        return problems.of_status(500)
    return page(500, _("The system has a fault"), _("What was saved is not lost"), number=number)


def page(status: int, title: str, message: str, *, number: str = "") -> Any:
    """An error page as (response, status); what was typed stands on it, to be copied.

    A request to no address of ours is told so in plain words.
    """
    if request_ctx.url_adapter is None:
        return Flask.response_class(f"{title}\n{message}\n", mimetype="text/plain"), status
    if request.method == "POST" and unsent.now_shown() is None:
        unsent.show_again("refused", "")
    from_template = render_template("error.html", status=status, title=title, message=message, number=number)
    return _response(from_template), status


def _response(text: str) -> Any:
    from_app = Flask.response_class
    return from_app(text, mimetype="text/html")
