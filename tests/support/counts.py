"""A quarter of an hour begins: what agencies read of their answers is copied anew."""

from __future__ import annotations

from portal.ballot.counting import copy_counts, quarter_of
from portal.core import clock
from portal.core.web import Portal


def a_quarter_begins(app: Portal) -> None:
    """The worker copies the counts, as it does at the beginning of a quarter."""
    with app.app_context():
        copy_counts(quarter_of(clock.machine()))
