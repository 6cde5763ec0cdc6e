"""The guides: one's own first. Strangers read how to come in, and how a survey is answered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, send_from_directory, url_for

from portal.core.access import ROLES, open_to_all, signed_in, the_actor
from portal.core.errors import NotFound
from portal.help import shelf
from portal.help.reading import Addresses

blueprint = Blueprint("help", __name__)


def _one_of(names: tuple[str, ...]) -> str:
    """The part of an address that is one of these names."""
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"<any({quoted}):name>"


@blueprint.get("/help")
@signed_in
def index() -> Any:
    """All guides with their chapters."""
    role = the_actor().role
    own, *others = shelf.for_role(role)
    label = ROLES[role].label if role in ROLES else None
    return render_template("help/index.html", own=own, others=others, role_label=label)


@blueprint.get(f"/help/{_one_of(shelf.GUIDES)}")
@signed_in
def guide(name: str) -> Any:
    """One guide."""
    return render_template("help/guide.html", guide=shelf.guide(name), addresses=_ADDRESSES)


@blueprint.get(f"/help/open/{_one_of(shelf.OPEN)}")
@open_to_all
def public(name: str) -> Any:
    """One of the guides for people who have not signed in, without a desk around it."""
    return render_template("help/public.html", guide=shelf.guide(name), addresses=_OPEN_ADDRESSES)


@blueprint.get("/help/pictures/<name>")
@open_to_all
def picture(name: str) -> Any:
    """A picture of a guide, of the demonstration."""
    if name not in shelf.pictures():
        raise NotFound
    return send_from_directory(shelf.PICTURES, name)


def _address(name: str, place: str) -> str:
    return url_for("help.guide", name=name, _anchor=place or None)


def _open_address(name: str, place: str) -> str:
    if name not in shelf.OPEN:
        return _address(name, place)
    return url_for("help.public", name=name, _anchor=place or None)


def _picture(name: str) -> str:
    return url_for("help.picture", name=name)


_ADDRESSES = Addresses(_address, _picture)
_OPEN_ADDRESSES = Addresses(_open_address, _picture)
