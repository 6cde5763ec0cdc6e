"""Every generated screen of the desks, in the order of the menu."""

from __future__ import annotations

from flask import Flask

from views.assessors import bodies as assessor_bodies
from views.generated import registering as generated
from views.people import accounts
from views.record import screens as record
from views.register import agencies as registry
from views.rounds import year


def register(app: Flask) -> None:
    """Open the generated screens."""
    rooms = (registry, accounts, year, assessor_bodies, record)
    generated.register(app, [view for room in rooms for view in room.views()])
