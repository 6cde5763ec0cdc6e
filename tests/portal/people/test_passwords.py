"""Which passwords are refused: Thai ones are counted as they are seen, and courtesies add nothing.

What many choose is refused by our own words and zxcvbn together, and neither does it alone; what the hint
on the page advises is never refused. The figures stand in docs/adr/0023.
"""

from __future__ import annotations

import time

import pytest

from portal.people import passwords
from portal.people.passwords import problem_with, seen
from tests.support import weak_passwords
from tests.support.weak_passwords import CONTEXT, USERNAME
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


def refused(chosen: list[str]) -> int:
    return sum(problem_with(one, username=USERNAME, context=CONTEXT) is not None for one in chosen)


@pytest.mark.parametrize("group", ["english", "thai", "on_the_other_layout", "of_the_office"])
def test_what_many_would_choose_is_refused(group: str) -> None:
    chosen = getattr(weak_passwords, group)()
    assert len(chosen) >= 30 and refused(chosen) == len(chosen)


def test_neither_our_words_nor_zxcvbn_does_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    thai, english = weak_passwords.on_the_other_layout(), weak_passwords.english()
    guessed = passwords._guessed
    assert not any(guessed(one.casefold(), []) for one in thai)
    monkeypatch.setattr(passwords, "_guessed", lambda *_given: False)
    assert refused(english) < len(english) / 5
    assert refused(thai) == len(thai)


def test_what_the_page_advises_is_not_refused() -> None:
    assert refused(weak_passwords.good()) == 0


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("ท่าผา ท่าผา 2561", "name that others know"),
        ("สมศรี081 234 5678", "name that others know"),
        ("l;ylfu8iy[2561", "too common"),
        ("correct123", "guesses this password soon"),
        ("เกาะคามีช้างสามเชือก", None),
    ],
)
def test_the_reason_is_named(password: str, reason: str | None) -> None:
    names = ("อบต.ท่าผา", "ท่าผา", "นางสมศรี ทดลอง", "เกาะคา")
    said = problem_with(password, username="06520402-a", context=names)
    assert (reason in said) if reason and said else said is reason


def test_a_text_made_to_take_long_takes_no_long_time() -> None:
    """Many signs that stand for letters would keep zxcvbn busy for seconds (limits in portal/people)."""
    signs = "4@8({[<369!|1705$5+7%2"
    begun = time.monotonic()
    for text in ((signs * 10)[:200], "".join(sign + "aeos" for sign in signs * 3)[:200], "aA1@" * 50):
        problem_with(text, username=USERNAME, context=CONTEXT)
    assert time.monotonic() - begun < 3, "0.2 s on two cores; unlimited 30"
