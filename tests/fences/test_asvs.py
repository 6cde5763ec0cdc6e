"""The table of ASVS: every number of two levels once, counted truly, and each row with what it stands on."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain

import pytest

from config import ROOT

FOLDER = ROOT / "docs" / "security"
TABLE, LEVELS = FOLDER / "asvs.md", FOLDER / "asvs-levels.txt"
WORDS = ("held", "else", "n/a", "open")
_ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_FOLDERS = "docs|models|portal|reports|requirements|scripts|survey_forms|tests|views"
_PATH = re.compile(rf"`((?:{_FOLDERS})/[^`\s]+|config\.py|pyproject\.toml|\.pre-commit-config\.yaml)`")
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
_COUNTS = re.compile(r"\*\*(\d+) requirements \((\d+) of level 1, (\d+) of level 2\): (.+)\.\*\*")


def rows_of(text: str) -> list[tuple[str, str, str, str, str]]:
    """Number, level, what is asked, the word and the reason of each row."""
    return _ROW.findall(text)


def asked() -> dict[str, str]:
    """Every number of levels 1 and 2 with its level."""
    sections = re.findall(r"^(V\d+\.\d+) ([123]+)$", LEVELS.read_text(), re.MULTILINE)
    every = {f"{section}.{at}": level for section, levels in sections for at, level in enumerate(levels, 1)}
    assert Counter(every.values()) == {"1": 70, "2": 183, "3": 92}, "as many as the standard has"
    return {number: level for number, level in every.items() if level != "3"}


def faults_of(text: str) -> list[str]:
    """What is wrong with a table: rows missing or doubled, unfounded, on paths that are gone, miscounted."""
    rows, wanted = rows_of(text), asked()
    times = Counter(number for number, *_rest in rows)
    faults = [f"{number}: {times[number]} times" for number in wanted if times[number] != 1]
    faults += [f"{number}: not asked" for number in times if number not in wanted]
    faults += list(chain.from_iterable(_faults_of_row(row, wanted) for row in rows))
    levels, words = Counter(row[1] for row in rows), Counter(row[3] for row in rows)
    counted = ", ".join(f"{words[word]} {word}" for word in WORDS)
    said = (str(len(rows)), str(levels["1"]), str(levels["2"]), counted)
    if _COUNTS.findall(text) != [said]:
        faults.append(f"the counts at the top are not {said}")
    return faults


def _faults_of_row(row: tuple[str, str, str, str, str], wanted: dict[str, str]) -> list[str]:
    number, level, _what, word, how = row
    paths = [(ROOT / path, path) for path in _PATH.findall(how)]
    paths += [(FOLDER / path, path) for path in _LINK.findall(how)]
    faults = [f"{number}: {name} is not there" for path, name in paths if not path.exists()]
    if level != wanted.get(number, level):
        faults.append(f"{number}: is of level {wanted[number]}")
    if word not in WORDS:
        faults.append(f"{number}: {word}")
    if word == "held" and not paths and "`make " not in how and "README" not in how and "ADR" not in how:
        faults.append(f"{number}: held by what?")
    if word == "open" and "issing" not in how and "as V" not in how and "not erased" not in how:
        faults.append(f"{number}: what is missing?")
    return faults


def test_every_requirement_of_two_levels_stands_once_with_what_holds_it() -> None:
    assert faults_of(TABLE.read_text()) == []


@pytest.mark.parametrize(
    ("planted", "instead", "fault"),
    [
        ("| V1.2.4 | 1 |", "| V1.2.5 | 1 |", "V1.2.4: 0 times"),
        ("| V1.2.10 | 2 |", "", "V1.2.10: not asked"),
        ("| V1.2.4 | 1 |", "| V1.2.4 | 2 |", "V1.2.4: is of level 1"),
        ("`portal/core/bounds.py`", "`portal/core/nowhere.py`", "portal/core/nowhere.py is not there"),
        ("two lengths are refused", "two lengths | are refused", "V4.2.1: 0 times"),
        ("70 of level 1", "71 of level 1", "the counts at the top"),
    ],
)
def test_a_planted_fault_is_found(planted: str, instead: str, fault: str) -> None:
    text = TABLE.read_text()
    changed = text.replace(planted, instead, 1) if instead else f"{text}{planted} x | n/a | y |\n"
    assert any(fault in one for one in faults_of(changed))
