"""How people want their lists: filters under a name, and chosen columns."""

from __future__ import annotations

import factory

from models.account import Role
from models.saved_filter import ListChoice, SavedFilter
from tests.factories.base import RowFactory
from tests.factories.people import AccountFactory
from tests.support.world import NOW


class SavedFilterFactory(RowFactory):
    """Of the back office."""

    class Meta:
        model = SavedFilter

    class Params:
        account = factory.SubFactory(AccountFactory)

    account_id = factory.SelfAttribute("account.id")
    role = Role.DLA
    reach = "country"
    list = "agencies"
    name = factory.Sequence(lambda number: f"ตัวกรองทดลอง {number}")
    args = factory.LazyFunction(lambda: {"flt_kind": "sao"})
    made_at = NOW


class ListChoiceFactory(RowFactory):
    class Meta:
        model = ListChoice

    class Params:
        account = factory.SubFactory(AccountFactory)

    account_id = factory.SelfAttribute("account.id")
    list = "agencies"
