"""How people want their lists: columns and page size as last chosen, and filters kept under a name.

A saved filter is an address and opens nothing: what it names and the list does not have counts for nothing,
and the rows are those of who opens it. It belongs to a person at a desk; shared, the same desk of the same
office reads it too, and only its owner changes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from models.saved_filter import ListChoice, SavedFilter
from portal.core import clock
from portal.core.access import Actor, scope_of
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.sent.versions import require_version

#: filters that one person keeps of one list
MOST = 40


def choice_of(actor: Actor, name: str) -> ListChoice | None:
    """What the person last chose for a list, None where that was nothing."""
    return db.session.get(ListChoice, (actor.account_id, name)) if actor.account_id else None


def choose(actor: Actor, name: str, *, columns: Sequence[str] | None, page_size: int | None) -> None:
    """Remember columns and page size of a list for the person; two pages at once: the later one holds."""
    choice = choice_of(actor, name)
    if choice is None:
        try:
            with db.session.begin_nested():
                db.session.add(ListChoice(account_id=actor.account_id, list=name))
        except IntegrityError:
            pass  # another page of the same person was faster
        choice = choice_of(actor, name)
    if choice is None:
        raise NotFound
    choice.columns, choice.page_size = list(columns) if columns else None, page_size
    db.session.flush()


def saved_of(actor: Actor, name: str) -> list[SavedFilter]:
    """The filters of a list that the person sees at this desk: the own ones first, then the office's."""
    query = select(SavedFilter).where(SavedFilter.list == name, SavedFilter.role == actor.role)
    query = query.where(or_(SavedFilter.account_id == actor.account_id, SavedFilter.shared))
    rows = db.session.scalars(query.order_by(SavedFilter.name))
    return sorted(rows, key=lambda one: one.account_id != actor.account_id)


def own(actor: Actor, key: int) -> SavedFilter:
    """A filter that the person keeps. Raises NotFound, also for one that somebody else shares."""
    query = select(SavedFilter).where(SavedFilter.id == key, SavedFilter.account_id == actor.account_id)
    row = db.session.scalar(query.where(SavedFilter.role == actor.role))
    if row is None:
        raise NotFound
    return row


def keep(
    actor: Actor, name: str, words: str, args: Mapping[str, Any], *, shared: bool, default: bool
) -> SavedFilter:
    """Keep a list's address under a name.

    Raises Refused for a name that the person uses already, and where there are too many.
    """
    mine = [one for one in saved_of(actor, name) if one.account_id == actor.account_id]
    if len(mine) >= MOST:
        raise Refused("You keep %(count)s filters of this list: delete one first", count=MOST)
    _refuse_twin(mine, words)
    scope = scope_of(actor)
    row = SavedFilter(
        account_id=actor.account_id,
        role=actor.role,
        reach=scope.reach.value,
        place=scope.place_id or 0,
        list=name,
        name=words,
        args=dict(args),
        shared=shared,
        made_at=clock.now(),
        by=actor.name,
    )
    _only_default(actor, name, default=default)
    row.is_default = default
    db.session.add(row)
    db.session.flush()
    return row


def change(
    actor: Actor, row: SavedFilter, words: str, *, version: int | None, shared: bool, default: bool
) -> None:
    """Rename one's own filter, share it or not, and make it the one with which the list opens.

    Raises Refused for a name that is used already, Stale where it was changed since its page was made.
    """
    require_version(row, version)
    mine = [one for one in saved_of(actor, row.list) if one.account_id == actor.account_id]
    _refuse_twin([one for one in mine if one is not row], words)
    if default and not row.is_default:
        _only_default(actor, row.list, default=True)
    row.name, row.shared, row.is_default = words, shared, default
    db.session.flush()


def remove(row: SavedFilter) -> None:
    """Delete one's own filter."""
    db.session.delete(row)
    db.session.flush()


def _refuse_twin(mine: Sequence[SavedFilter], words: str) -> None:
    if any(one.name == words for one in mine):
        raise Refused("You keep a filter of this name already: choose another", field="name")


def _only_default(actor: Actor, name: str, *, default: bool) -> None:
    """The list opens with one filter at most: the one before gives way."""
    if not default:
        return
    for one in saved_of(actor, name):
        if one.account_id == actor.account_id and one.is_default:
            one.is_default = False
    db.session.flush()
