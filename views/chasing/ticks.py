"""The rows that were ticked in a list, as its address names them."""

from __future__ import annotations

from flask import request

from portal.core.errors import NotFound
from portal.core.outside import whole


def ticked(most: int) -> list[int] | None:
    """The ids of the ticked rows; None where none is named: the whole list is meant.

    Raises NotFound for what is no id, and for more rows than a page has.
    """
    words = request.args.getlist("pick")
    found = [key for word in words if (key := whole(word, least=1)) is not None]
    if len(found) != len(words) or len(found) > most:
        raise NotFound
    return found or None
