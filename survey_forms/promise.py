"""The public page on the citizen ID: what happens to it, what does not, and what nobody is protected against.

Its words are the product's alone: they state what the system does, which no round can change.
"""

from __future__ import annotations

from flask import Response, render_template, request

from portal.ballot.languages import ENGLISH, NAMES, THAI, Wording
from portal.ballot.public_words import say_in_page, speak, spoken
from portal.core.access import open_to_all
from survey_forms.blueprint import blueprint
from survey_forms.inline import STYLE, squeeze
from survey_forms.page import is_demo
from survey_forms.response import answer

LANGUAGES = (THAI, ENGLISH)


@blueprint.get("/citizen-id")
@open_to_all
def citizen_id() -> Response:
    """The page, in Thai or with ``lang=en`` in English; the same for everybody, without a form."""
    speak(Wording(ENGLISH if request.args.get("lang") == ENGLISH else THAI))
    html = render_template(
        "survey/citizen_id.html",
        language=spoken().language,
        languages=[(code, NAMES[code]) for code in LANGUAGES],
        demo=is_demo(),
        _=say_in_page,
        style=STYLE,
    )
    return answer(squeeze(html).encode())
