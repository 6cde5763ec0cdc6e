"""``import-agencies``: a dry run says what a file would change; ``--apply`` changes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from models.agency import Agency
from portal.core.database.session import privileged
from portal.core.web import Portal
from portal.tools.commands import import_agencies
from tests.support.command_line import Command

HEADER = "lao_code8,type,name_th,full_name_th,size,province_code,province_th,district_code,district_th"
OLD = "05520401,SUBDIST_MUN,เกาะคา,เทศบาลตำบลเกาะคา,M,52,ลำปาง,5204,เกาะคา"
NEW = "06520403,TAO,ใหม่,องค์การบริหารส่วนตำบลใหม่,S,52,ลำปาง,5204,เกาะคา"
NOWHERE = "06990403,TAO,ไกล,องค์การบริหารส่วนตำบลไกล,S,99,ไม่มี,9904,ไม่มี"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "register.csv"


def write(file: Path, *lines: str) -> None:
    file.write_text("\n".join((HEADER, *lines)), encoding="utf-8")


def is_there(app: Portal, code: str) -> bool:
    with app.app_context(), privileged("a test looks for an agency") as session:
        return session.scalar(select(Agency.id).where(Agency.code == code)) is not None


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    app: Portal, command: Command, file: Path
) -> None:
    write(file, OLD, NEW)
    told = command("import-agencies", file)
    assert (told.code, told.err) == (0, "")
    assert "register.csv: หน่วยงานใหม่ 1, " in told.out
    assert "ยังไม่ได้บันทึกข้อมูล" in told.out
    assert not is_there(app, "06520403")


def test_applied_it_is_there(app: Portal, command: Command, file: Path) -> None:
    write(file, OLD, NEW)
    told = command("import-agencies", file, "--apply")
    assert (told.code, "นำเข้าไฟล์แล้ว" in told.out) == (0, True)
    assert is_there(app, "06520403")


def test_what_was_left_out_of_the_file_is_said(command: Command, file: Path) -> None:
    file.write_text(f"{HEADER},motto\n{NEW},สามัคคี\n", encoding="utf-8")
    told = command("import-agencies", file)
    assert told.out.startswith("ไม่ได้ใช้คอลัมน์ที่ระบบไม่รู้จัก: J motto\n")


def test_wrong_rows_are_named_with_their_reason_and_the_rest_is_taken(
    app: Portal, command: Command, file: Path
) -> None:
    write(file, NOWHERE, NEW)
    told = command("import-agencies", file, "--apply")
    assert told.code == 1
    assert "  แถว 2: ไม่พบอำเภอ" in told.out
    assert (is_there(app, "06990403"), is_there(app, "06520403")) == (False, True)


def test_of_many_wrong_rows_the_first_are_shown_and_the_rest_counted(command: Command, file: Path) -> None:
    more = 7
    wrong = [NOWHERE.replace("0403", f"{n:04d}") for n in range(import_agencies.WRONG_SHOWN + more)]
    write(file, *wrong)
    told = command("import-agencies", file)
    assert told.out.count("  แถว ") == import_agencies.WRONG_SHOWN
    assert f"และอีก {more} " in told.out


def test_a_file_that_cannot_be_read_says_why(app: Portal, command: Command, file: Path) -> None:
    missing = command("import-agencies", file)
    assert (missing.code, "No such file" in missing.err) == (2, True)
    file.write_bytes(b"\0\0")
    damaged = command("import-agencies", file, "--apply")
    assert (damaged.code, damaged.out) == (2, "")
    assert "ไม่พบแถวหัวคอลัมน์" in damaged.err
