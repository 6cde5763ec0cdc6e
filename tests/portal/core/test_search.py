"""What a typed text finds: every word somewhere, in each spelling, by the places that an agency lies in."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models.account import Account
from models.agency import Agency
from models.place import District, Province
from portal.core.database.session import privileged
from portal.core.search import matching
from portal.core.web import Portal

pytestmark = pytest.mark.postgres
ALL = {"เกาะคา", "ท่าผา", "ไสไทย", "เขาพนม"}


def found(app: Portal, model: Any, typed: str, *places: Any) -> set[str]:
    with app.app_context(), privileged("a test looks") as session:
        return set(session.scalars(select(model.name).where(matching(typed, *places))))


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", ALL), ("  ", ALL),
        ("เกาะคา", {"เกาะคา", "ท่าผา"}), ("อ.เกาะคา", {"เกาะคา", "ท่าผา"}),
        ("อบต", {"ท่าผา", "ไสไทย"}), ("อบต.ท่าผา", {"ท่าผา"}), ("อบต กระบี่", {"ไสไทย"}),
        ("ลำปาง", {"เกาะคา", "ท่าผา"}), ("จ.ลำปาง", {"เกาะคา", "ท่าผา"}),
        ("%", set()), ("_", set()), ("เชียงใหม่", set()), ("ท่าผา กระบี่", set()),
    ],
)  # fmt: skip
def test_an_agency_is_found_by_its_name_its_kind_and_its_place(
    app: Portal, typed: str, names: set[str]
) -> None:
    assert found(app, Agency, typed, Agency.name) == found(app, Agency, typed, Agency) == names


@pytest.mark.parametrize("typed", ["05520401", "๐๕๕๒๐๔๐๑", "0552 เกาะ"])
def test_digits_of_both_kinds_are_one(app: Portal, typed: str) -> None:
    assert found(app, Agency, typed, Agency.code, Agency.name) == {"เกาะคา"}


def test_a_district_is_found_by_its_province_and_a_province_by_itself(app: Portal) -> None:
    assert found(app, District, "กระบี่", District) == {"เมืองกระบี่", "เขาพนม"}
    assert found(app, Province, "กระบี่", Province.name) == {"กระบี่"}


def test_a_column_without_a_key_is_looked_through_as_it_stands(app: Portal) -> None:
    assert found(app, Account, "NACC", Account.username) == {"ผู้ใช้ทดลอง nacc"}
    assert found(app, Account, "n%c", Account.username) == set()
    assert found(app, Account, "nacc") == set(), "no place to look in finds nothing"
