"""Coming in with a slip: its code, for whom and which agency it is, then a password; or joining an agency.

The code goes from page to page in the body of a form, and stands in no address, message, log or record.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from models.phones import AS_TYPED, read_phone
from portal.core import known_browser, sign_in
from portal.core.access import Actor, open_to_all, scope_of, signed_in, the_actor
from portal.core.database.session import db, set_scope
from portal.core.errors import Refused
from portal.core.forms import AN_EMAIL, DigitsField, say
from portal.core.once import apart
from portal.core.texts import _, lazy
from portal.people.accounts import Person
from portal.people.entry import activation
from portal.people.entry.activation import Slip
from views.people.entry.sign_in import SignInForm, blueprint, enter, refusal

__all__ = ["blueprint"]


class CodeForm(FlaskForm):
    """The code of the slip."""

    code = DigitsField(
        lazy("Activation code"), [InputRequired(lazy("Enter the code of your slip")), Length(max=80)]
    )


class WhoForm(FlaskForm):
    """A new password, and who it is from now on."""

    code = HiddenField(validators=[InputRequired(), Length(max=80)])
    name = StringField(
        lazy("Name and surname"), [InputRequired(lazy("Enter name and surname")), Length(max=160)]
    )
    position = StringField(lazy("Position"), [InputRequired(lazy("Enter your position")), Length(max=160)])
    phone = DigitsField(
        lazy("Telephone"), [InputRequired(lazy("Enter a telephone number that reaches you")), Length(max=40)]
    )
    email = StringField(lazy("E-mail"), [Optional(), Length(max=200), AN_EMAIL])
    password = PasswordField(
        lazy("New password"), [InputRequired(lazy("Enter a new password")), Length(max=200)]
    )

    def validate_phone(self, field: StringField) -> None:
        """A number that can be called."""
        if read_phone(str(field.data)).remark == AS_TYPED:
            raise ValidationError(_("Write the number as 08 1234 5678 or 0 2555 0100 ต่อ 12"))


class OwnAccountForm(SignInForm):
    """The account that somebody has already, and the code that brings it another agency."""

    code = HiddenField(validators=[InputRequired(), Length(max=80)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:  # beside the fields of a new account on the same page
            field.id = f"own-{field.id}"


@blueprint.route("/activate", methods=["GET", "POST"])
@open_to_all
def activate() -> Any:
    """The code of a slip: leads on to whom it is for."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form)
    slip = _look(str(form.code.data), form)
    if slip is None or slip.ended:
        return _ended_page(slip) if slip else _code_page(form)
    actor = _signed_in_here()
    if actor is not None and slip.joins and not request.form.get("new"):
        return _join_page(slip, str(form.code.data), actor)
    given = {"code": form.code.data, **vars(slip.person)}
    return _person_page(slip, WhoForm(formdata=None, data=given))


@blueprint.post("/activate/person")
@open_to_all
def activate_person() -> Any:
    """Set the password, note who it is, and come in."""
    form = WhoForm()
    slip = _look(str(form.code.data), form)
    if slip is None or slip.ended:
        return _ended_page(slip) if slip else _came_in_before(form) or _code_page(_code_form(form))
    if form.validate():
        person = Person(*(str(form[name].data or "") for name in ("name", "position", "phone", "email")))
        try:
            token = activation.come_in(str(form.code.data), str(form.password.data), person)
        except Refused as refused:
            if refused.field == "code" and (answer := _came_in_before(form)):
                return answer  # of two sendings at once the other got the code
            say(form, refused)
        else:
            answer = enter(token, _after(slip))
            flash(_("The account is activated"), "ok")  # the new session's: the visitor's was thrown away
            return answer
    return _person_page(slip, form)


@blueprint.post("/activate/sign-in")
@open_to_all
def activate_sign_in() -> Any:
    """Who has an account signs in with it, and is asked whether to add what the code is for."""
    form = OwnAccountForm()
    code = str(form.code.data)
    slip = _look(code, form)
    if slip is None or slip.ended:
        return _ended_page(slip) if slip else _code_page(_code_form(form))
    person = WhoForm(formdata=None, data={"code": code, **vars(slip.person)})
    if not form.validate() or not slip.joins:
        return _person_page(slip, person, form)
    attempt = sign_in.sign_in(
        str(form.username.data),
        str(form.password.data),
        network=request.remote_addr or "",
        known=known_browser.known,
    )
    if not attempt.token:
        form.password.errors = [refusal(attempt)]
        return _person_page(slip, person, form)
    answer = enter(attempt.token, url_for("sign_in.activate"))
    actor = sign_in.actor_of(attempt.token)
    if actor is None:  # a second factor is asked for first; the code is then given once more
        flash(_("When you have signed in, open the address of the slip once more"), "info")
    else:
        answer = current_app.make_response(_join_page(slip, code, actor))
    if attempt.mark:
        known_browser.remember(answer, attempt.mark)
    return answer


@blueprint.post("/activate/join")
@signed_in
@apart
def join() -> Any:
    """Add what the code is for to the account that is signed in."""
    gained = activation.join(request.form.get("code", ""), the_actor().account_id or 0)
    for desk in gained:
        words = {"role": activation.role_words(desk), "place": desk.place}
        flash(_("“%(role)s” (%(place)s) is added to your account: choose the desk to sit at", **words), "ok")
    return redirect(url_for("sign_in.desks"))


def _came_in_before(form: WhoForm) -> Any:
    """The same form, sent a second time: the person is let in as by the first."""
    given = (str(form.code.data), str(form.password.data))
    token = activation.again(*given, network=request.remote_addr or "")
    if token is None:
        return None
    answer = enter(token, None)
    flash(_("The account is activated"), "ok")
    return answer


def _look(code: str, form: FlaskForm) -> Slip | None:
    """For whom a code is; None, with the words at its field, for one that opens nothing."""
    try:
        return activation.look(code, network=request.remote_addr or "")
    except Refused as refused:
        say(form, refused)
        return None


def _code_form(before: FlaskForm) -> CodeForm:
    """The first page's form, with what was wrong with the code on a later one."""
    form = CodeForm()
    form.code.errors = before["code"].errors
    return form


def _signed_in_here() -> Actor | None:
    token = session.get("_user_id")
    return sign_in.actor_of(token) if token else None


def _after(slip: Slip) -> str | None:
    """The agency's contacts are looked through next, where it is an agency's account."""
    return url_for("contacts.review") if any(desk.province for desk in slip.desks) else None


def _code_page(form: FlaskForm) -> Any:
    return render_template("people/sign_in/activate.html", form=form), 422 if form.errors else 200


def _ended_page(slip: Slip) -> Any:
    return render_template("people/sign_in/ended.html", slip=slip), 422


def _person_page(slip: Slip, form: WhoForm, own: OwnAccountForm | None = None) -> Any:
    wrong = form.errors or (own is not None and own.errors)
    page = render_template(
        "people/sign_in/for_whom.html",
        slip=slip,
        form=form,
        own=own or OwnAccountForm(formdata=None),
        own_first=own is not None,
        role_words=activation.role_words,
    )
    return page, 422 if wrong else 200


def _join_page(slip: Slip, code: str, actor: Actor) -> Any:
    """Made at the desk of who has just signed in, so that what it sends is that desk's."""
    g.actor = actor
    g.pop("csrf_token", None)  # of the visitor's session, which may have ended in this very request
    set_scope(db.session(), scope_of(actor))
    return render_template(
        "people/sign_in/join.html", slip=slip, code=code, actor=actor, role_words=activation.role_words
    )
