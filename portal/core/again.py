"""A form that was not taken is shown again: at once while the person is signed in, else after signing in.

Nothing that was typed is lost, and nothing is sent by itself. Where the form's page cannot be made, the error
page shows the words to copy.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, make_response, request

from portal.core import gate
from portal.core.access import current_actor
from portal.core.database.session import db
from portal.core.sent import kept, unsent
from portal.core.texts import _

#: tells send.js, which keeps the page and follows no answer by itself, where to go
GO_TO = "X-Go-To"


def init_app(app: Flask) -> None:
    """Follow answers for send.js, forget kept forms that were taken, tell templates what was typed."""
    app.after_request(_after)
    app.jinja_env.globals.update(typed_value=unsent.value_of, version_shown=unsent.version_shown)
    app.context_processor(lambda: {"typed_now": unsent.now_shown(), "typed_lines": unsent.lines})
    app.jinja_env.globals["kept_minutes"] = int(kept.KEPT_FOR.total_seconds() // 60)


def after_old_token() -> Any:
    """The answer to a form whose token is stale or missing: None where its page cannot be shown again."""
    if gate.access_rule(str(request.endpoint)) != "open":
        answer = gate.ask()
        if answer is not None:
            return answer
    return show(
        "old", _("This page was open for long, so the form was not taken yet: send it once more"), 400
    )


def show(why: str, message: str, status: int) -> Response | None:
    """The page of the refused form as it is now, with what was typed; None where there is no such page."""
    if request.method != "POST" or request.endpoint is None:
        return None
    address = unsent.page_of(request.endpoint, request.view_args or {})
    unsent.show_again(why, message)
    if address is None:
        return None
    page = _page(address)
    if page is None:
        return None
    page.status_code = status
    return page


def _page(address: str) -> Response | None:
    """The page of an address, made inside this request as if it had been asked for: gate, scope and all."""
    path = address.partition("?")[0]
    sent = request.method, request.url_rule, request.view_args
    try:
        rule, values = _adapter().match(path, method="GET", return_rule=True)
        _turn_into("GET", rule, dict(values))
        page = current_app.preprocess_request() is None and make_response(current_app.dispatch_request())
    except Exception:  # whatever keeps the page from being made: the error page shows the words instead
        page = None
    if page and page.status_code == 200:
        return page
    db.session.rollback()
    _turn_into(*sent)
    return None


def _turn_into(method: str, rule: Any, values: Any) -> None:
    request.method, request.url_rule, request.view_args = method, rule, values
    request.environ["REQUEST_METHOD"] = method


def _adapter() -> Any:
    return current_app.create_url_adapter(request)


def _after(response: Response) -> Response:
    """Forget a kept form that was taken; let send.js, which follows no redirect, know where to go."""
    followed = response.status_code in {301, 302, 303, 307, 308}
    if request.method == "POST" and followed and current_actor() is not None and request.endpoint:
        held = kept.addresses()
        address = unsent.page_of(request.endpoint, request.view_args or {}) if held else None
        if address in held:
            kept.erase(str(address))
    if followed and request.headers.get(unsent.BY_SCRIPT):
        response.headers[GO_TO] = response.headers.pop("Location")
        response.status_code, response.data = 204, b""
    return response
