"""The table of an attack, and what in it breaks the promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from portal.tools.attack.attacks import Found
from portal.tools.attack.chance import OVERALL, bound
from portal.tools.attack.robbery import Haul, may_be_there

_ROW = "{:<12}{:<18}{:>8}{:>8}{:>8}{:>8}{:>10}  {}"


def lines_of(hauls: Sequence[Haul]) -> list[str]:
    """The table, readable without knowing the code."""
    limit = bound(attacks_in(hauls))
    lines = [
        "",
        f"{attacks_in(hauls)} linking attacks; one links where its p is below {limit:.1e}",
        f"(all together are wrong in one run of {1 / OVERALL:,.0f}).",
        "Per family, the attack with the most hits:",
        "",
        _ROW.format("database", "family", "attacks", "people", "linked", "chance", "p", "the best of them"),
    ]
    for haul in hauls:
        lines += [_row(haul.engine, of_family) for of_family in families(haul.attacks)]
    lines += ["", "The same attacks on designs that do not work (each must be recovered):", ""]
    for haul in hauls:
        for control in haul.controls:
            lines.append(_row(haul.engine, [control.found]) + f" – {control.design}")
    lines += ["", "Every byte searched for IDs, addresses and whole answers:", ""]
    for haul in hauls:
        for moment, swept in (("while sealed", haul.sealed), ("after opening", haul.opened)):
            lines.append(
                f"{haul.engine:<12}{moment:<18}{swept.files:>6,} files, {swept.bytes / 1e6:>6,.1f} MB: "
                + (_told(swept.found) or "nothing")
            )
    return lines


def faults(hauls: Sequence[Haul]) -> list[str]:
    """What breaks the promise, or shows that the attacks are blind; empty where all holds."""
    limit = bound(attacks_in(hauls))
    found = []
    for haul in hauls:
        linked = [one for one in haul.attacks if one.hits > one.chance and one.probability < limit]
        found += [
            f"LINKED  {one.family}: {one.name}: {one.hits} of {one.people}, p = {one.probability:.1e}"
            for one in linked
        ]
        found += [
            f"BLIND   {control.found.family} does not recover: {control.design}"
            for control in haul.controls
            if not control.recovered or control.found.probability >= limit
        ]
        found += [f"FOUND   while sealed: {one}" for one in haul.sealed.beyond(_nothing)]
        found += [f"FOUND   after opening: {one}" for one in haul.opened.beyond(may_be_there)]
        found += [f"BLIND   the sweep does not find: {one}" for one in haul.blind]
        if not any(kind.startswith("answer") for kind in haul.opened.found.get("database", ())):
            found.append("BLIND   the sweep does not find the opened answers in the database")
        if haul.marks_left:
            found.append(f"MARKS   {haul.marks_left} are left after closing")
        if haul.answers_opened != haul.people:
            found.append(f"LOST    {haul.people - haul.answers_opened} of {haul.people} answers")
    return found


def attacks_in(hauls: Iterable[Haul]) -> int:
    """How many attacks are judged together."""
    return sum(len(haul.attacks) for haul in hauls)


def families(attacks: Sequence[Found]) -> list[list[Found]]:
    """Attacks by family, the one with the most hits first."""
    kept: dict[str, list[Found]] = {}
    for one in attacks:
        kept.setdefault(one.family, []).append(one)
    return [sorted(of_it, key=lambda one: -one.hits) for _family, of_it in sorted(kept.items())]


def _nothing(_place: str, _kind: str) -> bool:
    return False


def _row(engine: str, of_family: Sequence[Found]) -> str:
    best = of_family[0]
    return _ROW.format(
        engine,
        best.family,
        len(of_family),
        f"{best.people:,}",
        f"{best.hits:,}",
        best.chance,
        f"{best.probability:.1e}",
        best.name,
    )


def _told(found: Mapping[str, Counter[str]]) -> str:
    return "; ".join(f"{place}: {dict(kinds)}" for place, kinds in found.items())
