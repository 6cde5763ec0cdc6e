"""A person's own second factors: an app set up by QR, passkeys, recovery codes; each added and taken away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.core import browsers
from portal.core.access import signed_in, the_actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import DigitsField, say
from portal.core.once import apart
from portal.core.texts import _, lazy
from portal.people.factors import own_factors, passkeys, recovery, totp
from reports.qr import qr_svg
from views.people.entry.second_step import DeviceField, here
from views.people.entry.sign_in import own_page

blueprint = Blueprint("second_factor", __name__, url_prefix="/me/second-factor")
#: the page to go on to once a second factor is there, for whom one is demanded of
_NEXT = "after_factor"


class ProofForm(FlaskForm):
    """The password once more."""

    password = PasswordField(lazy("Password"), [Length(max=200)])


class AppForm(FlaskForm):
    """The first number of an app."""

    code = DigitsField(
        lazy("The 6 digits that the app shows now"),
        [InputRequired(lazy("Enter the 6 digits of the app")), Length(max=20)],
    )


class PasskeyForm(ProofForm):
    """A passkey by a name of the person's own; its script fills in what the device made."""

    name = StringField(
        lazy("Name of the passkey"),
        [InputRequired(lazy("Give the passkey a name, such as “my phone”")), Length(max=80)],
    )
    passkey = DeviceField(validators=[Length(max=passkeys.LONGEST)])


@blueprint.get("")
@signed_in
def show() -> Any:
    """What there is, and what to do next."""
    asked_for = own_page(request.args.get("next"))
    if asked_for:
        session[_NEXT] = asked_for
    actor = the_actor()
    factors = own_factors.of(_me())
    return render_template(
        "people/me/second_factor.html",
        factors=factors,
        missing=actor.factor_missing,
        site=here(),
        go_on=session.get(_NEXT) if factors.any else None,
    )


@blueprint.route("/app", methods=["GET", "POST"])
@signed_in
@apart
def app() -> Any:
    """Scan the QR code, and type the first number."""
    if own_factors.of(_me()).app_since is not None:
        return redirect(url_for("second_factor.show"))
    page = AppForm()
    if page.validate_on_submit():
        try:
            totp.confirm(_me(), str(page.code.data))
        except Refused as refused:
            say(page, refused)
        else:
            flash(_("The app is set up: from now on its number is asked for after the password"), "ok")
            return _to_the_codes()
    return _app_page(page, ProofForm(formdata=None))


@blueprint.post("/app/begin")
@signed_in
@apart
def begin_app() -> Any:
    """Make the secret that the QR code shows."""
    page = ProofForm()
    if own_factors.proof_needed(_me(), the_actor().token) and not _proved(page):
        return _app_page(AppForm(formdata=None), page)
    totp.begin(_me())
    return redirect(url_for("second_factor.app"))


def _app_page(page: AppForm, proof: ProofForm) -> Any:
    shown = totp.shown(_me())
    code = qr_svg(shown.address, title=_("QR code for the app")) if shown else ""
    needed = own_factors.proof_needed(_me(), the_actor().token)
    text = render_template(
        "people/me/app.html", form=page, proof=proof, shown=shown, code=code, needed=needed
    )
    return text, 422 if page.errors or proof.errors else 200


@blueprint.route("/app/remove", methods=["GET", "POST"])
@signed_in
@apart
def remove_app() -> Any:
    """Take the app away, with the password."""
    factors = own_factors.of(_me())
    if factors.app_since is None:
        return redirect(url_for("second_factor.show"))
    page = ProofForm()
    if page.validate_on_submit() and _proved(page):
        own_factors.remove_app(_me())
        flash(_("The app is taken away: its numbers do not work any more"), "ok")
        return redirect(url_for("second_factor.show"))
    return _remove(page, _("Take the app away"), last=factors.count == 1)


@blueprint.route("/passkeys/new", methods=["GET", "POST"])
@signed_in
@apart
def passkey() -> Any:
    """Add a passkey."""
    page = PasskeyForm(name=browsers.short_name(request.user_agent.string))
    needed = own_factors.proof_needed(_me(), the_actor().token)
    if page.validate_on_submit() and (not needed or _proved(page)):
        try:
            _add(page)
        except Refused as refused:
            say(page, refused, otherwise="name")
        else:
            flash(_("The passkey is added"), "ok")
            return _to_the_codes()
    text = render_template("people/me/passkey.html", form=page, site=here(), needed=needed)
    return text, 422 if page.errors else 200


def _add(page: PasskeyForm) -> None:
    if not page.passkey.data:
        raise Refused("Your browser made no passkey: it needs JavaScript, and a device that can make one")
    passkeys.add(the_actor().token, _me(), str(page.name.data), str(page.passkey.data), here())


@blueprint.post("/passkeys/options")
@signed_in
@apart
def passkey_options() -> Any:
    """What the browser needs to make a passkey, for its script."""
    if not here().takes_passkeys:
        raise NotFound
    return jsonify(passkeys.ask_to_make(the_actor().token, _me(), here()))


@blueprint.route("/passkeys/<int:passkey_id>/remove", methods=["GET", "POST"])
@signed_in
@apart
def remove_passkey(passkey_id: int) -> Any:
    """Take a passkey away, with the password."""
    factors = own_factors.of(_me())
    key = next((key for key in factors.keys if key.id == passkey_id), None)
    if key is None:
        raise NotFound
    page = ProofForm()
    if page.validate_on_submit() and _proved(page):
        own_factors.remove_passkey(_me(), passkey_id)
        flash(_("The passkey “%(name)s” is taken away", name=key.name), "ok")
        return redirect(url_for("second_factor.show"))
    return _remove(page, _("Take the passkey “%(name)s” away", name=key.name), last=factors.count == 1)


@blueprint.route("/codes", methods=["GET", "POST"])
@signed_in
@apart
def codes() -> Any:
    """Ten recovery codes, shown this once: they are stored hashed."""
    factors = own_factors.of(_me())
    if not factors.any:
        return redirect(url_for("second_factor.show"))
    page = ProofForm()
    needed = own_factors.proof_needed(_me(), the_actor().token)
    made: list[str] = []
    if page.validate_on_submit() and (not needed or _proved(page)):
        made = recovery.make(_me())
    text = render_template(
        "people/me/codes.html",
        form=page,
        factors=factors,
        codes=made,
        needed=needed,
        go_on=session.get(_NEXT) or url_for("home.index"),
    )
    return text, 422 if page.errors else 200


def _me() -> int:
    return the_actor().account_id or 0


def _proved(page: ProofForm) -> bool:
    """True where the password fits; else the field says why not."""
    try:
        own_factors.prove(_me(), str(page.password.data or ""))
    except Refused as refused:
        say(page, refused)
        return False
    return True


def _to_the_codes() -> Any:
    """On to recovery codes where there are none: a lost phone would lock its person out."""
    left = own_factors.of(_me()).codes_left
    return redirect(url_for("second_factor.show" if left else "second_factor.codes"))


def _remove(page: ProofForm, title: str, *, last: bool) -> Any:
    shown = render_template("people/me/remove.html", form=page, title=title, last=last)
    return shown, 422 if page.errors else 200
