"""The gate in front of every address: each endpoint has declared who may come in, and is asked here.

An endpoint without a rule stops the application from starting. What a person may not use does not exist for
that person: the answer is "not found", never "forbidden".
"""

from __future__ import annotations

import logging
from typing import Any, Literal

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask_login import LoginManager

from portal.core import sign_in
from portal.core.access import Actor, Permission, can, scope_of
from portal.core.api import tokens
from portal.core.api.path import at_api
from portal.core.database.session import db, set_scope
from portal.core.errors import NotFound, Refused
from portal.core.sent import kept, other_desk, unsent
from portal.core.sent.unsent import BY_SCRIPT
from portal.core.texts import _

log = logging.getLogger(__name__)
Rule = Permission | Literal["open", "signed_in"] | None

login_manager = LoginManager()


def init_app(app: Flask) -> None:
    """Stand in front of every request."""
    app.extensions["access_rules"] = {}
    login_manager.init_app(app)
    login_manager.session_protection = None  # phones change networks; the server ends sessions by itself
    login_manager.user_loader(_actor_of_request)
    app.before_request(ask)
    app.jinja_env.globals["whose_units"] = whose_units


def declare(app: Flask, endpoint: str, rule: Rule) -> None:
    """Say who may use an endpoint whose view function cannot carry the rule itself. None: nobody."""
    app.extensions["access_rules"][endpoint] = rule


def rules_of(app: Flask) -> dict[str, Rule]:
    """The rule of every endpoint. Raises LookupError naming those that declare none."""
    declared: dict[str, Rule] = app.extensions["access_rules"]
    rules: dict[str, Rule] = {}
    missing = []
    for endpoint, view in app.view_functions.items():
        if endpoint in declared:
            rules[endpoint] = declared[endpoint]
        elif hasattr(view, "access_rule"):
            rules[endpoint] = view.access_rule
        elif endpoint == "static" or endpoint.endswith(".static"):
            rules[endpoint] = "open"
        else:
            missing.append(endpoint)
    if missing:
        raise LookupError(f"endpoints without an access rule: {', '.join(sorted(missing))}")
    return rules


def close(app: Flask) -> None:
    """Settle the rules once every door is registered."""
    app.extensions["access_rules"] = rules_of(app)


def _actor_of_request(token: str) -> Actor | None:
    return g.get("actor") or sign_in.actor_of(token)


def ask() -> Any:
    """Who comes, and whether this address exists for them: None to let them in, else the answer."""
    if request.endpoint is None:
        return None
    rule = access_rule(request.endpoint)
    if rule == "open":
        return None
    return _ask_by_token(rule) if at_api() else _ask_by_session(rule)


def _ask_by_session(rule: Rule) -> Any:
    token = session.get("_user_id")
    actor = sign_in.actor_of(token) if token else None
    if actor is None:
        return _to_sign_in(sign_in.ended(token) if token else None)
    if actor.factor_missing and rule != "signed_in":
        return _to_second_factor(actor)
    g.actor = actor
    set_scope(db.session(), scope_of(actor))
    if rule == "signed_in":
        return None
    if request.method == "POST":
        other_desk.settle(actor)
    if actor.role is None:
        return redirect(url_for("sign_in.desks", next=_page_asked_for()))
    if not isinstance(rule, Permission) or not can(actor, rule):
        log.warning("account %s asked for %s, which its desk may not use", actor.account_id, request.endpoint)
        raise NotFound
    if request.method == "GET" and unsent.now_shown() is None:
        kept.recall(_page_asked_for() or "", actor)
    return None


def _ask_by_token(rule: Rule) -> None:
    """Let a person's programme in at the desk of its token; it has no cookie and no page to be led to.

    Raises NoToken, TooMany, FactorMissing, and NotFound where the desk may not read this.
    """
    token = tokens.bearer(request.headers.get("Authorization", ""))
    actor = tokens.actor_of(token, network=request.remote_addr or "")
    g.actor = actor
    set_scope(db.session(), scope_of(actor))
    if not isinstance(rule, Permission) or not (can(actor, rule) and can(actor, Permission.API_READ)):
        raise NotFound


def whose_units() -> str:
    """Whose units are assessed at this desk, as it stands under the portal's name."""
    actor: Actor | None = g.get("actor")
    return (actor.sector_name if actor else "") or _("Local administrative organisations")


def ask_nobody() -> None:
    """From here on the request is a stranger's: a page made while the database is away must not ask it."""
    g.actor = g._login_user = None


def access_rule(endpoint: str) -> Rule:
    """The settled rule of an endpoint."""
    rules: dict[str, Rule] = current_app.extensions["access_rules"]
    return rules[endpoint]


def _to_sign_in(ended: sign_in.Ended | None) -> Any:
    """The sign-in page, which leads back. What a form brought after the session's end is kept."""
    session.pop("_user_id", None)
    page, sent = _page_asked_for(), request.method == "POST" and ended is not None
    if ended is not None:
        flash(ended.message, "info")
    if ended is not None and sent:
        if unsent.stays_on_page() and request.headers.get(BY_SCRIPT):
            return "", 401  # send.js keeps the page as it is, and says so
        flash(_keep(ended, page), "warn")
    if request.headers.get("HX-Request"):
        # the sign-in page is no part of a page: the whole one is asked for anew, and led there
        return "", 204, {"HX-Refresh": "true"}
    target = url_for("sign_in.form", next=page)
    return redirect(target)


def _to_second_factor(actor: Actor) -> Any:
    """Where a second factor is set up, before anything else is done at this desk; it leads back.

    Raises Refused where what was typed could not be kept: its page stays as it is.
    """
    page = _page_asked_for()
    if request.method == "POST":
        if unsent.stays_on_page():
            raise Refused("This desk demands a second factor now: set it up in another tab, then press again")
        fields = unsent.sent_fields()
        if page is not None and unsent.something_typed(fields):
            kept.keep(actor.account_id or 0, actor.grant_id or 0, page, fields)
            flash(
                _("What you typed is kept: set up the second factor, read it once more and send it"), "warn"
            )
    return redirect(url_for("second_factor.show", next=page))


def _keep(ended: sign_in.Ended, page: str | None) -> str:
    """Keep what was typed, where it may be; gives the words that say what has come of it."""
    fields = unsent.sent_fields()
    if page is None or not unsent.something_typed(fields):
        return _("What you pressed last was not done: sign in and press it once more")
    if request.endpoint in unsent.NOT_KEPT or ended.grant_id is None:
        return _("What you entered was not sent and is never kept by the system: enter it once more")
    kept.keep(ended.account_id, ended.grant_id, page, fields)
    return _("What you typed was not sent yet: sign in, read it once more and send it")


def _page_asked_for() -> str | None:
    """The page to come back to: the one asked for, or the one on which the form that was sent stands."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return unsent.page_of(str(request.endpoint), request.view_args or {})
