"""The list behind a generated view: what the address asks for, the query, a page of rows, a capped count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import RelationshipProperty, joinedload

from models.search import Word, words_of
from portal.core import search
from portal.core.database.session import db
from portal.core.described import order
from portal.core.outside import whole
from views.generated import added
from views.generated.described import DescribedView
from views.generated.filters import PREFIX, Filter

#: counting stops here: "10,000+" costs 3 ms where a full count costs 100
MOST_COUNTED = 10_000
LONGEST_SEARCH = 200
#: deeper pages are reached by searching, not by leafing
DEEPEST_PAGE = 2_000
#: rows of a page that a person may choose, beside those of the list itself
PAGE_SIZES = (25, 50, 100, 200)


@dataclass(frozen=True)
class ListQuery:
    """What an address asks of a list. Pages count from 1."""

    page: int = 1
    sort: str | None = None
    desc: bool = False
    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    #: names of the columns that are shown, in their order; none: those of the list itself
    columns: tuple[str, ...] = ()
    #: rows of a page; None: as many as the list itself says
    size: int | None = None

    @classmethod
    def of(cls, view: DescribedView, args: Mapping[str, str]) -> ListQuery:
        """Read an address; what it names and the view does not have counts for nothing."""
        sort = args.get("sort")
        filters = {
            name: args[PREFIX + name].strip() for name in view.filters if args.get(PREFIX + name, "").strip()
        }
        return cls(
            page=max(1, min(whole(args.get("page")) or 1, DEEPEST_PAGE)),
            sort=sort if sort in view._sortable_columns else None,
            desc=args.get("desc") == "1",
            search=args.get("search", "").strip()[:LONGEST_SEARCH],
            filters=filters,
            columns=view.known_columns(args.get("cols", "").split(",")),
            size=size_of(view, args.get("size")),
        )

    def args(self, **changes: Any) -> dict[str, Any]:
        """The same as an address's arguments; a change of anything but the page begins at page 1."""
        if changes and "page" not in changes:
            changes["page"] = 1
        then = replace(self, **changes)
        named = {
            "page": then.page if then.page > 1 else None,
            "sort": then.sort,
            "desc": 1 if then.desc else None,
            "search": then.search or None,
            "cols": ",".join(then.columns) or None,
            "size": then.size,
        }
        named.update({PREFIX + name: value for name, value in then.filters.items()})
        return {name: value for name, value in named.items() if value is not None}

    def without(self, name: str) -> dict[str, str]:
        """The filters without one of them."""
        return {key: value for key, value in self.filters.items() if key != name}


def sizes_of(view: DescribedView) -> list[int]:
    """How many rows a page may have."""
    return sorted({*PAGE_SIZES, view.page_size})


def size_of(view: DescribedView, text: str | None) -> int | None:
    """A page size from outside, None for what is none that is offered."""
    size = whole(text)
    return size if size in sizes_of(view) else None


@dataclass(frozen=True)
class Page:
    """One page of a list. ``more`` says that counting stopped before the end."""

    number: int
    rows: list[Any]
    count: int
    more: bool
    size: int

    @property
    def pages(self) -> int | None:
        """How many pages there are; None where nobody counted."""
        return None if self.more else max(1, -(-self.count // self.size))


def load(view: DescribedView, criteria: ListQuery, problems: dict[str, str]) -> Page:
    """The rows of a page, of the last one where the address names a later.

    Filters that cannot be read are told in ``problems`` and let nothing through.
    """
    query = narrowed(view, criteria, problems)
    size = criteria.size or view.page_size
    first = _rows(view, query, criteria, 1) if criteria.page == 1 else None
    if first is not None and len(first) < size:  # all are here already: nobody needs to count them
        return Page(1, first, len(first), False, size)
    count = counted(view, query)
    more = count > MOST_COUNTED
    number = criteria.page if more else min(criteria.page, max(1, -(-count // size)))
    rows = _rows(view, query, criteria, number) if first is None else first
    return Page(number, rows, min(count, MOST_COUNTED), more, size)


def _rows(view: DescribedView, query: Select[Any], criteria: ListQuery, number: int) -> list[Any]:
    """The rows of one page."""
    size, names = criteria.size or view.page_size, [name for name, _label in view.shown(criteria.columns)]
    page = ordered(view, query, criteria).options(*related(view, names)).limit(size)
    return list(db.session.scalars(page.offset((number - 1) * size)))


def narrowed(view: DescribedView, criteria: ListQuery, problems: dict[str, str]) -> Select[Any]:
    """The view's rows that fit search and filters."""
    query = view.rows()
    for name, value in criteria.filters.items():
        query = query.where(_condition(view.filters[name], value, problems))
    for word in words_of(criteria.search):
        query = _search(view, query, word)
    return query


def counted(view: DescribedView, query: Select[Any]) -> int:
    """How many rows a query has, at most one more than is ever shown."""
    keys = query.with_only_columns(view.key_column).order_by(None).limit(MOST_COUNTED + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(keys)) or 0


def counted_whole(view: DescribedView, query: Select[Any]) -> int:
    """How many rows a query has, to the last one: for who makes them all anyway."""
    keys = query.with_only_columns(view.key_column).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(keys)) or 0


def ordered(view: DescribedView, query: Select[Any], criteria: ListQuery) -> Select[Any]:
    """The order asked for, else the view's own; the key last, so that no row is on two pages."""
    if (field := added.field_of(view, criteria.sort)) is not None:
        return query.order_by(order(field, desc=criteria.desc), view.key_column)
    query, _joins = view._apply_sorting(query, {}, criteria.sort, criteria.desc)
    return query.order_by(view.key_column)


def related(view: DescribedView, names: Iterable[str] = ()) -> Iterator[Any]:
    """Relations that the columns show, loaded with the rows (one query instead of one per row)."""
    chosen = (getattr(view.model, name.split(".")[0], None) for name in names)
    asked = [one for one in chosen if isinstance(getattr(one, "property", None), RelationshipProperty)]
    for attribute in dict.fromkeys([*view._auto_joins, *asked]):
        if not attribute.property.uselist:
            yield joinedload(attribute)
    yield from view.row_options


def _condition(criteria: Filter, value: str, problems: dict[str, str]) -> Any:
    try:
        return criteria.condition(value)
    except ValueError as error:
        problems[criteria.name] = str(error)
        return false()


def _search(view: DescribedView, query: Select[Any], word: Word) -> Select[Any]:
    """Rows one of whose searchable columns holds the word; a column of a relation is asked by EXISTS."""
    conditions = [_holds(view.model, name.split("."), word) for name in view.column_searchable_list or ()]
    conditions += [*view.also_found(word), *added.found(view, word)]
    return query.where(or_(*conditions)) if conditions else query


def _holds(model: Any, path: list[str], word: Word) -> Any:
    attribute = getattr(model, path[0])
    if len(path) == 1:
        return search.holds(attribute, word)
    condition = _holds(attribute.property.mapper.class_, path[1:], word)
    return attribute.any(condition) if attribute.property.uselist else attribute.has(condition)
