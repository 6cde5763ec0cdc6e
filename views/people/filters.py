"""By what the list of accounts can be narrowed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select, union_all

from models.account import Account, Grant, Role
from models.agency import Agency
from portal.core import clock
from portal.core.access import ROLES
from portal.core.texts import _, lazy
from portal.people import states
from portal.people.states import AccountState
from views.generated.filters import EnumFilter, Filter
from views.generated.place_filters import ProvinceFilter


class RoleFilter(EnumFilter):
    """Accounts that hold a role now."""

    def __init__(self) -> None:
        super().__init__("role", lazy("Role"), None, Role)

    def options(self, active: Any) -> list[tuple[str, str]]:
        """The roles that people hold."""
        return [(role.value, str(rule.label)) for role, rule in ROLES.items()]

    def condition(self, value: str) -> ColumnElement[bool]:
        """Accounts with a living grant of the role."""
        held = Grant.role == self._member(value)
        return Account.id.in_(select(Grant.account_id).where(held, living()))

    def words(self, value: str) -> str:
        """The role's words."""
        return str(ROLES[self._member(value)].label)

    def _member(self, value: str) -> Role:
        role = Role(super()._member(value))
        if role not in ROLES:  # the system's own, which nobody holds
            raise ValueError(_("This choice is not in the list"))
        return role


class PlaceFilter(ProvinceFilter):
    """Accounts of a province: of its staff and of its agencies."""

    def condition(self, value: str) -> ColumnElement[bool]:
        """Accounts with a living grant there."""
        key = self._key(value)
        # two lists, each by an index: "or" would look at every right of the country
        staff = select(Grant.account_id).where(Grant.province_id == key, living())
        agencies = select(Grant.account_id).join(Agency).where(Agency.province_id == key, living())
        return Account.id.in_(union_all(staff, agencies))


class StateFilter(Filter):
    """How far a person has come to the account; "waiting" is all that nobody has activated."""

    kind = "choice"
    WAITING = "waiting"

    def __init__(self) -> None:
        super().__init__("state", lazy("State"))

    def options(self, active: Any) -> list[tuple[str, str]]:
        """Not activated as one choice, then each state."""
        return [
            (self.WAITING, _("not activated")),
            *((state.value, str(words)) for state, words in states.WORDS.items()),
        ]

    def condition(self, value: str) -> ColumnElement[bool]:
        """Accounts in the state now."""
        if value == self.WAITING:
            return states.not_activated()
        return states.in_state(self._member(value), clock.now())

    def words(self, value: str) -> str:
        """The choice's words."""
        return dict(self.options({})).get(value, value)

    def _member(self, value: str) -> AccountState:
        try:
            return AccountState(value)
        except ValueError:
            raise ValueError(_("This choice is not in the list")) from None


def living() -> ColumnElement[bool]:
    """The condition that a grant holds now."""
    now = clock.now()
    return (Grant.valid_from <= now) & (Grant.valid_until.is_(None) | (Grant.valid_until > now))
