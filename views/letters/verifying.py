"""The public page of a letter: whoever holds a copy reads whether it is genuine and whether it still holds.

It is found by the random id that the letter carries; a number alone finds nothing.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, render_template

from portal.core.access import open_to_all
from portal.core.errors import NotFound
from portal.core.texts import lazy
from portal.letters.verifying import Form, genuine

blueprint = Blueprint("letter_check", __name__)
#: a file of a letter: what it is called, and what is said of a file that is the same
FORMS: dict[Form, tuple[Any, Any]] = {
    Form.ISSUED: (
        lazy("File as it was issued"),
        lazy("This file is the same as the issued letter: not one letter of it was changed"),
    ),
    Form.SIGNED: (
        lazy("File with the electronic signature"),
        lazy("This file is the same as the signed letter: not one letter of it was changed"),
    ),
    Form.UNSIGNED: (
        lazy("The same letter before it was signed"),
        lazy("This file is the letter before it was signed: its words are those of the signed one"),
    ),
    Form.SCANNED: (
        lazy("Scan of the paper that was signed by hand"),
        lazy("This file is the same as the scan of the signed paper that the office filed"),
    ),
}
_ID = re.compile("[0-9a-f]{32}")


@blueprint.get("/letter/<public_id>")
@open_to_all
def show(public_id: str) -> Any:
    """What the record says of the letter that carries this id."""
    found = genuine(public_id) if _ID.fullmatch(public_id) else None
    if found is None:
        raise NotFound
    versions = [(FORMS[one.form][0], one.sha256, FORMS[one.form][1]) for one in found.versions]
    return render_template("letters/verify.html", letter=found, versions=versions)
