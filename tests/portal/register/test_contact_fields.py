"""Contacts as people type them: one form where it is sure, else as typed; what cannot be one is refused."""

from __future__ import annotations

import pytest

from models.phones import AS_TYPED
from portal.register.contact_fields import LONGEST, OF_AN_AGENCY, read_contacts


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("phone", "๐-๒๕๕๕-๐๑๐๐ ต่อ 12", "025550100 ต่อ 12"),
        ("phone", "0 2555 0100, 08 5555 0100", "025550100, 0855550100"),
        ("email", "saraban@example.go.th", "saraban@example.go.th"),
        ("website", "www.example.go.th", "http://www.example.go.th"),
        ("website", "https://example.go.th/หน้าแรก", "https://example.go.th/หน้าแรก"),
        ("line", "@example", "@example"),
        ("line", "LINE ID: example-๑", "example-1"),
        ("line", "https://lin.ee/AbCdE", "https://lin.ee/AbCdE"),
        ("address", "เลขที่ ๑  หมู่ ๒\nตำบลทดลอง", "เลขที่ ๑ หมู่ ๒ ตำบลทดลอง"),
        ("person", "  นางสาวทดลอง   ตัวอย่าง ", "นางสาวทดลอง ตัวอย่าง"),
    ],
)
def test_what_is_sure_has_one_form(name: str, typed: str, kept: str) -> None:
    read = read_contacts({name: typed})
    assert (read.values, read.faults, read.remarks) == ({name: kept}, {}, {})


@pytest.mark.parametrize("typed", ["0-2555-0100-9", "0 2555 010", "1567", "ห้องปลัด"])
def test_a_telephone_that_is_not_sure_stays_as_typed_and_is_remarked(typed: str) -> None:
    read = read_contacts({"phone": typed})
    assert read.values["phone"] == typed
    assert read.remarks == {"phone": AS_TYPED} and not read.faults


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("email", "saraban"),
        ("email", "a@b"),
        ("email", "a@b.th, c@d.th"),
        ("website", "javascript:alert(1)"),
        ("website", "ftp://example.go.th"),
        ("website", "https://user:word@example.go.th"),
        ("website", "ยังไม่มี"),
        ("website", "https://example.go.th\\x"),
        ("line", "ไม่มี"),
        ("line", "https://line.me.example.com/x"),
        ("line", "two words"),
    ],
)
def test_what_cannot_be_one_is_refused_at_its_field_and_stays_as_typed(name: str, typed: str) -> None:
    read = read_contacts({name: typed})
    assert [fault.field for fault in read.faults.values()] == [name]
    assert read.values == {name: typed}


@pytest.mark.parametrize("name", OF_AN_AGENCY)
def test_what_no_column_holds_is_refused(name: str) -> None:
    assert set(read_contacts({name: "ก" * (LONGEST[name] + 1)}).faults) == {name}


def test_only_the_fields_that_are_given_are_read() -> None:
    assert read_contacts({"phone": "", "email": ""}).values == {"phone": "", "email": ""}
