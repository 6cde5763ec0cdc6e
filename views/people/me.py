"""A person's own page: who one is, rights, sessions, browsers, second factor, last sign-ins."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from portal.core import mail
from portal.core.access import ROLES, Permission, can, signed_in, the_actor
from portal.core.errors import NotFound
from portal.core.forms import AN_EMAIL, DigitsField
from portal.core.holders import CAPACITIES
from portal.core.once import apart
from portal.core.sent.versions import VersionedForm, version_of
from portal.core.texts import _, lazy
from portal.people import own
from portal.people.factors import own_factors

blueprint = Blueprint("me", __name__, url_prefix="/me")

#: words and state of a line of the last sign-ins
SIGN_INS: dict[str, tuple[str, Any]] = {
    "sign_in": ("ok", lazy("Signed in")),
    "sign_in.refused": ("bad", lazy("Wrong password")),
    "sign_in.factor_asked": ("info", lazy("Right password, second factor asked for")),
    "sign_in.factor_refused": ("bad", lazy("Second factor did not fit")),
}
FACTORS: dict[str, Any] = {
    "app": lazy("with the app"),
    "passkey": lazy("with a passkey"),
    "recovery": lazy("with a recovery code"),
}


class OwnForm(VersionedForm):
    """What a person says of themselves."""

    name = StringField(
        lazy("Name and surname"), [InputRequired(lazy("Enter name and surname")), Length(max=160)]
    )
    position = StringField(lazy("Position"), [Length(max=160)])
    phone = DigitsField(lazy("Telephone"), [Length(max=40)])
    email = StringField(lazy("E-mail"), [Optional(), Length(max=200), AN_EMAIL])


@blueprint.get("")
@signed_in
def show() -> Any:
    """Everything about oneself on one page."""
    actor = the_actor()
    me = actor.account_id or 0
    return render_template(
        "people/me/show.html",
        account=own.account(me),
        rights=own.rights(me),
        roles=ROLES,
        capacities=CAPACITIES,
        sessions=own.sessions(me, actor.token),
        factors=own_factors.of(me),
        missing=actor.factor_missing,
        sign_ins=[(one, *SIGN_INS[one.act], FACTORS.get(one.factor, "")) for one in own.last_sign_ins(me)],
        makes_tokens=can(actor, Permission.API_READ),
        proves_email=actor.role is not None and mail.offered(),
    )


@blueprint.route("/edit", methods=["GET", "POST"])
@signed_in
@apart
def edit() -> Any:
    """Change name, position, telephone or e-mail."""
    me = the_actor().account_id or 0
    form = OwnForm(obj=own.account(me))
    if form.validate_on_submit():
        own.change(
            me,
            version_of(form),
            name=form.name.data or "",
            position=form.position.data or "",
            phone=form.phone.data or "",
            email=form.email.data or "",
        )
        flash(_("Your data are saved"), "ok")
        return redirect(url_for("me.show"))
    return render_template("people/me/edit.html", form=form), 422 if form.errors else 200


@blueprint.post("/sessions/end")
@signed_in
@apart
def end_session() -> Any:
    """Sign out one other browser."""
    try:
        own.end_one(the_actor().account_id or 0, request.form.get("session", ""))
    except NotFound:
        flash(_("This browser was signed out already"), "info")
    else:
        flash(_("The browser is signed out"), "ok")
    return redirect(url_for("me.show", _anchor="sessions"))


@blueprint.post("/sessions/end-others")
@signed_in
@apart
def end_others() -> Any:
    """Sign out every other browser."""
    ended = own.end_others(the_actor().account_id or 0, the_actor().token)
    flash(_("%(count)s other browsers are signed out", count=ended), "ok")
    return redirect(url_for("me.show", _anchor="sessions"))


@blueprint.post("/browsers/forget")
@signed_in
@apart
def forget_browsers() -> Any:
    """Every known browser is a stranger again."""
    own.forget_browsers(the_actor().account_id or 0)
    flash(_("Every browser is forgotten: each is known again once you have signed in in it"), "ok")
    return redirect(url_for("me.show", _anchor="browsers"))
