"""Generated lists as files: the query of the page, all of its pages, with true numbers and dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from flask import g

from portal.core import list_files
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.list_files import ListFile
from portal.core.texts import _
from views.generated import listing
from views.generated.described import DescribedView
from views.generated.formatters import Plain

#: rows fetched at once: so few that they are gone before anybody looks for what is no longer used
BATCH = 500
#: different values of a column whose words are kept
MOST_WORDS = 20_000


def register(view: DescribedView) -> None:
    """Let a worker make this list's file too."""
    if view.permissions.export is not None:
        make = lambda arguments: _made(view, arguments)  # noqa: E731 -- one per view
        list_files.MAKERS[_name(view)] = list_files.Maker(make, view.permissions.export)


def send(view: DescribedView, criteria: listing.ListQuery, kind: str) -> Any:
    """The list as a file. Raises NotFound for a kind that is not there, Refused for a filter that is none."""
    arguments = {"args": {name: str(value) for name, value in criteria.args(page=1).items()}}
    if view.round_scoped:
        arguments["round_id"] = g.round_id
    back = view.get_url(".index_view", **criteria.args())
    return list_files.answer(_name(view), arguments, kind, back=back)


def _name(view: DescribedView) -> str:
    return f"generated.{view.endpoint}"


def _made(view: DescribedView, arguments: Mapping[str, Any]) -> ListFile:
    if view.round_scoped:
        g.round_id = arguments["round_id"]
    criteria = listing.ListQuery.of(view, arguments["args"])
    problems: dict[str, str] = {}
    query = listing.narrowed(view, criteria, problems)
    if problems:
        raise Refused("A filter of this list cannot be read: go back and mend it")
    columns = view.shown(criteria.columns) if criteria.columns else list(view._export_columns)
    return ListFile(
        title=str(view.name),
        plain=view.endpoint,
        header=[str(label) for _name, label in columns],
        rows=lambda: _rows(view, query, criteria, [name for name, _label in columns]),
        count=listing.counted(view, query),
        about=list_files.filters_said(_narrowing(view, criteria)),
        total=lambda: listing.counted_whole(view, query),
    )


def _narrowing(view: DescribedView, criteria: listing.ListQuery) -> Iterator[tuple[Any, Any]]:
    yield _("Search"), criteria.search
    for name, value in criteria.filters.items():
        yield view.filters[name].label, view.filters[name].words(value)


def _rows(
    view: DescribedView, query: Any, criteria: listing.ListQuery, names: Sequence[str]
) -> Iterator[Sequence[Any]]:
    """The cells of every row, a batch at a time."""
    plain = [view.plain_cells[name] for name in names if name in view.plain_cells]
    if len(plain) == len(names):
        return _plain_rows(view, query, criteria, plain)
    ordered = listing.ordered(view, query, criteria).options(*listing.related(view, names))
    found = db.session.scalars(ordered.execution_options(yield_per=BATCH))
    return ([view.cell_value(row, name) for name in names] for row in found)


def _plain_rows(
    view: DescribedView, query: Any, criteria: listing.ListQuery, cells: Sequence[Plain]
) -> Iterator[Sequence[Any]]:
    """The same from columns alone: no object is made, and the words of equal values are made once."""
    ordered = listing.ordered(view, query, criteria).with_only_columns(
        *(cell.column for cell in cells), maintain_column_froms=True
    )
    for relation in view.plain_joins:
        ordered = ordered.outerjoin(relation)
    said = [(at, lru_cache(MOST_WORDS)(cell.words)) for at, cell in enumerate(cells) if cell.words]

    def words_of(some: Sequence[Any]) -> Iterator[Sequence[Any]]:
        columns: list[Iterable[Any]] = list(zip(*some, strict=True))
        for at, words in said:
            columns[at] = map(words, columns[at])
        return zip(*columns, strict=True)

    found = db.session.execute(ordered.execution_options(yield_per=BATCH))
    return chain.from_iterable(map(words_of, found.partitions()))
