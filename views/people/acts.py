"""What is done with one account: rights given and ended, an activation code, signing out, shutting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.account import Account, Grant, Role
from portal.core import clock, sign_in
from portal.core.access import ROLES, can, requires, the_actor
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.holders import CAPACITIES
from portal.core.lookup import get_or_404
from portal.core.once import apart
from portal.core.sent.versions import read_version, require_version
from portal.core.texts import _
from portal.people import granting, keeping
from portal.people.entry import codes
from portal.people.terms import Terms
from views.people.forms import GrantForm

blueprint = Blueprint("account_acts", __name__, url_prefix="/admin/accounts/<int:account_id>")


@blueprint.route("/rights", methods=["GET", "POST"])
@requires(P.ACCOUNTS_WRITE)
def grants(account_id: int) -> Any:
    """The rights of a person, and one more."""
    account = get_or_404(Account, account_id)
    form = GrantForm()
    if form.validate_on_submit() and (place := form.place()) is not None:
        try:
            asked = give_or_ask(account, form.chosen, place, form.terms())
        except Refused as refused:
            db.session.rollback()
            say(form, refused, otherwise="role")
            account = get_or_404(Account, account_id)
        else:
            flash(_("The right waits for a second officer") if asked else _("The right is given"), "ok")
            return redirect(url_for("account_acts.grants", account_id=account_id))
    now = clock.now()
    rights = [
        (grant, sign_in.place_of(grant), grant.valid_until is None or grant.valid_until > now)
        for grant in account.grants
    ]
    page = render_template(
        "people/grants.html",
        account=account,
        rights=rights,
        form=form,
        roles=ROLES,
        now=now,
        capacities=CAPACITIES,
        asked=[request for request in granting.waiting() if request.account_id == account_id],
        own=the_actor().account_id == account_id,
    )
    return (page, 422) if form.errors else page


def give_or_ask(account: Account, role: Role, place: keeping.Place, terms: Terms) -> bool:
    """Give a right, or ask for one that two officers give; True where it was asked for. Raises Refused."""
    if ROLES[role].second:
        granting.ask(account, role, place, terms, actor=the_actor())
        return True
    keeping.add_grant(account, role, place, terms, actor=the_actor())
    return False


@blueprint.post("/rights/<int:grant_id>/end")
@requires(P.ACCOUNTS_WRITE)
def end_grant(account_id: int, grant_id: int) -> Any:
    """End a right now."""
    grant = get_or_404(Grant, grant_id)
    if grant.account_id != account_id:
        raise NotFound
    keeping.end_grant(grant, actor=the_actor())
    flash(_("The right has ended"), "ok")
    return redirect(url_for("account_acts.grants", account_id=account_id))


@blueprint.get("/code")
@requires(P.CODES_ISSUE)
def code(account_id: int) -> Any:
    """Ask before a code is issued."""
    account = codes.account_or_404(account_id, the_actor())
    if keeping.needs_second(account):
        return _ask(
            account,
            title=_("Ask for an activation code"),
            action=_("Ask for the code"),
            endpoint="account_acts.ask_code",
            consequences=[
                _("This person reads names of third parties or gives rights: two officers issue the code"),
                _("Another officer confirms it, sees the code a single time and gives it to the person"),
            ],
        )
    return _ask(
        account,
        title=_("Issue an activation code"),
        action=_("Issue the code"),
        endpoint="account_acts.issue_code",
        consequences=[
            _("The new code is shown a single time: print it or write it down, and give it to the person"),
            _("A code issued before stops working at once; the code holds for 30 days"),
            _("The password used until now works until the code is used"),
        ],
    )


@blueprint.post("/code")
@requires(P.CODES_ISSUE)
def issue_code(account_id: int) -> Any:
    """Show the code, this once: it is stored hashed."""
    account, code = codes.issue(account_id, actor=the_actor())
    return render_template(
        "people/code.html", account=account, username=account.username, code=code, back=_page_of(account)
    )


@blueprint.post("/code/ask")
@requires(P.ACCOUNTS_WRITE)
def ask_code(account_id: int) -> Any:
    """Ask a second officer for the code of who holds a power right."""
    granting.ask_code(get_or_404(Account, account_id), actor=the_actor())
    flash(_("The code waits for a second officer"), "ok")
    return redirect(url_for("account_acts.grants", account_id=account_id))


@blueprint.route("/second-factor", methods=["GET", "POST"])
@requires(P.ACCOUNTS_WRITE)
def lost_factor(account_id: int) -> Any:
    """Ask a second officer that a lost second factor is taken away."""
    account = get_or_404(Account, account_id)
    if request.method == "POST":
        granting.ask_factor(account, actor=the_actor())
        flash(_("It waits for a second officer; until then the second factor stays"), "ok")
        return redirect(url_for("account_acts.grants", account_id=account_id))
    return _ask(
        account,
        title=_("Lost second factor"),
        action=_("Ask that it is taken away"),
        endpoint="account_acts.lost_factor",
        consequences=[
            _("First make sure, by telephone or in person, that the person who says so is this person"),
            _("Another officer confirms it; then app, passkeys, recovery codes and every session end"),
            _("The password stays: no code and no slip takes a second factor away"),
        ],
    )


@blueprint.get("/sessions")
@requires(P.ACCOUNTS_WRITE)
def sessions(account_id: int) -> Any:
    """Ask before a person is signed out."""
    account = get_or_404(Account, account_id)
    return _ask(
        account,
        title=_("Sign out everywhere"),
        action=_("Sign out everywhere"),
        endpoint="account_acts.end_sessions",
        consequences=[
            _("What the person has typed and not saved is lost"),
            _("Signing in again is possible"),
        ],
    )


@blueprint.post("/sessions")
@requires(P.ACCOUNTS_WRITE)
@apart
def end_sessions(account_id: int) -> Any:
    """Sign a person out everywhere."""
    ended = keeping.end_sessions(account_id)
    flash(_("%(count)s sessions ended", count=ended), "ok")
    return redirect(url_for("accounts.edit_view", id=account_id))


@blueprint.route("/active", methods=["GET", "POST"])
@requires(P.ACCOUNTS_WRITE)
def active(account_id: int) -> Any:
    """Shut an account, or open it again."""
    account = get_or_404(Account, account_id)
    if request.method == "POST":
        # two who press "shut" do not open it again
        require_version(account, read_version(request.form.get("version")))
        keeping.set_active(account, active=not account.active, actor=the_actor())
        flash(_("The account is open") if account.active else _("The account is shut"), "ok")
        return redirect(url_for("accounts.edit_view", id=account_id))
    if account.active:
        words = [_("The person is signed out and cannot sign in"), _("The account can be opened again")]
    else:
        words = [_("The person can sign in again with the rights that still hold")]
    return _ask(
        account,
        title=_("Shut the account") if account.active else _("Open the account"),
        action=_("Shut the account") if account.active else _("Open the account"),
        endpoint="account_acts.active",
        consequences=words,
        danger=account.active,
        fields={"version": account.version},
    )


def _ask(
    account: Account,
    *,
    title: str,
    action: str,
    endpoint: str,
    consequences: list[str],
    danger: bool = False,
    fields: dict[str, Any] | None = None,
) -> Any:
    back = _page_of(account)
    return render_template(
        "confirm.html",
        title=title,
        consequences=[f"{account} ({account.username})", *consequences],
        action_url=url_for(endpoint, account_id=account.id),
        action_label=action,
        back_url=back,
        danger=danger,
        fields=fields or {},
        crumbs=[(_("Users"), url_for("accounts.index_view")), (str(account), back), (title, None)],
    )


def _page_of(account: Account) -> str:
    """Where an account is looked at: on its form by who keeps it, else read only."""
    seen = "accounts.edit_view" if can(the_actor(), P.ACCOUNTS_WRITE) else "accounts.details_view"
    return url_for(seen, id=account.id)
