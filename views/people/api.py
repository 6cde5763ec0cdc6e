"""Whose desk a token acts for, and the description of all that it may read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app

from models.account import Role
from portal.core.access import Actor, the_actor
from portal.core.access import Permission as P
from portal.core.api.document import document
from portal.core.api.operations import Asked, figures
from portal.core.api.shapes import ANYTHING, KEY, TEXT, Shape, attributes, maybe, one_of
from portal.core.texts import lazy

blueprint = Blueprint("people_api", __name__)

_DESK = Shape(
    "Desk",
    "The desk that the token acts for",
    attributes(name=TEXT, role=one_of(Role), place=TEXT, province_id=maybe(KEY), agency_id=maybe(KEY)),
)


@figures(blueprint, "/me", P.API_READ, lazy("The desk of the token"), _DESK)
def me(asked: Asked) -> Actor:
    """Whose desk the token acts for."""
    return the_actor()


@figures(blueprint, "/openapi.json", P.API_READ, lazy("This description (OpenAPI 3.1)"), ANYTHING)
def openapi(asked: Asked) -> dict[str, Any]:
    """The description of the API."""
    return document(current_app)
