"""A form's token: ours, of its link, for its purpose, and of no moment that has not been."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal.core.web import Portal
from survey_forms.token import Opened, make_token, open_form, read_token
from tests.support.world import NOW

CODE, OTHER = "2" * 21, "3" * 21
OPENED = Opened(NOW, bytes(range(16)))


@pytest.fixture
def token(app: Portal) -> Iterator[str]:
    with app.app_context():
        yield make_token(CODE, OPENED)


def test_it_tells_when_which_form_was_opened(token: str) -> None:
    assert read_token(token, CODE, now=NOW) == OPENED
    assert read_token(token, CODE, now=NOW + timedelta(days=60)) == OPENED


def test_every_served_form_has_a_value_of_its_own() -> None:
    values = {open_form(NOW).value for _time in range(50)}
    assert len(values) == 50 and {len(value) for value in values} == {16}


def test_of_another_link_or_purpose_or_of_the_future_it_is_none(token: str) -> None:
    assert read_token(token, OTHER, now=NOW) is None
    assert read_token(token, CODE, now=NOW, purpose="contest") is None
    assert read_token(token, CODE, now=NOW - timedelta(seconds=1)) is None


def test_the_same_form_for_another_purpose_keeps_its_value(token: str) -> None:
    contest = make_token(CODE, OPENED, purpose="contest")
    assert contest != token
    assert read_token(contest, CODE, now=NOW, purpose="contest") == OPENED


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_changed_part_makes_it_none_of_ours(token: str, part: int) -> None:
    parts = token.split(".")
    parts[part] = ("1" if parts[part][0] != "1" else "2") + parts[part][1:]
    assert read_token(".".join(parts), CODE, now=NOW) is None


@pytest.mark.parametrize("foreign", ["", ".", "..", "a.b.c", "๑.๒.๓", "\x00", "-1.00.00"])
def test_words_from_outside_are_none(token: str, foreign: str) -> None:
    assert read_token(foreign, CODE, now=NOW) is None


def test_another_installation_s_token_is_none(
    app: Portal, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key for tests only")
    assert read_token(token, CODE, now=NOW) is None
