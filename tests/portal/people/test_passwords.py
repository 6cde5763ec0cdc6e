"""Which passwords are refused: Thai ones are counted as they are seen, and courtesies add nothing."""

from __future__ import annotations

import pytest

from portal.people.passwords import problem_with, seen
from tests.support.world import PASSWORD


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "aaaaaaaaaaaa",
        "my-password-1",
        "agency_admin-77",
        "123456789012",
        "สวัสดีครับ",
        "สวัสดีค่ะ ทุกคน",
        "สวัสดีครับ2561",
        "ขอบคุณมากๆ ครับผม",
        "สวัสดีปีใหม่ 2561 ค่ะ",
        "เทศบาลตำบล1234567",
        "ยินดีต้อนรับค่ะ",
        "sawasdee krub 99",
        "ที่นี่มีปี่",
        "สวัสดีครับสวัสดีครับ",
    ],
)
def test_weak_passwords_are_named(password: str) -> None:
    assert problem_with(password, username="agency_admin")


@pytest.mark.parametrize(
    "password", [PASSWORD, "ปลาทูนึ่งน้ำแข็ง", "สวัสดีช้างสามเชือกริมโขง", "admin sings to nine lamps"]
)
def test_strong_passwords_pass(password: str) -> None:
    assert problem_with(password, username="agency_admin") is None


def test_marks_above_and_below_are_not_counted() -> None:
    assert seen("สวัสดีครับ") == "สวสดครบ"
