"""What a generated list knows of its person: the columns and page size chosen, and the filters kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import g, url_for
from werkzeug.datastructures import ImmutableMultiDict

from portal.core import saved_lists
from portal.core.access import the_actor
from views.generated.described import DescribedView
from views.generated.listing import ListQuery

#: in an address without anything else: the list as it comes, whatever filter it would open with
EVERY = {"all": 1}


@dataclass(frozen=True)
class Kept:
    """A saved filter as the list shows it. ``by``: who shares it, for one of somebody else; ``opens``: own
    and the one with which the list opens."""

    id: int
    name: str
    url: str
    own: bool
    shared: bool
    by: str
    opens: bool


def kept_of(view: DescribedView) -> list[Kept]:
    """The saved filters of a list that the person sees, each with its address."""
    actor = the_actor()
    found = []
    for row in saved_lists.saved_of(actor, view.endpoint):
        own = row.account_id == actor.account_id
        url = view.get_url(".index_view", **(read(view, row.args).args() or EVERY))
        by = "" if own else row.by
        found.append(Kept(row.id, row.name, url, own, row.shared, by, own and row.is_default))
    return found


def read(view: DescribedView, args: Any) -> ListQuery:
    """A saved address as the list reads it now: what it no longer has counts for nothing."""
    texts = {str(name): str(value) for name, value in args.items()} if isinstance(args, dict) else {}
    return ListQuery.of(view, ImmutableMultiDict(texts))


def preferred(view: DescribedView, criteria: ListQuery) -> ListQuery:
    """The same, with the columns and the page size that the person last chose where none are named."""
    choice = saved_lists.choice_of(the_actor(), view.endpoint)
    if choice is None:
        return criteria
    names = [str(name) for name in choice.columns] if isinstance(choice.columns, list) else []
    return replace(
        criteria,
        columns=criteria.columns or view.known_columns(names),
        size=criteria.size or choice.page_size,
    )


def about(view: DescribedView, criteria: ListQuery) -> dict[str, Any]:
    """The arguments of an address about a list as it is narrowed now."""
    arguments = {"name": view.endpoint, **criteria.args(page=1)}
    return {**arguments, "round": g.round_id} if view.round_scoped else arguments


def url(where: str, view: DescribedView, criteria: ListQuery) -> str:
    """The address of a page of saved_screens about this list, as it is narrowed now."""
    return url_for(f"saved_lists.{where}", **about(view, criteria))
