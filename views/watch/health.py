"""Whether the portal lives and can serve, for machines that ask; strangers read yes or no and which part."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, jsonify

from portal.core.access import open_to_all
from portal.core.database.session import without_session
from portal.watch.health import Readiness

blueprint = Blueprint("health", __name__)


@blueprint.get("/health/alive")
@open_to_all
@without_session
def alive() -> Any:
    """The process answers: nothing else is asked."""
    return jsonify(alive=True)


@blueprint.get("/health")
@open_to_all
@without_session
def ready() -> Any:
    """Each part, and 503 where one of them cannot be used: no request should be sent here then."""
    parts = _readiness().parts()
    usable = all(parts.values())
    words = {part: "ok" if is_usable else "not ok" for part, is_usable in parts.items()}
    return jsonify(alive=True, ready=usable, parts=words), 200 if usable else 503


def _readiness() -> Readiness:
    kept: Readiness = current_app.extensions.setdefault("readiness", Readiness(current_app.settings))  # type: ignore[attr-defined]
    return kept
