"""What the pages of generated views are rendered from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import g, render_template, url_for

from models.base import Versioned
from portal.core.access import can, current_actor
from portal.core.texts import _
from views.generated import listing, many, saved
from views.generated.actions import RowAction, may
from views.generated.described import DescribedView
from views.generated.filters import PREFIX

#: names of rows that a confirmation page lists
MOST_NAMES = 20


def list_page(view: DescribedView, criteria: listing.ListQuery, kept: Sequence[saved.Kept] = ()) -> str:
    """The list with tabs, search, filters, rows and pages. ``kept``: the saved filters of the person."""
    problems: dict[str, str] = {}
    page = listing.load(view, criteria, problems)
    criteria = replace(criteria, page=page.number)
    every = saved.EVERY if any(one.opens for one in kept) else {}
    return str(
        view.render(
            view.list_template,
            page=page,
            total=f"{page.count:,}+" if page.more else f"{page.count:,}",
            criteria=criteria,
            columns=view.shown(criteria.columns),
            kept=kept,
            all_url=url_for("many.choose", **saved.about(view, criteria)) if many.acts_of(view) else None,
            round_of_list=g.round_id if view.round_scoped else None,
            saving_url=lambda where: saved.url(where, view, criteria),
            tabs_of_list=_tabs(view, criteria, every),
            every_url=view.get_url(".index_view", **every),
            filter_fields=_filter_fields(view, criteria, problems),
            chips=_chips(view, criteria, problems),
            problems=problems,
            actions=_actions(view),
            page_url=lambda number: view.get_url(".index_view", **(criteria.args(page=number) or every)),
            url_of=lambda **changes: view.get_url(".index_view", **(criteria.args(**changes) or every)),
            export_url=lambda kind: view.get_url(".export", export_type=kind, **_as_shown(view, criteria)),
        )
    )


def _as_shown(view: DescribedView, criteria: listing.ListQuery) -> dict[str, Any]:
    """The address's arguments with the columns of the page named: its file has exactly these."""
    return criteria.args(columns=tuple(name for name, _label in view.shown(criteria.columns)))


def details_page(view: DescribedView, row: Any) -> str:
    """All columns of one row."""
    pairs = [(label, view.cell(row, name)) for name, label in view._details_columns]
    return str(view.render(view.details_template, row=row, pairs=pairs, aside=view.edit_aside(row)))


def form_page(view: DescribedView, form: Any, row: Any) -> Any:
    """The form of a new row (None) or an existing one; 422 where something is to be mended."""
    page = view.render(
        view.edit_template,
        form=form,
        row=row,
        groups=_groups(view, form),
        needed={name: _is_required(field) for name, field in form._fields.items()},
        aside=view.edit_aside(row) if row is not None else [],
        dangers=[danger for danger in view.danger_actions if may(danger.permission)]
        if row is not None
        else [],
    )
    return (page, 422) if form.errors else page


def delete_page(view: DescribedView, row: Any, *, error: str = "") -> str:
    """Ask before a row is deleted."""
    return render_template(
        "confirm.html",
        title=_("Delete “%(name)s”", name=row),
        consequences=[view.delete_consequence(row)],
        action_url=view.get_url(".delete_view"),
        action_label=_("Delete for good"),
        back_url=view.get_url(".edit_view", id=row.id) if view.can_edit else view.get_url(".index_view"),
        fields={"id": row.id, **({"row_version": row.version} if isinstance(row, Versioned) else {})},
        tick=_("I know that this cannot be undone"),
        danger=True,
        error=error,
        crumbs=[(view.name, view.get_url(".index_view")), (str(row), None)],
    )


def action_page(view: DescribedView, action: RowAction, rows: list[Any]) -> str:
    """Ask before something is done to many rows."""
    names = [str(row) for row in rows[:MOST_NAMES]]
    return render_template(
        "confirm.html",
        title=action.label,
        consequences=[str(action.consequence) % {"count": len(rows)}],
        action_url=view.get_url(".action_view"),
        action_label=action.label,
        back_url=view.back(),
        fields={"action": action.name, "confirm": "1", "rowid": [row.id for row in rows], "url": view.back()},
        names=names,
        unnamed=len(rows) - len(names),
        danger=action.danger,
        crumbs=[(view.name, view.get_url(".index_view"))],
    )


def _tabs(view: DescribedView, criteria: listing.ListQuery, whole: dict[str, int]) -> list[dict[str, Any]]:
    if not view.saved_views:
        return []
    every = {
        "label": _("All"),
        "url": view.get_url(".index_view", **whole),
        "current": not criteria.filters and not criteria.search,
    }
    return [every, *(_tab(view, saved, criteria) for saved in view.saved_views)]


def _tab(view: DescribedView, saved: Any, criteria: listing.ListQuery) -> dict[str, Any]:
    then = listing.ListQuery(filters=saved.filters)
    number: Any = None
    if saved.counted:
        number = listing.counted(view, listing.narrowed(view, then, {}))
        number = f"{listing.MOST_COUNTED:,}+" if number > listing.MOST_COUNTED else number
    current = dict(criteria.filters) == dict(saved.filters) and not criteria.search
    return {
        "label": saved.label,
        "url": view.get_url(".index_view", **then.args()),
        "current": current,
        "count": number,
    }


def _filter_fields(
    view: DescribedView, criteria: listing.ListQuery, problems: dict[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "id": PREFIX + name,
            "label": filter.label,
            "kind": filter.kind,
            "value": criteria.filters.get(name, ""),
            "options": filter.options(criteria.filters) if filter.kind == "choice" else [],
            "every": filter.every(criteria.filters),
            "error": problems.get(name),
        }
        for name, filter in view.filters.items()
    ]


def _chips(
    view: DescribedView, criteria: listing.ListQuery, problems: dict[str, str]
) -> list[dict[str, Any]]:
    chips = []
    for name, value in criteria.filters.items():
        words = value
        if name not in problems:
            try:
                words = view.filters[name].words(value)
            except ValueError as error:
                problems[name] = str(error)
        url = view.get_url(".index_view", **criteria.args(filters=criteria.without(name)))
        chips.append({"label": view.filters[name].label, "value": words, "url": url})
    return chips


def _actions(view: DescribedView) -> list[RowAction]:
    declared = [action for action in view.actions.values() if can(current_actor(), action.permission)]
    return [*declared, *many.for_ticked(view)]


def _groups(view: DescribedView, form: Any) -> list[tuple[Any, list[list[Any]]]]:
    """The fields in their groups; an inner tuple of names shares a line. Fields of no group come last."""
    groups: list[tuple[Any, list[list[Any]]]] = []
    seen: set[str] = set()
    for title, names in view.field_groups:
        lines = [
            [names_of_line] if isinstance(names_of_line, str) else list(names_of_line)
            for names_of_line in names
        ]
        seen.update(name for line in lines for name in line)
        groups.append((title, [[form[name] for name in line if name in form] for line in lines]))
    rest = [[field] for name, field in form._fields.items() if name not in seen]
    return [*groups, (None, rest)] if rest else groups


def _is_required(field: Any) -> bool:
    return bool(getattr(field.flags, "required", False)) or field.type == "BooleanField"
