"""The ledger sees a lost, a doubled and a foreign answer, and thanks that were not given."""

from __future__ import annotations

import pytest

from portal.tools.faults.ledger import HALF, NOBODY, OTHER, OWN, TWIN, Ledger, Person, Told, wrongs


def sent(ledger: Ledger, person: Person, told: Told, *, variant: int = OWN, form: int = 0) -> None:
    sending = ledger.begins(person, variant=variant, form=form)
    sending.whole = variant != HALF
    ledger.ends(sending, told)


@pytest.fixture
def ledger() -> Ledger:
    """Two people in two boxes; the first has read thanks."""
    ledger = Ledger(["one", "two"])
    first, _second = ledger.comes(0), ledger.comes(1)
    sent(ledger, first, Told.THANKS)
    return ledger


def test_an_answer_that_was_acknowledged_and_counts_once_is_right(ledger: Ledger) -> None:
    assert wrongs(ledger.people, {(0, 0, OWN): 1}) == []


def test_an_acknowledged_answer_that_is_taken_out_is_seen(ledger: Ledger) -> None:
    assert wrongs(ledger.people, {}) == ["LOST      person 0 read thanks, and is not in the box"]


@pytest.mark.parametrize("found", [{(0, 0, OWN): 2}, {(0, 0, OWN): 1, (0, 0, TWIN): 1}])
def test_an_answer_that_is_put_in_a_second_time_is_seen(
    ledger: Ledger, found: dict[tuple[int, int, int], int]
) -> None:
    sent(ledger, ledger.people[0], Told.NOTHING, variant=TWIN)
    assert "DOUBLED   person 0 counts 2 times" in wrongs(ledger.people, found)


@pytest.mark.parametrize("key", [(1, 0, OWN), (0, NOBODY, 0), (0, 7, OWN)])
def test_what_nobody_sent_to_this_box_is_seen(ledger: Ledger, key: tuple[int, int, int]) -> None:
    found = {(0, 0, OWN): 1, key: 1}
    assert wrongs(ledger.people, found) == [f"STRANGER  1 answers in box {key[0]} that nobody sent there"]


def test_whoever_sent_to_the_end_reads_thanks(ledger: Ledger) -> None:
    sent(ledger, ledger.people[1], Told.NOTHING)
    assert ledger.people[1].lost_one
    found = {(0, 0, OWN): 1, (1, 1, OWN): 1}
    assert wrongs(ledger.people, found) == ["UNTHANKED person 1 sent to the end and never read thanks"]


def test_a_form_that_was_thanked_for_is_not_refused_later(ledger: Ledger) -> None:
    sent(ledger, ledger.people[0], Told.ALREADY)
    assert wrongs(ledger.people, {(0, 0, OWN): 1}) == [
        "UNTHANKED person 0 sent the same form again and was refused"
    ]


def test_two_forms_of_one_id_are_not_both_thanked_for(ledger: Ledger) -> None:
    sent(ledger, ledger.people[0], Told.AGAIN, variant=OTHER, form=1)
    assert wrongs(ledger.people, {(0, 0, OWN): 1}) == ["DOUBLED   person 0 read thanks for 2 forms"]


def test_what_is_sent_after_the_thanks_never_counts(ledger: Ledger) -> None:
    sent(ledger, ledger.people[0], Told.AGAIN, variant=TWIN)
    why = "REPLACED  person 0: what was sent after the thanks counts"
    assert wrongs(ledger.people, {(0, 0, TWIN): 1}) == [why]


def test_what_came_in_half_never_counts(ledger: Ledger) -> None:
    sent(ledger, ledger.people[0], Told.NOTHING, variant=HALF)
    why = "REPLACED  person 0: what was never sent to its end counts"
    assert wrongs(ledger.people, {(0, 0, HALF): 1}) == [why]


def test_of_two_sent_together_either_may_count() -> None:
    ledger = Ledger(["one"])
    person = ledger.comes(0)
    together = [ledger.begins(person, variant=variant) for variant in (OWN, TWIN)]
    for sending, told in zip(together, (Told.THANKS, Told.AGAIN), strict=True):
        sending.whole = True
        ledger.ends(sending, told)
    assert wrongs(ledger.people, {(0, 0, OWN): 1}) == wrongs(ledger.people, {(0, 0, TWIN): 1}) == []
