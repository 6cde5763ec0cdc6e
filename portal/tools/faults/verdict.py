"""The table of a trial, and what in it breaks the promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from portal.tools.faults import amounts
from portal.tools.faults.crowd import acknowledged
from portal.tools.faults.ledger import Told, wrongs
from portal.tools.faults.trial import Outcome

_ROW = "  {:<46}{:>9,}"
#: lines of one kind that are printed; the rest is a number
MOST = 10


def lines_of(outcome: Outcome) -> list[str]:
    """The table of one database, readable without knowing the code."""
    people = outcome.people
    lost = [person for person in people if person.lost_one]
    rows = [(kind, outcome.done[kind]) for kind in outcome.planned]
    rows += [
        ("people who answered", len(people)),
        ("answers acknowledged", acknowledged(people)),
        ("forms sent to their end", sum(one.whole for person in people for one in person.sendings)),
        ("forms sent with no word coming back", _told(outcome, Told.NOTHING)),
        ("  of them cut off on purpose", outcome.read["thanks cut off"]),
        ("people who lost an acknowledgement", len(lost)),
        ("  of them read thanks in the end", acknowledged(lost)),
        ("thanks for a form that was in the box already", outcome.read[Told.AGAIN.value]),
        ("other forms with the same ID refused", outcome.read[Told.ALREADY.value]),
        ("told to send again later", outcome.read[Told.NOT_NOW.value]),
        *sorted((what, number) for what, number in outcome.read.items() if what.startswith("answers ")),
        ("sealed answers / marks before closing", outcome.sealed.sealed),
        ("answers opened", outcome.opened.opened),
    ]
    took = ", ".join(f"{part} {seconds:.0f} s" for part, seconds in outcome.took.items())
    return [f"{outcome.engine}:", *(_ROW.format(*row) for row in rows), f"  {took}"]


def wrong_in(outcome: Outcome) -> list[str]:
    """All that is wrong with one trial, a line each."""
    lines = [*outcome.wrong, *wrongs(outcome.people, outcome.found)]
    expected = sum(outcome.found.values())
    before, after = outcome.sealed, outcome.opened
    named = {"marks": before.marks, "sealed answers": before.sealed, "counters": before.counted}
    named |= {"daily counters": before.daily, "opened answers": after.opened, "counters after": after.counted}
    people = sum(any(one.whole for one in person.sendings) for person in outcome.people)
    lines += [
        f"COUNTS    {name}: {number}, people in the boxes: {expected}, people who sent: {people}"
        for name, number in named.items()
        if not number == expected == people
    ]
    if after.aside or after.sealed or after.marks or outcome.code:
        lines.append(f"COUNTS    the opening ended with {outcome.code}: {after}")
    lines += [
        f"NOT DONE  {kind}: {outcome.done[kind]} of {number}"
        for kind, number in outcome.planned.items()
        if outcome.done[kind] < number
    ]
    return lines


def shortened(lines: Sequence[str]) -> list[str]:
    """The first few lines of each kind, and how many there are."""
    kinds = Counter(line.partition(" ")[0] for line in lines)
    shown: Counter[str] = Counter()
    kept = []
    for line in lines:
        kind = line.partition(" ")[0]
        shown[kind] += 1
        if shown[kind] <= MOST:
            kept.append(line)
    return [*kept, *(f"{kind:<10}{number} in all" for kind, number in kinds.items() if number > MOST)]


def in_all(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """The sums that the full form promises."""
    done = sum((outcome.done for outcome in outcomes), Counter[str]())
    return {
        "kill -9": sum(number for kind, number in done.items() if kind.startswith("kill")),
        "disk full": done[amounts.DISK],
        "database restarts": done[amounts.RESTART],
        "answers acknowledged": sum(acknowledged(outcome.people) for outcome in outcomes),
    }


def too_little(sums: dict[str, int]) -> list[str]:
    """What the full form promises and a run did not reach."""
    least = {
        "kill -9": amounts.LEAST_KILLS,
        "disk full": amounts.LEAST_DISKS,
        "database restarts": amounts.LEAST_RESTARTS,
        "answers acknowledged": amounts.LEAST_ANSWERS,
    }
    return [
        f"NOT DONE  {name}: {sums[name]} of {number}" for name, number in least.items() if sums[name] < number
    ]


def _told(outcome: Outcome, told: Told) -> int:
    return sum(one.whole and one.told is told for person in outcome.people for one in person.sendings)
