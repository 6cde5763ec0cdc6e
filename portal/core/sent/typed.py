"""What a browser sends, in the one normal form of Thai before anybody reads it: one place for both doors.

Forms, searches, filters and names of files; not passwords, which are compared as they were typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.utils import cached_property

from models.thai import normal_form
from portal.core.outside import Words, clean

#: fields of passwords
AS_TYPED = frozenset({"password", "old", "new"})


class TypedRequest(Request):
    """Flask's request with every text of address and form in its normal form."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The address's arguments."""
        return Words(_normal(super().args.items(multi=True)))

    def _load_form_data(self) -> None:
        super()._load_form_data()
        form: MultiDict[str, str] = self.__dict__["form"]
        self.__dict__["form"] = Words(_normal(form.items(multi=True)))
        for file in self.__dict__["files"].values():
            if file.filename:
                file.filename = normal_form(clean(file.filename))


def _normal(pairs: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for name, value in pairs:
        yield name, value if name in AS_TYPED else normal_form(value)
