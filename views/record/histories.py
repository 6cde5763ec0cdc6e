"""The history of a row, from the row itself; what one person did; the way back of one's own last change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import or_, select

from models.account import Account, Grant
from models.agency import Agency
from models.descriptive import FieldOwner
from portal.core import described
from portal.core.access import Permission as P
from portal.core.access import can, current_actor, requires, scope_of, the_actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.lookup import get_or_404
from portal.core.outside import whole
from portal.core.scopes import Reach
from portal.core.texts import _
from portal.record import history, values
from portal.record.history import Event, Narrowing
from views.record import kinds, undoing
from views.record.kinds import KINDS, Kind
from views.record.narrowing import PERIODS, args_of, narrowing_of
from views.record.words import THINGS, act_words, options_of, thing_words

blueprint = Blueprint("history", __name__, url_prefix="/history")
PAGE = 25
_DESCRIBED = {"agency": FieldOwner.AGENCY, "account": FieldOwner.ACCOUNT}


@dataclass(frozen=True)
class Change:
    """A column in words: what stood there, and what stands there since."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One event in words. ``url``: the history of its row, where that is another page to read."""

    id: int
    at: datetime
    act: str
    thing: str
    who: str
    desk: str
    changes: Sequence[Change] = ()
    url: str = ""


@blueprint.app_context_processor
def _ways() -> dict[str, Any]:
    return {"history_of": kinds.url_of}


@blueprint.get("/<thing>/<int:thing_id>")
@requires(P.HOME_READ)
def of_row(thing: str, thing_id: int) -> Any:
    """What was done to a row. Raises NotFound for one that is out of reach."""
    kind, row = kinds.found(thing, thing_id)
    rows = kinds.rows_of(thing, kind, row)
    narrowing = narrowing_of(request.args)
    events = history.of_rows(rows, acts_unsaid=kind.unsaid, narrowing=narrowing, most=PAGE + 1)
    people = history.people_of(rows)
    return render_template(
        "record/history.html",
        title=_("History of “%(name)s”", name=row),
        row=row,
        up=(thing_words(thing), _page_of(kind, row)),
        lines=lines_of(events[:PAGE]),
        older=_older(events, thing=thing, thing_id=thing_id),
        people=sorted(_names(people, {}).items(), key=lambda pair: pair[1]),
        acts_url=_acts_of(row),
        undo=_way_back(thing, thing_id, events, narrowing),
        file_url=lambda ext: url_for(
            "history_files.of_row",
            thing=thing,
            thing_id=thing_id,
            ext=ext,
            **args_of(request.args, "days", "by"),
        ),
        **_narrowed(narrowing),
    )


@blueprint.get("/by/<int:account_id>")
@requires(P.HOME_READ)
def of_person(account_id: int) -> Any:
    """What a person did: one's own, or of an account in reach. Raises NotFound."""
    actor = the_actor()
    own = account_id == actor.account_id
    if not (own or can(actor, P.ACCOUNTS_READ) or can(actor, P.RECORD_READ)):
        raise NotFound
    account = get_or_404(Account, account_id)
    narrowing = narrowing_of(request.args)
    reach: dict[str, Any] = {} if own or can(actor, P.RECORD_READ) else _within_reach(account)
    events = history.of_person(account_id, **reach, narrowing=narrowing, most=PAGE + 1)
    return render_template(
        "record/history.html",
        title=_("What %(name)s did", name=account),
        row=account,
        up=(_("Own data"), url_for("me.show"))
        if own and not can(actor, P.ACCOUNTS_READ)
        else (thing_words("account"), url_for("history.of_row", thing="account", thing_id=account_id)),
        lines=lines_of(events[:PAGE], told=False),
        older=_older(events, account_id=account_id),
        things=options_of({name: words for name, words in THINGS.items() if _is_asked(name, reach)}),
        **_narrowed(narrowing),
    )


@blueprint.route("/<thing>/<int:thing_id>/undo", methods=["GET", "POST"])
@requires(P.HOME_READ)
def undo(thing: str, thing_id: int) -> Any:
    """Take back one's own last change of a row, after asking. Raises NotFound, Stale."""
    _kind, row = kinds.found(thing, thing_id)
    error = ""
    if request.method == "POST":
        seen = whole(request.form.get("id", ""), least=1)
        try:
            undoing.undo(thing, row, seen=seen or 0)
        except Refused as refused:
            db.session.rollback()
            error = refused.message
            row = kinds.found(thing, thing_id)[1]
        else:
            flash(_("Your last change was taken back"), "ok")
            return redirect(url_for("history.of_row", thing=thing, thing_id=thing_id))
    event = history.newest(thing, thing_id)
    reason = error or undoing.obstacle(thing, row, event)
    page = render_template(
        "record/undo.html",
        title=_("Take back your last change of “%(name)s”", name=row),
        consequences=[reason or _("What stood there before stands there again; both changes stay on record")],
        blocked=bool(reason),
        changes=[] if reason or event is None else lines_of([event])[0].changes,
        action_url=url_for("history.undo", thing=thing, thing_id=thing_id),
        action_label=_("Take the change back"),
        back_url=url_for("history.of_row", thing=thing, thing_id=thing_id),
        fields={"id": event.id if event else 0},
        crumbs=[
            (str(row), url_for("history.of_row", thing=thing, thing_id=thing_id)),
            (_("Take the change back"), None),
        ],
    )
    return page, 409 if error else 200


def lines_of(events: Sequence[Event], *, told: bool = True) -> list[Line]:
    """Events in words; ``told``: with what changed, for who may read it of these rows."""
    shown = {event.id: _shown(event) if told else ({}, {}) for event in events}
    names = values.names_in(
        (kinds.told(event.thing)[0], half) for event in events for half in shown[event.id] if half
    )
    people = _names(
        [event.account_id for event in events if event.account_id], {e.account_id: e for e in events}
    )
    return [
        Line(
            id=event.id,
            at=event.at,
            act=act_words(event.act),
            thing=thing_words(event.thing),
            who=people.get(event.account_id or 0, "") if event.account_id else _("the system"),
            desk=event.desk,
            changes=_changes(event, shown[event.id], names) if told else (),
            url="" if told else _history_of(event),
        )
        for event in events
    ]


def _shown(event: Event) -> tuple[dict[str, Any], dict[str, Any]]:
    fields = kinds.told(event.thing)[1]
    return (
        {name: value for name, value in event.before.items() if name in fields},
        {name: value for name, value in event.after.items() if name in fields},
    )


def _changes(event: Event, shown: tuple[dict[str, Any], dict[str, Any]], names: values.Names) -> list[Change]:
    model, fields = kinds.told(event.thing)
    before, after = shown
    columns = [
        Change(
            str(label),
            values.words(model, name, before.get(name), names),
            values.words(model, name, after.get(name), names),
        )
        for name, label in fields.items()
        if name in before or name in after
    ]
    return columns + _described(event)


def _described(event: Event) -> list[Change]:
    """The descriptive fields of it that are in use, as the row's own page shows them."""
    owner = _DESCRIBED.get(event.thing)
    if owner is None or not can(the_actor(), KINDS[event.thing].permission):
        return []
    before, after = (half.get(described.DESCRIBED) for half in (event.before, event.after))
    old, new = (half if isinstance(half, dict) else {} for half in (before, after))

    def said(field: described.Field, half: Mapping[str, Any]) -> str:
        return described.words_then(field, half.get(field.key)) or values.NOTHING

    return [
        Change(field.label, said(field, old), said(field, new))
        for field in described.fields_of(owner)
        if old.get(field.key) != new.get(field.key)
    ]


def _names(account_ids: Sequence[int], events: Mapping[Any, Event]) -> dict[int, str]:
    """Whom the reader may see by name: accounts in reach, and people of one's own agency."""
    actor = the_actor()
    names = history.names_of(account_ids)
    left = [one for one in account_ids if one not in names]
    if left and actor.agency_id is not None and can(actor, P.PEOPLE_READ):
        names.update(history.names_at(actor.agency_id, left))
    return names


def _history_of(event: Event) -> str:
    if not kinds.may_read(event.thing) or not event.row.isdecimal():
        return ""
    return url_for("history.of_row", thing=event.thing, thing_id=int(event.row))


def _acts_of(row: Any) -> str:
    """The address of what a person did, on the history of the account."""
    return url_for("history.of_person", account_id=row.id) if isinstance(row, Account) else ""


def _page_of(kind: Kind, row: Any) -> str:
    own = kind.model is Account and not can(current_actor(), P.ACCOUNTS_READ)
    return url_for("me.show") if own else kind.page(row)


def _within_reach(account: Account) -> dict[str, Any]:
    """A province reads what was done at its own desks and its agencies', to rows that it may read."""
    scope = scope_of(the_actor())
    if scope.reach is not Reach.PROVINCE:
        raise NotFound
    there = select(Agency.id).where(Agency.province_id == scope.place_id)
    query = select(Grant.id).where(
        Grant.account_id == account.id,
        or_(Grant.province_id == scope.place_id, Grant.agency_id.in_(there)),
    )
    things = [thing for thing in KINDS if kinds.may_read(thing)]
    return {"things": things, "grant_ids": list(db.session.scalars(query))}


def _is_asked(thing: str, reach: Mapping[str, Any]) -> bool:
    return "things" not in reach or thing in reach["things"]


def _narrowed(narrowing: Narrowing) -> dict[str, Any]:
    days = request.args.get("days", "")
    return {
        "narrowing": narrowing,
        "days": days if days in PERIODS else "",
        "periods": PERIODS,
        "is_narrowed": bool(narrowing.since or narrowing.account_id or narrowing.thing),
        "here": request.path,
    }


def _older(events: Sequence[Event], **where: Any) -> str:
    """The address of the events before these, with what narrows them; "" where there are none."""
    if len(events) <= PAGE:
        return ""
    of_row = "thing" in where
    kept = args_of(request.args, "days", "by", *(() if of_row else ("thing",)))
    page = "history.of_row" if of_row else "history.of_person"
    return url_for(page, **where, **kept, below=events[PAGE - 1].id)


def _way_back(thing: str, thing_id: int, events: Sequence[Event], narrowing: Narrowing) -> str:
    """The address that takes the newest change back, where it is the reader's own and can be."""
    if narrowing != Narrowing() or not events:
        return ""
    mine = next((event for event in events if event.thing == thing), None)
    if mine is None or not undoing.is_mine(mine):
        return ""
    return url_for("history.undo", thing=thing, thing_id=thing_id)
