"""The public page of a certificate: whoever holds one reads whether it is genuine and whether it still holds.

It is found by the random id that the certificate carries; a number alone finds nothing.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, render_template

from portal.certificates.verifying import Form, genuine
from portal.core.access import open_to_all
from portal.core.errors import NotFound
from portal.core.texts import lazy

blueprint = Blueprint("certificate_check", __name__)
#: a file of a certificate: what it is called, and what is said of a file that is the same
FORMS: dict[Form, tuple[Any, Any]] = {
    Form.PRINTED: (
        lazy("File as it was printed"),
        lazy("This file is the same as the printed certificate: not one letter of it was changed"),
    ),
    Form.SIGNED: (
        lazy("File with the electronic signature"),
        lazy("This file is the same as the signed certificate: not one letter of it was changed"),
    ),
    Form.UNSIGNED: (
        lazy("The same certificate before it was signed"),
        lazy("This file is the certificate before it was signed: its words are those of the signed one"),
    ),
}
_ID = re.compile("[0-9a-f]{32}")


@blueprint.get("/certificate/<public_id>")
@open_to_all
def show(public_id: str) -> Any:
    """What the record says of the certificate that carries this id."""
    found = genuine(public_id) if _ID.fullmatch(public_id) else None
    if found is None:
        raise NotFound
    versions = [(FORMS[one.form][0], one.sha256, FORMS[one.form][1]) for one in found.versions]
    return render_template("certificates/verify.html", found=found, versions=versions)
