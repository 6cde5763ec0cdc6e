"""Where marks and rows lie in a backup: answers that are opened in that order are linked, whole."""

from __future__ import annotations

import random
from pathlib import Path
from typing import cast

import pytest

from portal.tools.attack.attacks import ranks
from portal.tools.attack.crowd import Respondent, Surveyed
from portal.tools.attack.linking import Case, Stored
from portal.tools.attack.open_backup import MARK, ROW, learn

PEOPLE = 30


@pytest.mark.parametrize("sqlite", [True, False])
def test_what_is_opened_in_the_order_of_a_backup_is_linked_and_what_was_shuffled_is_not(
    sqlite: bool, tmp_path: Path
) -> None:
    chance = random.Random(7)
    people = [
        Respondent(bytes([number]), {"mark": chance.randbytes(32), "sealed": chance.randbytes(80)})
        for number in range(PEOPLE)
    ]
    values = [person.known[what] for what in ("mark", "sealed") for person in people]
    if sqlite:  # a page's cells grow from its end
        content = b"".join(reversed(values)).ljust(4096, b"\x00")
    else:
        content = b"".join(b"\\\\x" + value.hex().encode() + b"\n" for value in values)
    (tmp_path / "backup").write_bytes(content)
    box = Surveyed(cast("object", None), "", cast("object", None), people)  # type: ignore[arg-type]
    learn(tmp_path / "backup", [box], sqlite=sqlite)
    for person in people:
        del person.known["mark"], person.known["sealed"]

    def best(answers: list[bytes]) -> dict[str, int]:
        stored = [Stored(answer, {"as read": number}) for number, answer in enumerate(answers)]
        found = ranks([Case(people, stored)])
        assert {one.family for one in found} == {"open backup"}
        return {one.name: one.hits for one in found}

    answers = [person.answer for person in people]
    found = best(answers)
    assert found[f"{MARK} – as read, in rank"] == found[f"{ROW} – as read, in rank"] == PEOPLE
    chance.shuffle(answers)
    assert max(best(answers).values()) < 6
