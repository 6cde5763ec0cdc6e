"""What a person may do, from the policy page itself (portal/core/access.py): nothing is written twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for

from models.account import Account, Grant, Role
from portal.core import clock, sign_in
from portal.core.access import (
    GRANTS,
    ROLES,
    SEPARATED,
    RoleRule,
    Separation,
    can,
    requires,
    signed_in,
    the_actor,
)
from portal.core.access import Permission as P
from portal.core.holders import CAPACITIES
from portal.core.lookup import get_or_404
from portal.core.scopes import Reach
from portal.core.texts import _
from views.people.policy_words import PARTS, WORDS

blueprint = Blueprint("policy", __name__)


@dataclass(frozen=True)
class Rule:
    """One role as a page tells it."""

    label: Any
    may: tuple[Any, ...]
    #: (what it is about, the answer in words)
    facts: tuple[tuple[Any, str], ...]
    apart: tuple[Any, ...]


@blueprint.get("/me/may")
@signed_in
def own() -> Any:
    """What oneself may do, right by right."""
    grants = sign_in.grants_of(the_actor().account_id or 0)
    crumbs = [(_("My data"), url_for("me.show")), (_("What I may do"), None)]
    return _page(_("What I may do"), "", grants, crumbs)


@blueprint.get("/admin/accounts/<int:account_id>/may")
@requires(P.ACCOUNTS_READ)
def of_account(account_id: int) -> Any:
    """What somebody else may do."""
    account = get_or_404(Account, account_id)
    now = clock.now()
    living = [grant for grant in account.grants if grant.valid_until is None or grant.valid_until > now]
    back = url_for(
        "accounts.edit_view" if can(the_actor(), P.ACCOUNTS_WRITE) else "accounts.details_view",
        id=account.id,
    )
    crumbs = [
        (_("Users"), url_for("accounts.index_view")),
        (str(account), back),
        (_("What the person may do"), None),
    ]
    return _page(_("What the person may do"), str(account), living, crumbs)


@blueprint.get("/policy/<any(agency_admin, executive, province, assessor, interviewer, dla, nacc):role>")
@signed_in
def of_role(role: str) -> Any:
    """What a role lets anybody do."""
    one = Role(role)
    return render_template(
        "people/policy/role.html", rule=rule_of(one), whole=can(the_actor(), P.POLICY_READ)
    )


@blueprint.get("/policy")
@requires(P.POLICY_READ)
def table() -> Any:
    """The whole table: each permission, and which roles hold it."""
    return render_template(
        "people/policy/table.html",
        rows=[(WORDS[permission], [permission in GRANTS[role] for role in ROLES]) for permission in P],
        rules={role: rule_of(role) for role in ROLES},
        parts=list(PARTS.values()),
    )


def rule_of(role: Role) -> Rule:
    """A role's rule in words."""
    rule = ROLES[role]
    return Rule(
        rule.label,
        tuple(WORDS[permission] for permission in P if permission in GRANTS[role]),
        tuple(_facts(role, rule)),
        tuple(PARTS[part] for part, one in SEPARATED.items() if _concerned(one, role)),
    )


def _concerned(part: Separation, role: Role) -> bool:
    return bool({part.entered_by, *part.judged_by} & GRANTS[role])


def _facts(role: Role, rule: RoleRule) -> Iterable[tuple[Any, str]]:
    given = _names(rule.given_by) or _("by command on the server only")
    yield _("Given by"), f"{given} ({_('one asks, another confirms')})" if rule.second else given
    if rule.reach is Reach.AGENCY:
        makers = _names(one for one in ROLES if P.ACCOUNTS_MAKE in GRANTS[one])
        yield _("Accounts for it are made by"), makers
    yield _("Who acts is named by"), _names(rule.acting_by) or _("nobody: nobody acts at this desk")
    yield (
        _("Handed over by"),
        _names(rule.handed_by) or _("nobody: the office that gives it ends and gives it"),
    )
    if rule.restored_by:
        seconds = _names(rule.restored_by)
        yield (
            _("A new code is given by two with a second factor"),
            _("DLA asks, %(who)s confirms", who=seconds),
        )
    others = [one for one in ROLES if ROLES[one].side is not rule.side]
    yield _("Never together in one person with"), _names(others)
    if rule.apart:
        yield _("Never at the same agency with"), _names(rule.apart)


def _names(roles: Iterable[Role]) -> str:
    """Labels in the order of the policy."""
    chosen = set(roles)
    return ", ".join(str(rule.label) for role, rule in ROLES.items() if role in chosen)


def _page(title: str, sub: str, grants: Iterable[Grant], crumbs: list[tuple[str, str | None]]) -> Any:
    now, rights = clock.now(), list(grants)
    by_role = [
        (
            rule_of(role),
            [(one, sign_in.place_of(one), one.valid_from > now) for one in rights if one.role is role],
        )
        for role in ROLES
        if any(one.role is role for one in rights)
    ]
    return render_template(
        "people/policy/person.html",
        title=title,
        sub=sub,
        by_role=by_role,
        capacities=CAPACITIES,
        crumbs=crumbs,
        whole=can(the_actor(), P.POLICY_READ),
    )
