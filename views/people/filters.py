"""By what the list of accounts can be narrowed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement

from models.account import Account, Grant, Role
from portal.core import clock
from portal.core.access import ROLES
from portal.core.texts import _, lazy
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
        return Account.grants.any((Grant.role == self._member(value)) & living())

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
        inside = (Grant.province_id == key) | Grant.agency.has(province_id=key)
        return Account.grants.any(inside & living())


class ActivatedFilter(Filter):
    """Whether the account was activated."""

    kind = "choice"

    def options(self, active: Any) -> list[tuple[str, str]]:
        """Yes or no."""
        return [("1", _("activated")), ("0", _("not activated"))]

    def condition(self, value: str) -> ColumnElement[bool]:
        """The moment of activation is set or not."""
        if value not in {"0", "1"}:
            raise ValueError(_("This choice is not in the list"))
        return Account.activated_at.is_not(None) if value == "1" else Account.activated_at.is_(None)

    def words(self, value: str) -> str:
        """The choice's words."""
        return dict(self.options({})).get(value, value)


def living() -> ColumnElement[bool]:
    """The condition that a grant holds now."""
    now = clock.now()
    return (Grant.valid_from <= now) & (Grant.valid_until.is_(None) | (Grant.valid_until > now))
