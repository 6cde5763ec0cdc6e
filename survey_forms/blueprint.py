"""The addresses of the survey forms."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("survey", __name__, template_folder="templates")
