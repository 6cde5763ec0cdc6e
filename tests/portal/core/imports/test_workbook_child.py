"""The parser of strangers' workbooks, asked in this process: which sheet, which cells, how it ends."""

from __future__ import annotations

import io
import json
import resource
import runpy
import sys
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from portal.core.imports import workbook_child
from portal.core.imports.workbook_child import (
    CPU_SECONDS,
    MEMORY,
    TOO_LARGE,
    UNREADABLE,
    main,
    parse,
    parse_all,
)
from tests.support.workbooks import Rows, with_parts_changed, workbook_of

NAMES = {"code": ("รหัส",), "name": ("ชื่อ",)}
HEAD = ("รหัส", "ชื่อ")
A_ROW = ("01", "เกาะคา")


def parsed(content: bytes, *, rows: int = 100, columns: int = 10, cell: int = 50) -> dict[str, Any]:
    return parse(content, rows=rows, columns=columns, cell=cell, names=NAMES)


def sheet(*rows: Any, **limits: int) -> list[tuple[int, list[str]]]:
    """What is read of one sheet."""
    found: list[tuple[int, list[str]]] = parsed(workbook_of({"รายชื่อ": rows}), **limits)["rows"]
    return found


def test_filled_rows_come_with_their_numbers_and_without_empty_ends() -> None:
    assert sheet(HEAD, (), ("01", "", "", ""), ("", "ท่าผา")) == [
        (1, ["รหัส", "ชื่อ"]), (3, ["01"]), (4, ["", "ท่าผา"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5520401.0, "5520401"),
        (3.5, "3.5"),
        (7, "7"),
        (True, "True"),
        ("  เกาะคา ", "เกาะคา"),
        (datetime(2018, 11, 9, 8, 30), "2018-11-09T08:30:00"),  # noqa: DTZ001 - cells have no zone
        (date(2018, 11, 9), "2018-11-09T00:00:00"),
        ("=1+1", ""),
        ("ก" * 60, "ก" * 50),
    ],
)
def test_a_cell_is_read_as_the_text_that_a_person_sees(value: Any, text: str) -> None:
    """A formula that no program has computed yet has no value: none is made here."""
    assert sheet(HEAD, ("01", value))[1] == (2, ["01", text] if text else ["01"])


OTHER: Rows = [("โปรดอ่านก่อน",), ("กรอกแผ่นที่สอง",)]
LIST: Rows = [("ทะเบียน",), HEAD, A_ROW]


@pytest.mark.parametrize(
    ("sheets", "hidden", "read", "others"),
    [
        ({"ก": LIST}, [], "ก", []),
        ({"อ่าน": OTHER, "ก": LIST}, [], "ก", []),
        ({"ก": LIST, "ข": OTHER, "ค": LIST}, [], "ก", ["ค"]),
        ({"ก": LIST, "ข": LIST}, ["ก"], "ข", []),
        ({"ว่าง": [], "อ่าน": OTHER, "อื่น": OTHER}, [], "อ่าน", []),
        ({"ว่าง": []}, [], "ว่าง", []),
    ],
    ids=["one", "below a note", "two of them", "a hidden one", "none with a heading", "an empty one"],
)
def test_the_first_sheet_to_be_seen_with_a_heading_is_read(
    sheets: dict[str, Rows], hidden: list[str], read: str, others: list[str]
) -> None:
    found = parsed(workbook_of(sheets, hidden=hidden))
    assert (found["sheet"], found["others"]) == (read, others)


@pytest.mark.parametrize(("most", "taken"), [(3, True), (2, False), (1, False)])
def test_more_rows_than_an_import_takes_are_too_much(most: int, taken: bool) -> None:
    """The heading counts too; nothing of a longer sheet is taken."""
    found = parsed(workbook_of({"ก": [HEAD, A_ROW, A_ROW]}), rows=most)
    assert found.get("too_much", False) is not taken
    assert ("rows" in found) is taken


def test_a_sheet_far_longer_than_its_first_rows_is_read_no_further_than_needed() -> None:
    assert parsed(workbook_of({"ก": [HEAD, *[A_ROW] * 40]}), rows=30) == {"too_much": True}


@pytest.mark.parametrize(("cells", "far"), [(("01", "x", "", ""), False), (("01", "x", "", "far"), True)])
def test_a_cell_beyond_the_columns_is_left_and_said(cells: tuple[str, ...], far: bool) -> None:
    found = parsed(workbook_of({"ก": [HEAD, cells]}), columns=2)
    assert (found["rows"][1], found["far"]) == ((2, ["01", "x"]), far)


def test_a_sheets_own_word_about_its_size_is_not_believed() -> None:
    lying = with_parts_changed(
        workbook_of({"ก": [HEAD, A_ROW]}),
        lambda _name, body: body.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:A1"'),
    )
    assert parsed(lying)["rows"] == [(1, list(HEAD)), (2, list(A_ROW))]


def test_a_workbook_of_the_strict_kind_is_read_like_the_usual_one() -> None:
    def strict(_name: str, body: bytes) -> bytes:
        for kind in (b"spreadsheetml", b"officeDocument"):
            usual = b"http://schemas.openxmlformats.org/" + kind + b"/2006/"
            body = body.replace(usual, b"http://purl.oclc.org/ooxml/" + kind + b"/")
        return body

    usual = workbook_of({"ก": [HEAD, A_ROW]})
    assert parsed(with_parts_changed(usual, strict)) == parsed(usual)


def asked(monkeypatch: pytest.MonkeyPatch, content: bytes) -> int:
    """The exit status for a workbook on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    return main(100, 10, 50, NAMES)


def test_what_was_read_goes_out_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(monkeypatch, workbook_of({"ก": [HEAD, A_ROW]})) == 0
    said = capsys.readouterr().out
    assert json.loads(said)["rows"] == [[1, list(HEAD)], [2, list(A_ROW)]] and "เกาะคา" in said


BROKEN = with_parts_changed(
    workbook_of({"ก": [HEAD]}), lambda name, body: b"<worksheet" if "sheet1" in name else body
)
EXPANDING = with_parts_changed(
    workbook_of({"ก": [HEAD]}),
    lambda name, body: (
        body.replace(b"<workbook", b'<!DOCTYPE a [<!ENTITY a "aa">]><workbook', 1)
        if name == "xl/workbook.xml"
        else body
    ),
)


@pytest.mark.parametrize(
    "content", [b"", b"PK no zip", BROKEN, EXPANDING], ids=["nothing", "no zip", "broken", "entities"]
)
def test_what_cannot_be_read_ends_without_a_word_of_the_parser(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    assert asked(monkeypatch, content) == UNREADABLE
    assert capsys.readouterr() == ("", "")


def test_what_fills_the_memory_ends_as_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(*_args: Any, **_more: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(openpyxl, "load_workbook", fill)
    assert asked(monkeypatch, workbook_of({"ก": [HEAD]})) == TOO_LARGE


def test_the_process_is_confined_before_it_reads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    limits: dict[int, int] = {}
    monkeypatch.setattr(resource, "setrlimit", lambda which, both: limits.update({which: both[1]}))
    monkeypatch.setattr(sys, "argv", ["child", "100", "10", "50", json.dumps(NAMES)])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(workbook_of({"ก": [HEAD, A_ROW]}))))
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(workbook_child.__file__), run_name="__main__")
    assert ended.value.code == 0 and "เกาะคา" in capsys.readouterr().out
    assert limits == {
        resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: CPU_SECONDS, resource.RLIMIT_FSIZE: 0,
    }  # fmt: skip


def test_every_sheet_is_read_where_no_names_are_asked_for() -> None:
    content = workbook_of({"หนึ่ง": [HEAD, A_ROW], "สอง": [("ก", "", "ข")]})
    found = parse_all(content, rows=3, columns=2, cell=50)["sheets"]
    assert [(one["sheet"], one["far"]) for one in found] == [("หนึ่ง", False), ("สอง", True)]
    assert found[0]["rows"] == [(1, list(HEAD)), (2, list(A_ROW))]
    assert parse_all(content, rows=2, columns=2, cell=50) == {"too_much": True}, "of all sheets together"
