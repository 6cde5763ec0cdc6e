"""A forgotten password: asked for on the sign-in page, set anew with the code of a mail; addresses proved.

What is said after asking is the same for everybody: it names both ways, and whom to call.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField
from wtforms.validators import InputRequired, Length, ValidationError

from models.onboarding import MailPurpose
from models.phones import AS_TYPED, read_phone
from portal.core import mail
from portal.core.access import open_to_all
from portal.core.errors import Refused
from portal.core.forms import DigitsField, say
from portal.core.texts import _, lazy
from portal.people import calling
from portal.people.entry import guessing, lost, own_password
from views.people.entry.sign_in import enter

blueprint = Blueprint("forgotten", __name__)


class ForgottenForm(FlaskForm):
    """Whose password, where to call back, and which province helps."""

    username = DigitsField(lazy("User name"), [InputRequired(lazy("Enter the user name")), Length(max=80)])
    phone = DigitsField(
        lazy("Telephone to call you back"),
        [InputRequired(lazy("Enter a telephone number that reaches you")), Length(max=120)],
    )
    province = SelectField(lazy("Your province"), [InputRequired(lazy("Choose your province"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.province.choices = [
            ("", "–"),
            *((str(key), name) for key, name in calling.provinces()),
            ("0", _("None: I work for an office of the whole country")),
        ]

    def validate_phone(self, field: Any) -> None:
        """A number that can be called."""
        if read_phone(str(field.data)).remark == AS_TYPED:
            raise ValidationError(_("Write the number as 08 1234 5678 or 0 2555 0100 ต่อ 12"))


class ResetForm(FlaskForm):
    """The code of the mail and a new password."""

    code = DigitsField(
        lazy("Code of the mail"), [InputRequired(lazy("Enter the code of the mail")), Length(max=80)]
    )
    password = PasswordField(
        lazy("New password"), [InputRequired(lazy("Enter a new password")), Length(max=200)]
    )


class ProveForm(FlaskForm):
    """The code of the mail."""

    code = DigitsField(
        lazy("Code of the mail"), [InputRequired(lazy("Enter the code of the mail")), Length(max=80)]
    )


@blueprint.route("/forgot", methods=["GET", "POST"])
@open_to_all
def ask() -> Any:
    """Say which password was forgotten."""
    form = ForgottenForm()
    if form.validate_on_submit():
        wait = lost.ask(
            str(form.username.data), phone=str(form.phone.data), network=request.remote_addr or ""
        )
        if not wait:
            return redirect(url_for("forgotten.heard", province=form.province.data))
        form.username.errors = [
            _("This was asked for several times: try again in %(minutes)s minutes", minutes=_minutes(wait))
        ]
    page = render_template("people/sign_in/forgotten.html", form=form, mail_offered=mail.offered())
    return page, 422 if form.errors else 200


def _minutes(wait: Any) -> int:
    return ceil(wait.total_seconds() / 60)


@blueprint.get("/forgot/heard")
@open_to_all
def heard() -> Any:
    """What happens now, and whom to call; the same whoever asked for whatever name."""
    province_id = request.args.get("province", 0, int)
    return render_template(
        "people/sign_in/heard.html",
        calls=calling.of_province(province_id),
        mail_offered=mail.offered(),
        into_files=mail.into_files(),
    )


@blueprint.route("/reset", methods=["GET", "POST"])
@open_to_all
def reset() -> Any:
    """Set a new password with the code of a mail, and come in."""
    form = ResetForm()
    if form.validate_on_submit():
        try:
            _look_up(str(form.code.data), MailPurpose.RESET)
            token = own_password.reset(str(form.code.data), str(form.password.data))
        except Refused as refused:
            say(form, refused)
        else:
            answer = enter(token, None)
            flash(_("The password is changed"), "ok")
            return answer
    page = render_template("people/sign_in/reset.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/prove", methods=["GET", "POST"])
@open_to_all
def prove() -> Any:
    """The code of a mail shows that its address reaches the person; nobody need be signed in."""
    form = ProveForm()
    if form.validate_on_submit():
        try:
            _look_up(str(form.code.data), MailPurpose.PROVE)
            own_password.prove(str(form.code.data))
        except Refused as refused:
            say(form, refused)
        else:
            flash(_("The e-mail address is proved"), "ok")
            return redirect(url_for("home.index"))
    page = render_template("people/sign_in/prove.html", form=form)
    return page, 422 if form.errors else 200


def _look_up(code: str, purpose: MailPurpose) -> None:
    """Count a wrong code against its network. Raises Refused."""
    opens = guessing.look_up(
        request.remote_addr or "", lambda session: own_password.opens(session, code, purpose)
    )
    if opens is None:
        raise own_password.not_of_a_mail()
