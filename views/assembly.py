"""The signed-in desks: every room, in one place. A room is a blueprint or a generated view."""

from __future__ import annotations

from flask import Blueprint, Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from config import ROOT
from views import (
    account_acts,
    admin,
    assessor,
    disclosure_review,
    home,
    interviews,
    jobs,
    letters,
    links,
    navigation,
    preparation,
    registry_import,
    results,
    roster,
    roster_import,
    rosters,
    rounds,
    sampling,
    scoring,
    sign_in,
    status,
)

ROOMS: tuple[Blueprint, ...] = (
    sign_in.blueprint,
    home.blueprint,
    jobs.blueprint,
    preparation.blueprint,
    roster.blueprint,
    roster_import.blueprint,
    links.blueprint,
    assessor.blueprint,
    sampling.blueprint,
    interviews.blueprint,
    rosters.blueprint,
    rounds.blueprint,
    account_acts.blueprint,
    registry_import.blueprint,
    disclosure_review.blueprint,  # the admin's pages of views.disclosure too
    scoring.blueprint,
    status.blueprint,
    letters.blueprint,
    results.blueprint,
)


def register(app: Flask) -> None:
    """Open the desks on the application."""
    assert app.jinja_loader is not None
    app.jinja_loader = ChoiceLoader([app.jinja_loader, FileSystemLoader(ROOT / "views" / "templates")])
    for room in ROOMS:
        app.register_blueprint(room)
    admin.register(app)
    app.context_processor(navigation.context)
