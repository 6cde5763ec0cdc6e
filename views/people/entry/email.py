"""One's own e-mail address: entered, and proved by a mail.

A forgotten password is set anew by it, so the present one is asked for first: else whoever finds a browser
signed in takes the account along.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.core import mail
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.once import apart
from portal.core.texts import _, lazy
from portal.people.entry import own_email
from portal.people.factors import own_factors
from views.people.forms import AN_EMAIL

blueprint = Blueprint("own_email", __name__)


class EmailForm(FlaskForm):
    """The address, and the password once more."""

    email = StringField(
        lazy("E-mail"), [InputRequired(lazy("Enter your e-mail address")), Length(max=200), AN_EMAIL]
    )
    password = PasswordField(
        lazy("Present password"), [InputRequired(lazy("Enter the present password")), Length(max=200)]
    )


@blueprint.route("/me/email", methods=["GET", "POST"])
@requires(P.HOME_READ)
@apart
def show() -> Any:
    """The address as it stands; a form that sends a mail to it."""
    if not mail.offered():
        raise NotFound
    account_id = the_actor().account_id or 0
    state = own_email.state(account_id)
    form = EmailForm(data={"email": state.address})
    if form.validate_on_submit():
        try:
            own_factors.prove(account_id, str(form.password.data))
            own_email.ask(account_id, str(form.email.data))
        except Refused as refused:
            say(form, refused)
        else:
            flash(_("A mail is on its way: open the address in it to prove yours"), "ok")
            return redirect(url_for("own_email.show"))
    page = render_template("people/email.html", form=form, state=state, into_files=mail.into_files())
    return page, 422 if form.errors else 200
