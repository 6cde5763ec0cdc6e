"""For whom slips are ordered, as an address says it: by role and place, as a list shows, or one by one."""

from __future__ import annotations

from flask import current_app, request

from models.account import Role
from models.place import Province
from portal.core.access import the_actor
from portal.core.database.session import db, privileged, reading
from portal.core.errors import NotFound, Refused
from portal.core.outside import whole
from portal.people.bulk import standing
from portal.people.bulk.standing import Standing
from portal.people.entry import codes
from portal.people.slips.choosing import ROLES_WITH_SLIPS, Choice
from views.generated import listing
from views.generated.described import DescribedView
from views.people.bulk import narrowing

#: arguments of the list of accounts are handed on with this one
FROM_LIST = "from_list"
#: what narrows the list of agencies' accounts by state, beside role and province
OF_STATES = ("district", "state", "q")


def choice_of_address() -> Choice:
    """The choice that an address names. Raises NotFound for what is not there for this desk."""
    args = request.args
    roles = tuple(role.value for role in ROLES_WITH_SLIPS)
    if args.get("role"):
        role = role_of(args["role"])
        if role is None:
            raise NotFound
        roles = (role.value,)
    # who is named one by one, or as having come in, is meant
    asked = args.get("activated") in ("1", "y") or "account" in args
    activated = asked or args.get("state") == Standing.ACTIVATED.value
    return Choice(roles, _province(), _accounts(), activated)


def _province() -> int | None:
    if not request.args.get("province") or the_actor().province_id is not None:
        return None
    found = db.session.get(Province, whole(request.args["province"]) or 0)
    if found is None:
        raise NotFound
    return found.id


def _accounts() -> tuple[int, ...] | None:
    """The accounts that are named: one, or those of a list of accounts with its search and filters."""
    if request.args.get("account"):
        return (codes.account_or_404(whole(request.args["account"]) or 0, the_actor()).id,)
    if any(request.args.get(name) for name in OF_STATES):
        which = narrowing.which_of(request.args, the_actor())
        with reading(), privileged("accounts of agencies by state, for slips") as session:
            rows = standing.rows(session, which)
            return tuple(row.account_id for row in rows if row.account_id is not None)
    if not request.args.get(FROM_LIST):
        return None
    view = _view_of_accounts()
    problems: dict[str, str] = {}
    query = listing.narrowed(view, listing.ListQuery.of(view, request.args), problems)
    if problems:
        raise Refused("A filter of this list cannot be read: go back and mend it")
    return tuple(db.session.scalars(query.with_only_columns(view.key_column).order_by(None)))


def _view_of_accounts() -> DescribedView:
    views: tuple[DescribedView, ...] = current_app.extensions["generated_views"]
    return next(view for view in views if view.endpoint == "accounts")


def role_of(value: str) -> Role | None:
    """The role of a slip by its name; None for what is none."""
    return next((role for role in ROLES_WITH_SLIPS if role.value == value), None)
