"""How far the accounts of agencies have come, as page and file: the work list of who hands out the slips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for

from models.thai import thai_datetime_short
from portal.core import list_files
from portal.core.access import ROLES, can, requires, the_actor
from portal.core.access import Permission as P
from portal.core.database.session import privileged, reading
from portal.core.texts import _, lazy
from portal.people import settings, states
from portal.people.bulk import standing
from portal.people.bulk.standing import WORDS, Held, Standing, Which
from views.frame.paging import pages_of, wanted_page
from views.people.bulk import narrowing
from views.people.bulk.narrowing import address_of, which_of

blueprint = Blueprint("account_states", __name__)
PAGE = 25
FILE = "people.states"
WHY = "states of the accounts of agencies"
#: the work that is left, as the tabs of the list name it
WORK: dict[Standing, Any] = {
    Standing.NONE: lazy("No account yet"),
    Standing.NO_CODE: lazy("Wait for a slip"),
    Standing.CODE_ENDED: lazy("Need a new slip"),
    Standing.CODE_OUT: lazy("Wait to be activated"),
    Standing.ACTIVATED: lazy("Activated"),
    Standing.SHUT: lazy("Shut"),
}
#: kinds of badges (ui.html)
BADGES: dict[Standing, str] = {
    Standing.NONE: "bad",
    **{Standing(state.value): kind for state, kind in states.BADGES.items()},
}


@blueprint.get("/admin/people")
@requires(P.ACCOUNTS_READ)
def index() -> Any:
    """The list, with how much of each kind of work is left."""
    actor = the_actor()
    which = which_of(request.args, actor)
    with reading(), privileged(WHY) as session:
        counts = standing.counts(session, which)
        total = counts[which.standing] if which.standing else sum(counts.values())
        page = wanted_page(pages := pages_of(total, PAGE))
        rows = list(standing.rows(session, which, limit=PAGE, offset=(page - 1) * PAGE))
    args = address_of(which, actor)
    return render_template(
        "people/bulk/states.html",
        which=which,
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1,
        work=_tabs(counts, which, args),
        choices=narrowing.choices_for(which, actor),
        roles=ROLES,
        words=WORDS,
        badges=BADGES,
        Standing=Standing,
        makes=settings.makes_accounts(actor),
        may_issue=lambda row: _may_issue(row, which),
        args=args,
        here=lambda **values: url_for("account_states.index", **{**args, **values}),
        here_page=lambda number: url_for("account_states.index", **args, page=number if number > 1 else None),
        file_url=lambda ext: url_for("account_states.file", ext=ext, **args),
    )


@blueprint.route("/admin/people.<any(xlsx, csv):ext>", methods=["GET", "POST"])
@requires(P.ACCOUNTS_READ)
def file(ext: str) -> Any:
    """The list as it is narrowed, all of its pages; never a code."""
    which = which_of(request.args, the_actor())
    back = url_for("account_states.index", **address_of(which, the_actor()))
    return list_files.answer(FILE, {"which": which.plain()}, ext, back=back)


def _may_issue(row: Held, which: Which) -> bool:
    """A province issues codes for people whose rights all lie with it, the back office for anybody."""
    if row.account_id is None or row.standing is Standing.SHUT or not can(the_actor(), P.CODES_ISSUE):
        return False
    return the_actor().province_id is None or row.of_province


def _tabs(counts: Mapping[Standing, int], which: Which, args: dict[str, Any]) -> list[dict[str, Any]]:
    def url(state: Standing | None) -> str:
        return url_for("account_states.index", **{**args, "state": state.value if state else None})

    every = {"label": _("All"), "url": url(None), "current": which.standing is None}
    work = [
        {"label": WORK[state], "url": url(state), "current": which.standing is state, "count": counts[state]}
        for state in Standing
        if counts[state] or state is which.standing
    ]
    return [{**every, "count": sum(counts.values())}, *work]


def _file(arguments: Mapping[str, Any]) -> list_files.ListFile:
    actor = the_actor()
    which = Which.of(arguments["which"]).within(actor)
    with reading(), privileged(WHY) as session:
        counts = standing.counts(session, which)
    labels = {
        "province": _("Province"),
        "district": _("District"),
        "role": _("Role"),
        "state": _("State"),
        "q": _("Search"),
    }
    narrowed = narrowing.said(which, narrowing.choices_for(which, actor))
    return list_files.ListFile(
        title=_("Accounts of agencies by state"),
        plain="accounts-by-state",
        header=[
            _("Code"),
            _("Agency"),
            _("District"),
            _("Province"),
            _("Role"),
            _("User name"),
            _("Name and surname"),
            _("Position"),
            _("State"),
            _("Code holds until"),
            _("Code issued"),
            _("Issued by"),
            _("Activated"),
        ],
        rows=lambda: _cells(_all(which)),
        count=counts[which.standing] if which.standing else sum(counts.values()),
        about=list_files.filters_said((labels[name], words) for name, words in narrowed),
        widths=(12, 40, 18, 18, 18, 22, 28, 28, 18, 20, 20, 28, 20),
    )


list_files.MAKERS[FILE] = list_files.Maker(_file, P.ACCOUNTS_READ)


def _all(which: Which) -> list[Held]:
    with reading(), privileged(WHY) as session:
        return list(standing.rows(session, which))


def _cells(rows: Iterable[Held]) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield [
            row.code or "",
            row.full_name,
            row.district,
            row.province,
            str(ROLES[row.role].label),
            row.username,
            row.person,
            row.position,
            str(WORDS[row.standing]),
            *(thai_datetime_short(at) if at else "" for at in (row.code_ends, row.code_issued_at)),
            row.code_by,
            thai_datetime_short(row.activated_at) if row.activated_at else "",
        ]
