"""What the back office decides about accounts: who makes them, whom people call, and second factors."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from portal.core.access import ROLES, requires
from portal.core.access import Permission as P
from portal.core.forms import CheckboxListField, DigitsField
from portal.core.sent.versions import VersionedForm, version_of
from portal.core.texts import _, lazy
from portal.people import settings

blueprint = Blueprint("people_settings", __name__)


class PeopleForm(VersionedForm):
    """The settings of accounts."""

    provinces_make_accounts = BooleanField(
        lazy("Provinces make the accounts of their own agencies"),
        description=lazy("Else the back office makes them all; provinces issue codes in both cases"),
    )
    help_name = StringField(
        lazy("Whom to call"),
        [Length(max=160)],
        description=lazy("Printed on slips and said on the sign-in page where a province has no contact"),
    )
    help_phone = DigitsField(lazy("Telephone"), [Length(max=120)])
    factor_roles = CheckboxListField(
        lazy("A second factor is demanded of"),
        choices=[(role.value, ROLES[role].label) for role in settings.FACTOR_ROLES],
        description=lazy("It is offered to everybody; of these it is demanded at the next sign-in"),
    )


@blueprint.route("/admin/people/settings", methods=["GET", "POST"])
@requires(P.ACCOUNTS_WRITE)
def edit() -> Any:
    """Look at the settings, and save them."""
    kept = settings.current()
    names = ("provinces_make_accounts", "help_name", "help_phone", "factor_roles")
    form = PeopleForm(
        data={**{name: getattr(kept, name) for name in names}, "version": str(kept.version or 0)}
    )
    if form.validate_on_submit():
        settings.save(
            provinces_make_accounts=bool(form.provinces_make_accounts.data),
            factor_roles=list(form.factor_roles.data or []),
            help_name=(form.help_name.data or "").strip(),
            help_phone=(form.help_phone.data or "").strip(),
            seen_version=version_of(form),
        )
        flash(_("Saved"), "ok")
        return redirect(url_for("people_settings.edit"))
    page = render_template("people/bulk/settings.html", form=form)
    return page, 422 if form.errors else 200
