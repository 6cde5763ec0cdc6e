"""The anonymous door: the public survey forms."""

from __future__ import annotations

from portal.core.web import Portal, csrf
from survey_forms import blueprint as forms
from survey_forms import preview, promise
from survey_forms.ahead import blank_forms


def register(app: Portal) -> None:
    """Open the survey forms. Their own token stands in for the session's CSRF token: they set no cookie."""
    csrf.exempt(forms.blueprint)
    assert promise.blueprint is forms.blueprint, "imported, so that the blueprint has its address"
    app.register_blueprint(forms.blueprint)
    app.register_blueprint(preview.blueprint)
    app.ahead = blank_forms(app)
