"""Templates of papers whose every value goes on paper with Thai digits."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from models.thai import letter_digits


def paper_templates() -> Environment:
    """The folder of templates: values escaped, none missing, digits Thai but where marked ``plain``."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        finalize=_printed,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(plain=Markup)
    return environment


def _printed(value: object) -> object:
    return value if isinstance(value, Markup) else letter_digits(value)
