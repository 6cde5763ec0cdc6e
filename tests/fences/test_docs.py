"""Documentation, and the files that tools read, name what is there."""

from __future__ import annotations

import json
import re
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import ROOT
from tests.fences.test_whole_app import tracked

_FOLDERS = "docs|migrations|models|portal|reports|requirements|scripts|survey_forms|tests|views"
_HIDDEN = r"\.(?:ci|devcontainer|git-blame-ignore-revs|gitlab|pre-commit-config|secrets)"
_PATH = re.compile(rf"`((?:(?:{_FOLDERS})/|{_HIDDEN})[^`\s<>*…]*)`")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
_TARGET = re.compile(r"`make ([a-z-]+)|^ {4}make ([a-z-]+)", re.MULTILINE)
#: what somebody who carries on reads first
FOR_CARRYING_ON = ("CONTRIBUTING.md", "docs/testing.md", "SECURITY.md", "CHANGELOG.md", "LICENSE")


def missing_of(page: Path, text: str) -> list[str]:
    """Paths and links of a page that are not there."""
    paths = [(ROOT / name, name) for name in _PATH.findall(text)]
    paths += [(page.parent / name, name) for name in _LINK.findall(text)]
    return [f"{page.relative_to(ROOT)}: {name}" for path, name in paths if not path.exists()]


def test_every_path_and_link_in_the_documents_is_there() -> None:
    missing = [name for page in tracked("*.md") for name in missing_of(page, page.read_text())]
    assert not missing, "\n".join(missing)


def test_a_planted_path_and_link_are_missed() -> None:
    text = "`portal/nobody.py`, `.ci/run`, [gone](docs/gone.md), [here](README.md), `.gitlab/none.md`"
    assert missing_of(ROOT / "README.md", text) == [
        f"README.md: {name}" for name in ("portal/nobody.py", ".gitlab/none.md", "docs/gone.md")
    ]


def test_every_make_command_in_the_documents_is_there() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text()))
    named = {one for page in tracked("*.md") for found in _TARGET.findall(page.read_text()) for one in found}
    assert len(named) > 10
    assert named - {""} <= targets, named - targets


def test_the_readme_leads_to_what_is_read_for_carrying_on() -> None:
    assert set(FOR_CARRYING_ON) <= set(_LINK.findall((ROOT / "README.md").read_text()))


def test_what_runs_elsewhere_calls_what_is_here() -> None:
    pipeline: dict[str, Any] = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text())
    assert pipeline["check"]["script"] == [".ci/run"]
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    assert container["postCreateCommand"].endswith("make setup-dev")


def test_every_hook_before_a_commit_is_a_tool_of_the_lock() -> None:
    config: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {repo["repo"] for repo in config["repos"]} == {"local"}, "nothing is fetched before a commit"
    assert {hook["language"] for hook in hooks} == {"system"}
    tools = {hook["entry"].split()[0] for hook in hooks}
    assert all((ROOT / tool).exists() for tool in tools), tools


def test_blame_looks_through_commits_of_this_history_only() -> None:
    """Each hash stands under its subject."""
    if git("rev-parse", "--is-shallow-repository") == "true":
        pytest.skip("the history is not here: clone it whole (git fetch --unshallow)")
    lines = (ROOT / ".git-blame-ignore-revs").read_text().splitlines()
    hashes = [(above.removeprefix("# "), line) for above, line in pairwise(lines) if is_hash(line)]
    assert len(hashes) == sum(is_hash(line) for line in lines) > 3
    assert [(git("log", "-1", "--format=%s", commit), commit) for _subject, commit in hashes] == hashes


def is_hash(line: str) -> bool:
    return re.fullmatch("[0-9a-f]{40}", line) is not None


def git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


_TEST_NAME = re.compile(r"`(test_\w+)`")


def test_every_test_that_proves_a_rule_of_letters_is_there() -> None:
    page = (ROOT / "docs/official-letter-rules.md").read_text()
    named = set(_TEST_NAME.findall(page))
    sources = "".join(path.read_text() for path in tracked("tests/*.py"))
    there = set(re.findall(r"^def (test_\w+)\(", sources, re.MULTILINE))
    assert len(named) > 40 and sorted(named - there) == []
