"""The end of a session as its person sees it: how long it lasts, staying, and letting go of a kept form."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, request, session, url_for
from flask_wtf.csrf import generate_csrf

from portal.core import sign_in
from portal.core.access import current_actor, open_to_all, signed_in, the_actor
from portal.core.sent import kept
from portal.core.texts import _

blueprint = Blueprint("session", __name__)
#: the warning comes so many seconds before the end
WARN_SECONDS = 5 * 60


@blueprint.get("/session")
@open_to_all
def left() -> Any:
    """How many seconds the session has left, whose it is, and its form token; asking is no use."""
    token = session.get("_user_id", "")
    span = sign_in.span_of(token) if token else None
    if span is None:
        return {"left": 0, "last": 0, "desk": "", "token": ""}
    return {"left": span.left, "last": span.last, "desk": span.desk, "token": generate_csrf()}


@blueprint.post("/session/stay")
@signed_in
def stay() -> Any:
    """The person is still there."""
    sign_in.stay(the_actor().token)
    return left()


@blueprint.post("/session/kept/discard")
@signed_in
def discard() -> Any:
    """The person does not want what was kept."""
    address = request.form.get("address", "")
    kept.erase(address)
    flash(_("What was kept is erased"), "ok")
    parts = urlsplit(address)
    here = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc
    return redirect(address if here else url_for("home.index"))


def context() -> dict[str, Any]:
    """What every framed page says of its session to session.js and send.js."""
    actor = current_actor()
    return {"session_span": actor.span if actor else None, "session_warn": WARN_SECONDS}
