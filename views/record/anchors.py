"""The anchors of the record: listed to be compared by eye with a print, fetched to be kept elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request

from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import requires
from portal.core.downloads import attachment
from portal.core.errors import NotFound
from portal.record import anchors

blueprint = Blueprint("anchors", __name__, url_prefix="/record/anchors")
#: two days of them: as many as lie on a few sheets
PAGE = 48
#: an anchor is made every hour; two that are missing are said
LATE = timedelta(hours=2)
TEXT, PEM = "text/plain; charset=utf-8", "application/x-pem-file"


@blueprint.get("")
@requires(P.RECORD_READ)
def index() -> Any:
    """The newest anchors, or (``below``) those before a number; the key that proves them."""
    below = request.args.get("below", type=int)
    found = anchors.listed(below=below, most=PAGE + 1)
    shown = found[:PAGE]
    return render_template(
        "record/anchors.html",
        anchors=shown,
        older=shown[-1].number if len(found) > PAGE else None,
        newest=below is None,
        late=below is None and (not shown or clock.now() - shown[0].at > LATE),
        key=anchors.public_key(),
        key_name=anchors.fingerprint(),
    )


@blueprint.get("/<int:number>.txt")
@requires(P.RECORD_READ)
def file(number: int) -> Any:
    """An anchor as it was signed. Raises NotFound where there is none."""
    try:
        body = anchors.content(number)
    except LookupError as error:
        raise NotFound from error
    name = f"anchor-{number:07d}"
    return attachment(body, TEXT, f"{name}.txt", plain=name)


@blueprint.get("/key.pem")
@requires(P.RECORD_READ)
def key() -> Any:
    """The public key, for the check. Raises NotFound before the first anchor."""
    pem = anchors.public_key()
    if pem is None:
        raise NotFound
    return attachment(pem, PEM, "anchor-key.pem", plain="anchor-key")
