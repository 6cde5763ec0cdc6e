"""Rows of lists in the builder's forms."""

from __future__ import annotations

from typing import Any

from wtforms import Form
from wtforms.meta import DefaultMeta

from portal.core.forms import WORDS, bind_field

#: empty rows below those that are filled
SPARE_ROWS = 2


class Row(Form):
    """A row of a list; a row left empty does not count."""

    class Meta(DefaultMeta):
        bind_field = bind_field

        def get_translations(self, form: Any) -> Any:
            return WORDS
