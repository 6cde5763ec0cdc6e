"""The page that a form was sent from: the desk it was made for, and a value of its own.

Each form of a signed-in page carries both in one hidden field beside its token (``ui.hidden_csrf``, and the
token field of every Flask-WTF form). The gate refuses a form of another desk (other_desk.py); ``once``
answers a repeated sending with the answer of the first.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, get_template_attribute, request
from flask_wtf import FlaskForm

from portal.core.access import current_actor
from portal.core.sent import unsent

FIELD = "sent_from"
_WRITTEN = re.compile(r"(\d{1,10})\.([A-Za-z0-9_-]{20,40})")


@dataclass(frozen=True)
class Page:
    """What a form says of its page: the grant that it was made for, and the page's one-time value."""

    grant_id: int
    value: str


def init_app(app: Flask) -> None:
    """Put the field beside every form token."""
    app.jinja_env.globals["sent_from"] = value
    FlaskForm.Meta.render_field = _beside_the_token


def value() -> str:
    """What the forms of this request's page carry; "" for a stranger's page.

    A form that is shown again carries what it carried: it may have been done, and only its answer got lost.
    """
    actor = current_actor()
    if actor is None:
        return ""
    if "sent_from" not in g:
        desk = f"{actor.grant_id or 0}."
        shown = unsent.now_shown()
        before = shown.data.get(FIELD, "") if shown else ""
        own = before.startswith(desk) and _WRITTEN.fullmatch(before)
        g.sent_from = before if own else desk + secrets.token_urlsafe(15)
    return str(g.sent_from)


def read() -> Page | None:
    """What the form of this request says of its page; None where it says nothing that can be read."""
    match = _WRITTEN.fullmatch(request.form.get(FIELD, ""))
    return Page(int(match[1]), match[2]) if match else None


_render: Any = FlaskForm.Meta.render_field


def _beside_the_token(meta: Any, field: Any, render_kw: Any) -> Any:
    drawn = _render(meta, field, render_kw)
    if field.type != "CSRFTokenField":
        return drawn
    return drawn + get_template_attribute("ui.html", "page_field")()
