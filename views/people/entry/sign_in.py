"""Signing in and out, choosing a desk, changing the password."""

from __future__ import annotations

from math import ceil
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from portal.core import clock, known_browser, sign_in
from portal.core.access import ROLES, open_to_all, signed_in, the_actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import DigitsField, say
from portal.core.holders import CAPACITIES
from portal.core.once import apart
from portal.core.sent import kept
from portal.core.sign_in import Attempt
from portal.core.texts import _, lazy
from portal.people import own
from portal.people.entry import own_password
from portal.people.factors import second_step

blueprint = Blueprint("sign_in", __name__)
#: where the browser keeps the token of a session that waits for its second factor
PENDING = "second_step"


class SignInForm(FlaskForm):
    """Name and password."""

    username = DigitsField(lazy("User name"), [InputRequired(lazy("Enter the user name")), Length(max=80)])
    password = PasswordField(lazy("Password"), [InputRequired(lazy("Enter the password")), Length(max=200)])


class PasswordForm(FlaskForm):
    """The present password and a new one."""

    old = PasswordField(lazy("Present password"), [InputRequired(lazy("Enter the present password"))])
    new = PasswordField(lazy("New password"), [InputRequired(lazy("Enter a new password")), Length(max=200)])


@blueprint.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def form() -> Any:
    """Sign in; afterwards back to the page that was asked for."""
    page = SignInForm()
    if page.validate_on_submit():
        attempt = sign_in.sign_in(
            str(page.username.data),
            str(page.password.data),
            network=request.remote_addr or "",
            known=known_browser.known,
        )
        if attempt.token:
            answer = enter(attempt.token, request.args.get("next"))
            if attempt.mark:
                known_browser.remember(answer, attempt.mark)
            return answer
        page.password.errors = [refusal(attempt)]
    return _page("people/sign_in/form.html", page)


@blueprint.post("/sign-out")
@signed_in
def leave() -> Any:
    """End the session, here and on the server."""
    sign_in.end_session(the_actor().token)
    session.clear()
    flash(_("You have signed out"), "ok")
    return redirect(url_for("sign_in.form"))


@blueprint.route("/desks", methods=["GET", "POST"])
@signed_in
def desks() -> Any:
    """Choose the desk to sit at, for a person with several grants."""
    actor = the_actor()
    if request.method == "POST":
        if not sign_in.choose_desk(actor.token, request.form.get("grant", 0, int)):
            raise NotFound
        return redirect(own_page(request.args.get("next")) or url_for("home.index"))
    me, now = actor.account_id or 0, clock.now()
    return render_template(
        "people/sign_in/desks.html",
        grants=[(grant, sign_in.place_of(grant)) for grant in sign_in.grants_of(me)],
        coming=[
            right
            for right in own.rights(me)
            if right.valid_from > now and (right.valid_until is None or right.valid_until > now)
        ],
        roles=ROLES,
        capacities=CAPACITIES,
    )


@blueprint.route("/password", methods=["GET", "POST"])
@signed_in
@apart
def password() -> Any:
    """Change one's own password."""
    page = PasswordForm()
    actor = the_actor()
    if page.validate_on_submit():
        try:
            own_password.change_password(
                actor.account_id or 0, str(page.old.data), str(page.new.data), token=actor.token
            )
        except Refused as refused:
            say(page, refused)
        else:
            flash(_("The password is changed"), "ok")
            return redirect(url_for("home.index"))
    return _page("people/sign_in/password.html", page)


def _page(template: str, form: FlaskForm) -> Any:
    return render_template(template, form=form), 422 if form.errors else 200


def enter(token: str, target: str | None) -> Any:
    """Begin the browser's session with this token and lead on: to ``target`` of this site, else home.

    Where the second factor is waited for, nobody is signed in yet, and its page comes first.
    """
    waiting = kept.addresses()
    session.clear()  # nothing of the visitor before goes on, but the keys of forms that wait for their person
    kept.carry_over(waiting)
    page = own_page(target)
    if second_step.waits(token):
        session[PENDING] = token
        return redirect(url_for("second_step.form", next=page))
    session["_user_id"] = token
    session["_fresh"] = True
    sign_in.take_desk_again(token, lambda account_id: kept.desk_of(page or "", account_id))
    return redirect(page or url_for("home.index"))


def own_page(target: str | None) -> str | None:
    """The page asked for, where it is one of this site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return target if not parts.netloc and not parts.scheme else None


def refusal(attempt: Attempt) -> str:
    """Why nobody came in, and how long to wait before the next attempt."""
    text: str = _("The user name or the password does not fit")
    seconds = ceil(attempt.wait.total_seconds())
    if seconds > 0:
        text += " " + _("Try again in %(seconds)s seconds", seconds=seconds)
    return text
