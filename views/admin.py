"""Every generated screen of the desks, in the order of the menu."""

from __future__ import annotations

from flask import Flask

from views import accounts, assessor_bodies, generated, record, registry, year


def register(app: Flask) -> None:
    """Open the generated screens."""
    rooms = (registry, accounts, year, assessor_bodies, record)
    generated.register(app, [view for room in rooms for view in room.views()])
