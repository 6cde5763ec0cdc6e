"""Tokens of programmes: a person's own, made and ended; those of all, ended by an office; how they read."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from portal.core.access import ROLES, can, requires, the_actor
from portal.core.access import Permission as P
from portal.core.api.document import document
from portal.core.api.operations import operations
from portal.core.downloads import attachment
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.once import apart
from portal.core.texts import _, lazy
from portal.people import tokens
from portal.people.factors import own_factors
from views.frame.paging import paged

blueprint = Blueprint("api_tokens", __name__)
PAGE = 50


class TokenForm(FlaskForm):
    """A token by a name of the person's own, for one own desk and a time, with the password once more."""

    name = StringField(
        lazy("What reads with it"),
        [InputRequired(lazy("Give it a name, such as “dashboard of the province”")), Length(max=80)],
    )
    desk = SelectField(lazy("Desk"), coerce=int)
    days = SelectField(lazy("Works for"), coerce=int)
    password = PasswordField(lazy("Password"), [Length(max=200)])


@blueprint.get("/me/tokens")
@requires(P.API_READ)
def index() -> Any:
    """The own tokens."""
    return render_template("people/tokens/own.html", tokens=tokens.own(_me()), roles=ROLES, most=tokens.MOST)


@blueprint.route("/me/tokens/new", methods=["GET", "POST"])
@requires(P.API_READ)
@apart
def new() -> Any:
    """Make a token; its page shows it this once."""
    page = TokenForm(desk=the_actor().grant_id, days=tokens.TERMS[1])
    page.desk.choices = tokens.desks(_me())
    page.days.choices = [(days, _("%(days)s days", days=days)) for days in tokens.TERMS]
    if page.validate_on_submit():
        try:
            own_factors.prove(_me(), str(page.password.data or ""))
            made = tokens.make(_me(), page.desk.data, name=str(page.name.data), days=page.days.data)
        except Refused as refused:
            say(page, refused, otherwise="name")
        else:
            return render_template("people/tokens/made.html", made=made, name=page.name.data)
    return render_template("people/tokens/new.html", form=page), 422 if page.errors else 200


@blueprint.post("/me/tokens/<int:token_id>/end")
@requires(P.API_READ)
@apart
def end(token_id: int) -> Any:
    """End an own token."""
    try:
        tokens.end_own(_me(), token_id)
    except NotFound:
        flash(_("This token was ended already"), "info")
    else:
        flash(_("The token is ended: what read with it reads nothing any more"), "ok")
    return redirect(url_for("api_tokens.index"))


@blueprint.get("/me/tokens/guide")
@requires(P.API_READ)
def guide() -> Any:
    """How programmes read the figures, with what there is to read at this desk."""
    served = [one for one in operations(current_app).values() if can(the_actor(), one.permission)]
    return render_template(
        "people/tokens/guide.html",
        operations=sorted(served, key=lambda one: one.path),
        host=request.host_url.rstrip("/"),
    )


@blueprint.get("/me/tokens/openapi.json")
@requires(P.API_READ)
def description() -> Any:
    """The description of the API as a file, for who sets a programme up."""
    text = json.dumps(document(current_app), ensure_ascii=False, indent=1)
    return attachment(text, "application/json", "openapi.json", plain="openapi")


@blueprint.get("/admin/tokens")
@requires(P.API_TOKENS_END)
def of_all() -> Any:
    """The living tokens of everybody, the last used first, looked for by name and place."""
    search = request.args.get("q", "").strip()
    found = [one for one in tokens.others(the_actor()) if one.has(search)]
    return render_template(
        "people/tokens/all.html",
        rows=paged(found, PAGE, "api_tokens.of_all", q=search or None),
        search=search,
        roles=ROLES,
    )


@blueprint.post("/admin/tokens/<int:token_id>/end")
@requires(P.API_TOKENS_END)
@apart
def end_another(token_id: int) -> Any:
    """End a token of somebody."""
    try:
        tokens.end_another(the_actor(), token_id)
    except NotFound:
        flash(_("This token was ended already"), "info")
    else:
        flash(_("The token is ended: what read with it reads nothing any more"), "ok")
    return redirect(url_for("api_tokens.of_all"))


def _me() -> int:
    return the_actor().account_id or 0
