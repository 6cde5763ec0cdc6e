"""The second step of signing in: a number of the app, a passkey, or a recovery code."""

from __future__ import annotations

from math import ceil
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from portal.core import known_browser
from portal.core.access import open_to_all
from portal.core.errors import NotFound
from portal.core.forms import DigitsField
from portal.core.sessions import PENDING as WAITS_FOR
from portal.core.sign_in import Attempt
from portal.core.texts import _, lazy
from portal.people.factors import second_step
from portal.people.factors.passkeys import LONGEST, Site
from portal.people.factors.second_step import Waiting
from views.people.entry.sign_in import PENDING, enter

blueprint = Blueprint("second_step", __name__, url_prefix="/sign-in/second")


class DeviceField(TextAreaField):
    """What a person's device made or signed, filled in by passkeys.js: longer than a line that is typed."""

    widget = HiddenInput()


class SecondForm(FlaskForm):
    """What is shown beside the password: typed, or signed by a passkey (its script fills that in)."""

    code = DigitsField(lazy("Code of the app, or a recovery code"), [Length(max=40)])
    passkey = DeviceField(validators=[Length(max=LONGEST)])


@blueprint.route("", methods=["GET", "POST"])
@open_to_all
def form() -> Any:
    """Show the second factor; then on to the page that was asked for."""
    waiting = second_step.find(_token())
    if waiting is None:
        return _from_the_beginning()
    page = SecondForm()
    if page.validate_on_submit():
        attempt = _shown(page)
        if attempt is None:
            return _from_the_beginning()
        if attempt.token and attempt.mark:
            answer = enter(attempt.token, request.args.get("next"))
            known_browser.remember(answer, attempt.mark)
            return answer
        page.code.errors = [_refusal(page, ceil(attempt.wait.total_seconds()))]
        page.code.data, page.code.raw_data = "", None
    return _page(page, waiting)


@blueprint.post("/passkey")
@open_to_all
def passkey() -> Any:
    """What the browser's passkey is to sign, for its script."""
    asked = second_step.ask_to_sign(_token(), here())
    if asked is None:
        raise NotFound
    return jsonify(asked)


@blueprint.post("/again")
@open_to_all
def leave() -> Any:
    """Begin signing in once more, perhaps as somebody else."""
    session.pop(PENDING, None)
    return redirect(url_for("sign_in.form"))


def here() -> Site:
    """The address at which this browser sees the portal."""
    return Site(request.host_url.rstrip("/"))


def _shown(page: SecondForm) -> Attempt | None:
    network = request.remote_addr or ""
    if page.passkey.data:
        return second_step.with_passkey(_token(), str(page.passkey.data), network=network, site=here())
    return second_step.with_code(_token(), str(page.code.data or ""), network=network)


def _token() -> str:
    return str(session.get(PENDING, ""))


def _page(page: SecondForm, waiting: Waiting) -> Any:
    site = here()
    keys_here = any(key.host == site.host for key in waiting.factors.keys) and site.takes_passkeys
    shown = render_template(
        "people/sign_in/second.html", form=page, waiting=waiting, keys_here=keys_here, site=site
    )
    return shown, 422 if page.errors else 200


def _from_the_beginning() -> Any:
    if session.pop(PENDING, None):
        minutes = int(WAITS_FOR.total_seconds() // 60)
        text = _(
            "The second step waits for %(minutes)s minutes: enter the password once more", minutes=minutes
        )
        flash(text, "info")
    return redirect(url_for("sign_in.form", next=request.args.get("next")))


def _refusal(page: SecondForm, seconds: int) -> str:
    if page.passkey.data:
        return str(_("The passkey did not fit: press the button once more, or type a code"))
    text: str = _(
        "The code does not fit: take the one that the app shows now, or a recovery code not used yet"
    )
    if seconds > 0:
        text += " " + _("Try again in %(seconds)s seconds", seconds=seconds)
    return text
