"""The signed-in desks: every room, in one place. A room is a blueprint or a generated view."""

from __future__ import annotations

from flask import Blueprint, Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from config import ROOT
from views import assessor, home, interviews, jobs, navigation, rosters, rounds, sampling, sign_in

ROOMS: tuple[Blueprint, ...] = (
    sign_in.blueprint,
    home.blueprint,
    jobs.blueprint,
    assessor.blueprint,
    sampling.blueprint,
    interviews.blueprint,
    rosters.blueprint,
    rounds.blueprint,
)


def register(app: Flask) -> None:
    """Open the desks on the application."""
    assert app.jinja_loader is not None
    app.jinja_loader = ChoiceLoader([app.jinja_loader, FileSystemLoader(ROOT / "views" / "templates")])
    for room in ROOMS:
        app.register_blueprint(room)
    app.context_processor(navigation.context)
