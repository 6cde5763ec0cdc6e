"""People who sign in, on a generated screen; what is done with an account stands in views/account_acts.py."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, render_template, url_for
from flask_admin import expose
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload
from wtforms.validators import Optional

from models.account import Account, Capacity, Grant
from models.agency import Agency
from models.descriptive import FieldOwner
from models.place import Province
from models.search import Word
from portal.core import clock, sign_in
from portal.core.access import ROLES, can, the_actor
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.forms import AN_EMAIL, DigitsField, say
from portal.core.holders import CAPACITIES
from portal.core.search import holds
from portal.core.texts import _, lazy
from portal.people import keeping, states
from portal.people.states import AccountState
from views.generated import added
from views.generated.base import Badge, Crud, Danger, SavedView, ScopedModelView
from views.generated.formatters import day
from views.people import acts
from views.people.filters import PlaceFilter, RoleFilter, StateFilter, living
from views.people.forms import AccountForm

#: so many places are named one by one in a query
MOST_PLACES = 500


def _grants(view: Any, context: Any, row: Account, name: str) -> str:
    """The rights that hold now, in words."""
    places: dict[str, list[str]] = {}
    for grant in keeping.living_grants(row):
        places.setdefault(_right(grant), []).append(sign_in.place_of(grant))
    return "; ".join(f"{right} · {', '.join(there)}" for right, there in places.items())


def _right(grant: Grant) -> str:
    """A role, with the capacity of somebody who is not its holder."""
    label = str(ROLES[grant.role].label)
    return label if grant.capacity is Capacity.HOLDER else f"{label} ({CAPACITIES[grant.capacity]})"


def _name(view: Any, context: Any, row: Account, name: str) -> str:
    """The person, or that there is none yet: an account made in bulk gets one when it is activated."""
    return row.name or _("nobody yet")


def _state(view: Any, context: Any, row: Account, name: str) -> Badge:
    state = states.state_of(row, clock.now())
    return Badge(states.BADGES[state], str(states.WORDS[state]))


class AccountView(ScopedModelView):
    """Accounts, as the back office keeps them."""

    permissions = Crud(
        read=P.ACCOUNTS_READ, create=P.ACCOUNTS_WRITE, edit=P.ACCOUNTS_WRITE, export=P.ACCOUNTS_READ
    )
    one = lazy("user")
    described_by = FieldOwner.ACCOUNT
    details_template = "people/account.html"
    edit_template = "people/account_form.html"

    column_list = ("name", "position", "username", "grants", "activated_at", "active")
    column_title = "name"
    column_details_list = (
        "name",
        "position",
        "username",
        "email",
        "phone",
        "grants",
        "activated_at",
        "active",
    )
    column_labels: ClassVar[dict[str, Any]] = {
        "name": lazy("Name and surname"),
        "position": lazy("Position"),
        "username": lazy("User name"),
        "grants": lazy("Rights"),
        "email": lazy("E-mail"),
        "phone": lazy("Telephone"),
        "activated_at": lazy("Activated"),
        "active": lazy("State"),
    }
    column_cells: ClassVar[dict[str, str]] = {
        "position": "drop",
        "username": "nowrap",
        "grants": "wide",
        "activated_at": "nowrap drop",
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "name": _name,
        "grants": _grants,
        "active": _state,
        "activated_at": day,
    }
    column_searchable_list = ("name",)  # its search key has user name, e-mail and telephone too
    column_sortable_list = ("name", "position", "username", "activated_at")
    #: by the agency's code where accounts were made in bulk; thousands of them have no name yet
    column_default_sort = ("username", False)
    column_filters = (StateFilter(), PlaceFilter(None), RoleFilter())
    row_options = (
        joinedload(Account.code),
        selectinload(Account.grants).joinedload(Grant.agency),
        selectinload(Account.grants).joinedload(Grant.province),
        selectinload(Account.grants).joinedload(Grant.body),
    )
    list_template = "people/accounts.html"
    search_hint = lazy("Name, user name, telephone, e-mail or agency")
    saved_views = (
        SavedView(lazy("Not activated"), {"state": StateFilter.WAITING}, counted=True),
        SavedView(lazy("Code has ended"), {"state": AccountState.CODE_ENDED.value}, counted=True),
    )

    form_columns = ("name", "position", "email", "phone")
    many_fields = ("position",)
    form_overrides: ClassVar[dict[str, Any]] = {"phone": DigitsField}
    form_args: ClassVar[dict[str, Any]] = {"email": {"validators": [Optional(), AN_EMAIL]}}
    danger_actions = (
        Danger(
            lazy("Rights"),
            lazy("Give the person another role or place, or end one"),
            "account_acts.grants",
            P.ACCOUNTS_WRITE,
            argument="account_id",
        ),
        Danger(
            lazy("Issue an activation code"),
            lazy("The code issued before stops working at once; the new one is shown a single time"),
            "account_acts.code",
            P.ACCOUNTS_WRITE,
            argument="account_id",
        ),
        Danger(
            lazy("Lost second factor"),
            lazy("Two officers together take it away; the person then sets up a new one"),
            "account_acts.lost_factor",
            P.ACCOUNTS_WRITE,
            argument="account_id",
        ),
        Danger(
            lazy("Print a slip"),
            lazy("A page with a new code to fold and seal; the code issued before stops working at once"),
            "slips.order",
            P.CODES_ISSUE,
            argument="account",
        ),
        Danger(
            lazy("Sign out everywhere"),
            lazy("Every browser in which the person is signed in has to sign in again"),
            "account_acts.sessions",
            P.ACCOUNTS_WRITE,
            argument="account_id",
        ),
        Danger(
            lazy("Shut or open the account"),
            lazy("A shut account cannot sign in; its rights stay written down"),
            "account_acts.active",
            P.ACCOUNTS_WRITE,
            kind="risk",
            argument="account_id",
        ),
    )

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """A new account with its first right, in one form."""
        form = added.with_fields(self, AccountForm, None)()
        if form.validate_on_submit() and (place := form.place()) is not None:
            try:
                added.hold_fields(self, form)
                made = keeping.add_account(
                    username=form.username.data,
                    name=form.name.data,
                    position=form.position.data or "",
                    email=form.email.data or "",
                    phone=form.phone.data or "",
                    described=added.values_in(form),
                )
                asked = acts.give_or_ask(made, form.chosen, place, form.terms())
            except Refused as refused:
                db.session.rollback()
                say(form, refused, otherwise="username")
            else:
                if asked:
                    flash(_("The account is made: its right waits for a second officer"), "ok")
                    return redirect(url_for("account_acts.grants", account_id=made.id))
                flash(_("The account is made: issue its activation code next"), "ok")
                return redirect(url_for("account_acts.code", account_id=made.id))
        page = render_template("people/new.html", form=form, added=added.fields_in(form))
        return (page, 422) if form.errors else page

    def also_found(self, word: Word) -> list[Any]:
        """People of the agencies and provinces that are named so."""
        agencies, provinces = _fitting(Agency, word), _fitting(Province, word)
        if isinstance(agencies, list) and not agencies and not provinces:
            return []
        there = or_(Grant.agency_id.in_(agencies), Grant.province_id.in_(provinces))
        return [Account.id.in_(select(Grant.account_id).where(there, living()))]

    def agencies_of(self, row: Account) -> list[Agency]:
        """The agencies at which the person holds a right now."""
        return list({g.agency_id: g.agency for g in keeping.living_grants(row) if g.agency}.values())

    def issues(self, row: Account) -> bool:
        """Whether the acting person may issue a code for the account: a province for its agencies' people."""
        actor = the_actor()
        own = actor.province_id is None or row.province_id == actor.province_id
        return can(actor, P.CODES_ISSUE) and row.active and own and row.id != actor.account_id

    def on_model_change(self, form: Any, model: Account, is_created: bool) -> None:
        """Accounts of the NACC are not changed here."""
        keeping.refuse_nacc(model)

    def edit_aside(self, row: Account) -> list[tuple[str, list[tuple[str, Any]]]]:
        """The rights that hold now."""
        living = keeping.living_grants(row)
        rights = [(_right(grant), sign_in.place_of(grant)) for grant in living]
        state = _state(self, None, row, "active")
        return [
            (_("Rights"), rights or [(_("Rights"), _("none"))]),
            (_("State"), [(_("User name"), row.username), (_("State"), state)]),
        ]


def _fitting(model: type[Agency] | type[Province], word: Word) -> list[int] | Select[int]:
    """The places that a word names, looked for once; the query itself where they are many."""
    query = select(model.id).where(holds(model, word))
    found = list(db.session.scalars(query.limit(MOST_PLACES + 1)))
    return query if len(found) > MOST_PLACES else found


def views() -> list[ScopedModelView]:
    """The generated screen of accounts."""
    return [AccountView(Account, lazy("Users"), endpoint="accounts", url="/admin/accounts")]
