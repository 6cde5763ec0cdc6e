"""The public page of a letter: whoever holds a copy reads whether it is genuine and whether it still holds.

It is found by the random id that the letter carries; a number alone finds nothing.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, render_template

from portal.core.access import open_to_all
from portal.core.errors import NotFound
from portal.letters.verifying import genuine

blueprint = Blueprint("letter_check", __name__)
_ID = re.compile("[0-9a-f]{32}")


@blueprint.get("/letter/<public_id>")
@open_to_all
def show(public_id: str) -> Any:
    """What the record says of the letter that carries this id."""
    found = genuine(public_id) if _ID.fullmatch(public_id) else None
    if found is None:
        raise NotFound
    return render_template("letters/verify.html", letter=found)
