"""Minimum-sample rules and roster groups moved among their like: by buttons, by dragging, by a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request, url_for

from models.round import Round
from portal.content.year import YearContent
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.errors import NotFound
from portal.core.outside import whole
from portal.core.sent.versions import read_version, version_of
from portal.core.texts import _
from portal.rounds.building import steps
from portal.rounds.building.edits import rules
from views.rounds.builder_acts import pressed
from views.rounds.builder_forms import MoveForm
from views.rounds.builder_page import RULES, Edit, form_page, round_and_content
from views.rounds.places import Place
from views.rounds.rules import group_words

blueprint = Blueprint("rules_acts", __name__, url_prefix="/rounds/<int:round_id>/build/rules")
SAMPLE, GROUP = "sample", "group"


@dataclass(frozen=True)
class Row:
    """A row of the rules that can be moved. A roster group is named by its place, a sample by its key."""

    thing: str
    code: str
    place: Place

    def edit(self, to: int) -> Edit:
        """The edit that puts it at a place."""
        if self.thing == GROUP:
            return lambda it: rules.move_group(it, self.place.number, to=to)
        return lambda it: rules.move_sample(it, rules.group_named(it, self.code), to=to)

    def shown_at(self, round_id: int, to: int, by: str) -> str:
        """The page of the rules with the row at its new place, and what moved it in focus."""
        code = str(to) if self.thing == GROUP else self.code
        return url_for("rounds.rules", round_id=round_id, moved=f"{self.thing}-{code}", by=by)


def _row(content: YearContent, thing: str, code: str) -> Row:
    """Raises NotFound."""
    if thing == SAMPLE:
        groups = list(rules.sample_rules(content))
        group = rules.group_named(content, code)
        return Row(thing, code, Place(groups.index(group) + 1, len(groups), group_words(group)))
    place, names = whole(code, least=1), content.roster_groups
    if thing != GROUP or place is None or place > len(names):
        raise NotFound
    return Row(thing, str(place), Place(place, len(names), names[place - 1]))


@blueprint.post("/act")
@requires(P.ROUNDS_WRITE)
def act(round_id: int) -> Any:
    """Move a row by one place, or to where it was let go."""
    round, content = round_and_content(round_id)
    said = pressed()
    if said.get("act") != "move":
        raise NotFound
    row = _row(content, said.get("thing", ""), said.get("code", ""))
    to = min(whole(said.get("to"), least=1) or 1, row.place.of)
    _change(round, row, to, read_version(request.form.get("version")))
    return redirect(row.shown_at(round_id, to, "up" if to < row.place.number else "down"))


@blueprint.route("/move", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def move(round_id: int) -> Any:
    """Put a row at a place by its number."""
    round, content = round_and_content(round_id)
    row = _row(content, request.args.get("thing", ""), request.args.get("code", ""))
    form = MoveForm.of(round.version, row.place, [])
    steps.require_draft(round)
    if form.validate_on_submit():
        to = min(int(form.to.data or 1), row.place.of)
        _change(round, row, to, version_of(form))
        return redirect(row.shown_at(round_id, to, "number"))
    return form_page(
        round, content, RULES, form, "rounds/build/move.html", _("Move"), place=row.place, code=""
    )


def _change(round: Round, row: Row, to: int, seen: int | None) -> None:
    """Make the step. Raises Refused, Stale."""
    steps.change(
        round, row.edit(to), act=f"round.move_{row.thing}", what=row.place.words[:200], actor=the_actor(),
        seen_version=seen,
    )  # fmt: skip
