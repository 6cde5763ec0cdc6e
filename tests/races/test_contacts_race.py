"""Several people enter the first contacts of one place at once: there is one row of them."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models.base import Base
from models.contact import AgencyContact, ProvinceContact
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.support.races import AT_ONCE, pressed, statuses, visitors
from tests.support.world import World

PHONE = {"phone": "0 2555 0100"}


@pytest.mark.parametrize(
    ("person", "page", "model"),
    [
        ("agency_admin", "/agencies/{a1}/contacts/edit", AgencyContact),
        ("province", "/contacts/offices/{province}", ProvinceContact),
    ],
)
def test_a_place_has_one_row_of_contacts(
    app: Portal, world: World, person: str, page: str, model: type[Base]
) -> None:
    people = visitors(app, world, *[person] * AT_ONCE)
    address = page.format(a1=world.agency["a1"], province=world.province["52"])
    answers = pressed(people, address, {**PHONE, "version": "0"})
    assert statuses(answers)[0] == 302
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(model)) == 1
    assert people[0].get(address).status_code == 200
