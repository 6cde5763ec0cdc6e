"""What a round asks beside an earlier one: looked through, decided, confirmed; scores are compared by it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.instrument import InstrumentKind
from models.round import Round
from models.year import Likeness
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.lookup import round_or_404
from portal.core.texts import _, lazy
from portal.rounds.trends import deciding, pairs
from portal.rounds.trends.matching import all_likeness
from portal.rounds.trends.pairs import Pair, Row

blueprint = Blueprint("trends", __name__, url_prefix="/rounds/<int:round_id>/trends")
#: kind of state, word and icon of what a thing is to the earlier year
WORDS: dict[Likeness, tuple[str, Any, str]] = {
    Likeness.SAME: ("ok", lazy("the same"), "check"),
    Likeness.CHANGED: ("warn", lazy("not the same any more"), "pencil"),
    Likeness.NEW: ("info", lazy("a new one"), "plus"),
    Likeness.DROPPED: ("idle", lazy("dropped"), "x"),
}
UNCLEAR, SURE, DECIDED, ALL = "unclear", "sure", "decided", "all"
TABS: dict[str, Any] = {
    UNCLEAR: lazy("To look at"),
    SURE: lazy("Sure suggestions"),
    DECIDED: lazy("Decided"),
    ALL: lazy("All"),
}


@blueprint.get("")
@requires(P.ROUNDS_WRITE)
def index(round_id: int) -> Any:
    """The earlier rounds that this one can be laid beside."""
    round = round_or_404(round_id)
    return render_template("rounds/trends/index.html", this_round=round, found=pairs.pairs_of(round))


@blueprint.get("/<int:earlier_id>")
@requires(P.ROUNDS_WRITE)
def show(round_id: int, earlier_id: int) -> Any:
    """Both rounds side by side: what somebody has to look at first."""
    pair = _pair(round_id, earlier_id)
    listed = {name: [row for row in pair.rows if _in_tab(row, name)] for name in TABS}
    wanted = request.args.get("show", "")
    tab = wanted if wanted in TABS else ALL if pair.confirmed else UNCLEAR
    return render_template(
        "rounds/trends/show.html",
        this_round=pair.round,
        pair=pair,
        tab=tab,
        trend_tabs=[
            {
                "label": words,
                "count": len(listed[name]),
                "current": name == tab,
                "url": url_for("trends.show", round_id=round_id, earlier_id=earlier_id, show=name),
            }
            for name, words in TABS.items()
        ],
        sure=len(listed[SURE]),
        groups=[(kind, [row for row in listed[tab] if row.kind is kind]) for kind in InstrumentKind],
        WORDS=WORDS,
        Likeness=Likeness,
    )


def _in_tab(row: Row, tab: str) -> bool:
    return tab == ALL or {UNCLEAR: row.unclear, SURE: row.sure, DECIDED: row.decided is not None}[tab]


@blueprint.post("/<int:earlier_id>/act")
@requires(P.ROUNDS_WRITE)
def act(round_id: int, earlier_id: int) -> Any:
    """Accept, take back, confirm, or decide on one thing by its own button."""
    pair = _pair(round_id, earlier_id)
    round, earlier, what = pair.round, pair.earlier, request.form.get("act", "")
    if what == "accept_sure":
        _flash_accepted(deciding.accept_sure(round, earlier))
    elif what == "take_back_together":
        _flash_taken_back(deciding.take_back_together(round, earlier))
    elif what == "confirm":
        if deciding.confirm(round, earlier, actor=the_actor()):
            flash(_("Confirmed: results of both years are compared from now on"), "ok")
        else:
            flash(_("It was confirmed already: nothing changed"), "info")
    elif what == "reopen":
        deciding.reopen(round, earlier)
        flash(_("The confirmation is taken back: nothing is compared until it is confirmed again"), "ok")
    else:
        _one(round, earlier, what)
    back = request.form.get("show", "")
    return redirect(
        url_for("trends.show", round_id=round_id, earlier_id=earlier_id, show=back if back in TABS else None)
    )


def _flash_accepted(number: int) -> None:
    """Say how many were accepted; pressed again, on a page that is older, there is nothing left to accept."""
    if number:
        flash(_("%(number)s suggestions were accepted; they can be taken back", number=number), "ok")
    else:
        flash(_("No sure suggestion is left to accept: nothing changed"), "info")


def _flash_taken_back(number: int) -> None:
    if number:
        flash(_("%(number)s decisions were taken back", number=number), "ok")
    else:
        flash(_("Nothing that was accepted together is left to take back: nothing changed"), "info")


def _one(round: Round, earlier: Round, what: str) -> None:
    """A button beside one row. Raises NotFound for a word of no button."""
    kind = _kind(request.form.get("kind", ""))
    code, earlier_code = (request.form.get(name, "") for name in ("code", "earlier"))
    if what == "take_back":
        deciding.take_back(round, earlier, kind, code=code, earlier_code=earlier_code)
        return
    found = {one.value: one for one in Likeness}
    if what not in found:
        raise NotFound
    deciding.decide(round, earlier, kind, code=code, earlier_code=earlier_code, what=found[what])


@blueprint.route("/<int:earlier_id>/<any(iit, eit, oit):kind>/<code>", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def one(round_id: int, earlier_id: int, kind: str, code: str) -> Any:
    """One question or item in full beside the earlier one; another can be chosen."""
    pair = _pair(round_id, earlier_id)
    row = _row(pair, InstrumentKind(kind), code)
    chosen, what, error = row.earlier_code, row.decided.likeness.value if row.decided else "", ""
    if request.method == "POST":
        chosen, what = request.form.get("earlier", ""), request.form.get("what", "")
        try:
            _decide(pair, row, chosen, what)
        except Refused as refused:
            db.session.rollback()
            error, pair = refused.message, _pair(round_id, earlier_id)
            row = _row(pair, row.kind, code)
        else:
            flash(_("%(code)s is decided; it can be taken back", code=code), "ok")
            return redirect(url_for("trends.show", round_id=round_id, earlier_id=earlier_id))
    page = render_template(
        "rounds/trends/one.html",
        this_round=pair.round,
        pair=pair,
        row=row,
        choices=_choices(pair, row),
        chosen=chosen,
        what=what,
        error=error,
        WORDS=WORDS,
        Likeness=Likeness,
    )
    return page, 422 if error else 200


def _decide(pair: Pair, row: Row, chosen: str, what: str) -> None:
    """Take what the form of one thing says. Raises Refused."""
    found = {one.value: one for one in (Likeness.SAME, Likeness.CHANGED, Likeness.NEW)}
    if what not in found:
        raise Refused("Say what it is: the same, changed or new")
    deciding.decide(pair.round, pair.earlier, row.kind, code=row.code, earlier_code=chosen, what=found[what])


def _choices(pair: Pair, row: Row) -> list[tuple[str, str, int, str]]:
    """Code, title and likeness of the earlier things, the likest first; with the later code that has it."""
    assert row.later is not None
    earlier = [one.earlier for one in pair.rows if one.kind is row.kind and one.earlier]
    alike = all_likeness([row.later], earlier)
    has = {one.earlier_code: one.code for one in pair.rows if one.kind is row.kind and one.decided}
    found = [
        (thing.code, thing.title, min(100, alike[row.code, thing.code]), has.get(thing.code, ""))
        for thing in {thing.code: thing for thing in earlier}.values()
    ]
    return sorted(found, key=lambda choice: -choice[2])


def _row(pair: Pair, kind: InstrumentKind, code: str) -> Row:
    for row in pair.rows:
        if row.later and row.kind is kind and row.code == code:
            return row
    raise NotFound


def _pair(round_id: int, earlier_id: int) -> Pair:
    round = round_or_404(round_id)
    return pairs.pair_of(round, pairs.earlier_or_404(round, earlier_id))


def _kind(word: str) -> InstrumentKind:
    for kind in InstrumentKind:
        if kind.value == word:
            return kind
    raise NotFound
