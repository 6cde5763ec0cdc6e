"""Documentation names what is there."""

from __future__ import annotations

import re

from config import ROOT
from tests.fences.test_whole_app import tracked

_PATH = re.compile(
    r"`((?:docs|migrations|models|portal|reports|requirements|scripts|survey_forms|tests|views)/[^`\s<>*…]*)`"
)
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
_TARGET = re.compile(r"`make ([a-z-]+)")


def test_every_path_and_link_in_the_documents_is_there() -> None:
    missing = []
    for page in tracked("*.md"):
        text = page.read_text()
        paths = [(ROOT / name, name) for name in _PATH.findall(text)]
        paths += [(page.parent / name, name) for name in _LINK.findall(text)]
        missing += [f"{page.relative_to(ROOT)}: {name}" for path, name in paths if not path.exists()]
    assert not missing, "\n".join(missing)


def test_every_make_command_in_the_documents_is_there() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text()))
    named = {target for page in tracked("*.md") for target in _TARGET.findall(page.read_text())}
    assert len(named) > 10
    assert named <= targets, named - targets
