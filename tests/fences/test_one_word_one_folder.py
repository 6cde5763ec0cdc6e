"""A subject bears one name on every floor, so that one word leads through the house."""

from __future__ import annotations

from pathlib import Path

from config import ROOT

#: what stands under every subject, in portal and in views
GROUND = {"core", "content", "ballot", "tools", "generated", "frame"}
#: subjects that are screens only
SCREENS_ONLY = {"homes", "jobs"}
#: Flask-Admin looks for the templates of its model views here
FLASK_ADMIN = "admin"


def folders(*parts: str) -> set[str]:
    """The folders of a floor."""
    floor = Path(ROOT, *parts)
    return {path.name for path in floor.iterdir() if path.is_dir() and not path.name.startswith(("__", "."))}


def subjects() -> set[str]:
    """The subjects, as portal names them."""
    return folders("portal") - GROUND - {"static", "templates", "translations"}


def test_every_floor_uses_the_words_of_portal() -> None:
    known = subjects()
    assert len(known) > 10
    assert folders("views") - {"templates", "generated", "frame"} <= known | SCREENS_ONLY
    assert folders("views", "templates") <= known | SCREENS_ONLY | {FLASK_ADMIN}
    libraries = {"flask_admin", "wtforms"}
    assert folders("portal", "translations") - libraries <= known | SCREENS_ONLY | {"core", "generated"}
    assert folders("tests", "portal") <= known | GROUND
    assert folders("tests", "views") <= known | SCREENS_ONLY | {"generated", "frame"}


def test_a_transition_table_is_its_subjects_workflow() -> None:
    """Nothing else in portal makes a Workflow."""
    makers = {
        path.relative_to(ROOT / "portal")
        for path in (ROOT / "portal").rglob("*.py")
        if " = Workflow(" in path.read_text()
    }
    assert makers == {
        Path(word, "workflow.py")
        for word in ("assessors", "disclosure", "letters", "people", "preparation", "register", "rounds")
    }
