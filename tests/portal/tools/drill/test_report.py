"""The drill's table: each step with its count, and every difference from the plan by name."""

from __future__ import annotations

import pytest

from portal.tools.drill.report import Report


def test_a_step_is_told_with_its_count_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    with report.step("agencies prepared") as step:
        step.count = 1300
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("agencies prepared ") and " 1,300 " in line and line.endswith(" s")
    assert [(kept.name, kept.count) for kept in report.steps] == [("agencies prepared", 1300)]
    assert report.end() == 0
    assert capsys.readouterr().out.endswith("Every total is as planned\n")


def test_a_quiet_report_keeps_its_steps_for_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """The bench walks too, and prints its own table."""
    report = Report(quiet=True)
    with report.step("agencies prepared") as step:
        step.count = 3
    assert (capsys.readouterr().out, report.steps[0].count) == ("", 3)


def test_a_difference_ends_in_failure(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.check("agencies", found=300, planned=300)
    report.check("letters", found=75, planned=76)
    assert report.end() == 1
    told = capsys.readouterr().out
    assert "DIFFERENCE letters: planned 76, found 75" in told
    assert "agencies" not in told and told.endswith("The drill failed\n")


def test_a_figure_is_said_beneath_its_step_unless_nobody_listens(capsys: pytest.CaptureFixture[str]) -> None:
    Report().note("40 a second")
    assert capsys.readouterr().out == "  40 a second\n"
    Report(quiet=True).note("40 a second")
    assert capsys.readouterr().out == ""
