"""The conditions of a sector as one option of a statement: some sixty, and the same for everybody in it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.orm.interfaces import CriteriaOption

from models.base import Base


class SameForAll(CriteriaOption):
    """Conditions on many classes that a key tells whole, so that no statement walks through them.

    SQLAlchemy looks for a compiled statement by every part of every option, which costs a page as much as its
    queries. These hold for each who has the key, values and all: the key stands for them. Never a condition
    with a person's id in it: its value would be the first person's.
    """

    inherit_cache = True
    propagate_to_loaders = True

    def __init__(self, key: Hashable, conditions: Iterable[tuple[type[Base], ColumnElement[bool]]]) -> None:
        self.key = key
        self.parts = tuple(
            with_loader_criteria(model, condition, include_aliases=True, propagate_to_loaders=True)
            for model, condition in conditions
        )

    def _gen_cache_key(self, _anon_map: Any, _bindparams: Any) -> tuple[Any, ...]:
        """What a compiled statement is found by."""
        return (SameForAll, self.key)

    def process_compile_state(self, compile_state: Any) -> None:
        """Add the conditions to a statement that is compiled."""
        self.get_global_criteria(compile_state.global_attributes)

    def process_compile_state_replaced_entities(self, compile_state: Any, _mapper_entities: Any) -> None:
        """The same where a statement got other columns."""
        self.process_compile_state(compile_state)

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        """Add the conditions."""
        for part in self.parts:
            part.get_global_criteria(attributes)
