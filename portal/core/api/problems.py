"""What the API says when it gives no figures: problem details in JSON (RFC 9457), in English and in Thai."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException

from portal.core.errors import UserError
from portal.core.lines import request_id
from portal.core.texts import lazy

MEDIA = "application/problem+json"
#: what each status is called in Thai; its English title is HTTP's own
TITLES: dict[int, Any] = {
    400: lazy("This request could not be read"),
    401: lazy("A token of a programme is needed"),
    403: lazy("This desk demands a second factor"),
    404: lazy("Not there, or not for this desk"),
    405: lazy("Figures are only read"),
    409: lazy("Not possible now"),
    422: lazy("A word of the address does not fit"),
    429: lazy("Too many requests"),
    500: lazy("The system has a fault"),
    503: lazy("The system is away for a moment"),
}


@dataclass(frozen=True)
class Misfit:
    """A word of an address that does not fit: its name, and why."""

    name: str
    why: str


class NoToken(UserError):
    """No token, or one that opens nothing (any more)."""

    status = 401

    def __init__(self) -> None:
        super().__init__("Send a token that works in the header Authorization: Bearer")


class FactorMissing(UserError):
    """The token's desk demands a second factor, and its person has none."""

    status = 403

    def __init__(self) -> None:
        super().__init__("Sign in and set up a second factor: this desk demands one")


class TooMany(UserError):
    """More requests than are taken; ``seconds``: how long to wait."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__("Come again in %(seconds)s seconds", seconds=seconds)
        self.seconds = seconds


class DoesNotFit(UserError):
    """Words of the address that are not known, or do not fit."""

    status = 422

    def __init__(self, misfits: Sequence[Misfit]) -> None:
        super().__init__("The words of the address do not fit: see errors")
        self.misfits = misfits


def of_error(error: UserError) -> Response:
    """A refusal as a problem."""
    # a word in Thai may be among the values: it stays as it is
    more: dict[str, Any] = {
        "detail": error.message_id % error.values if error.values else error.message_id,
        "detail_th": error.message,
    }
    if isinstance(error, DoesNotFit):
        more["errors"] = [{"name": one.name, "why": one.why} for one in error.misfits]
    answer = of_status(error.status, **more)
    if isinstance(error, NoToken):
        answer.headers["WWW-Authenticate"] = 'Bearer realm="api"'
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def of_http(error: HTTPException) -> Response:
    """What was refused before a view could answer, with the headers that belong to it."""
    answer = of_status(error.code or 500)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def of_status(status: int, **more: Any) -> Response:
    """A problem that its status says all about."""
    known = request_ctx.url_adapter is not None
    said = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "title_th": str(TITLES.get(status, TITLES[400])) if known else "",
        "status": status,
        "request_id": request_id(),
        **more,
    }
    return Response(json.dumps(said, ensure_ascii=False), status=status, mimetype=MEDIA)
