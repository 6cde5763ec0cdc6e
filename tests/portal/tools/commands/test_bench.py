"""``bench``: one table of figures, each beside its limit; small here, everything done once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.command_line import Command

FIGURES = (
    r"register imported: 18 agencies",
    r"all rounds",
    r"a draft, with what it lacks",
    r"builder: the tree of IIT",
    r"builder: the tree of OIT",
    r"builder: a question",
    r"builder: an item",
    r"builder: scales",
    r"rules of a draft",
    r"preview of a draft",
    r"workbook of a draft",
    r"opening, with its checks",
    r"a draft beside earlier rounds",
    r"a draft beside an earlier round, all rows",
    r"a question beside an earlier one",
    r"means of 7 agencies, two years",
    r"means of a kind of agency, two years",
    r"18 agencies taken up",
    r"a round of 60 questions copied",
    r"builder: a step",
    r"32 accounts made in bulk",
    r"\d+ users: first page",
    r"\d+ users: an agency by name",
    r"\d+ users: a person by name",
    r"\d+ users: a telephone number",
    r"\d+ users: codes that have ended",
    r"\d+ users: admins of a province",
    r"\d+ users: accounts by state",
    r"\d+ users: accounts of a province by state",
    r"2 slips printed and sealed",
    r"an activation",
    r"an event of the record",
    r"2 events of one act",
    r"4 at once on the system's chain",
    r"record, searched for a person",
    r"record, one kind of act",
    r"status: preparation",
    r"status: IIT",
    r"status: EIT",
    r"status: OIT",
    r"status: agencies, all stages",
    r"status: agencies, searched",
    r"status: IIT over time",
    r"status: a province",
    r"late agencies of the country",
    r"an assessor's agencies",
    r"questions of a round",
    r"OIT items of a round",
    r"roster of thousands, searched",
    r"[\d,]+ events as CSV",
    r"[\d,]+ events as XLSX",
    r"status page of the country",
    r"list of agencies, first page",
    r"list of agencies, searched",
    r"list of agencies, by a descriptive field",
    r"one letter, 18 agencies",
    r"one proof, through a warm printer",
    r"1 letters, two processes",
    r"1 letters, two processes, signed",
    r"2 posters of agencies",
    r"two sectors: status of the first sector",
    r"two sectors: status IIT of the first sector",
    r"two sectors: list of agencies of the first sector",
    r"two sectors: status of 900 units",
    r"two sectors: status IIT of 900 units",
    r"two sectors: list of agencies of 900 units",
    r"form of a respondent, CPU",
    r"submission, CPU",
    r"respondent over HTTP, both requests",
    r"respondents, 12 at once",
    r"3 times as many: answers taken",
    r"3 times as many: form refused",
    r"3 times as many: answers refused",
    r"3 times as many: sign-in meanwhile",
    r"\d+ respondents and 0 sign-ins a second",
    r"\d+ respondents and \d+ sign-ins a second",
    r"1,\d\d\d answers opened and scored",
    r"second start, to the first page",
)
TIME = r"\d+(\.\d\d)? (µs|ms|s)"


@pytest.mark.proof
def test_every_figure_has_a_unit_and_the_limit_of_the_same_work(
    tmp_path: Path, prompt: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run: it starts three servers."""
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path / "instance"))
    monkeypatch.setenv("PORTAL_CLOCK", "2018-11-09T10:00:00+07:00")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "KEY_DIR", "BENCH_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    told = prompt("bench", "--small")
    assert told.code == 0, told.err
    _register, head, *lines = told.out.splitlines()
    assert head.split() == "p50 p95 limit of the same work".split()
    filled = [line for line in lines if line.startswith("filled in")]
    assert "7 agencies, 1,3" in filled[0] and "(" in filled[0] and "rows a second)" in filled[0]
    sizes = [line for line in lines if line.startswith("sealed answers")]
    assert re.fullmatch(r"sealed answers \d\.\d MB \(\d+ bytes each\); marks \d\.\d MB .*", sizes[0])
    figures = [line for line in lines if line not in filled + sizes]
    assert len(figures) == len(FIGURES)
    for line, name in zip(figures, FIGURES, strict=True):
        assert re.match(rf"{name} +{TIME} +{TIME}  {TIME} [a-zP]", line), line
    assert not (tmp_path / "instance" / "portal.db").exists(), "it measures in a folder of its own"
