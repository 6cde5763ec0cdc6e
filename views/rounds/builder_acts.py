"""The acts of the round builder: move, copy, take away, number anew; the last step goes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.instrument import InstrumentKind
from models.round import Round
from portal.content.year import ContentItem, ContentQuestion, YearContent
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.errors import NotFound
from portal.core.outside import whole
from portal.core.sent.versions import read_version, version_of
from portal.core.texts import _
from portal.rounds.building import steps
from portal.rounds.building.acts import step_words
from portal.rounds.building.edits import indicators, items, questions, scales
from views.rounds.builder_forms import MoveForm, leaves
from views.rounds.builder_page import (
    SCALES,
    Edit,
    around,
    form_page,
    home_of,
    named,
    part_of,
    round_and_content,
)
from views.rounds.places import CHOICE, LINE, Place, choice_of, place_in, split
from views.rounds.scale_forms import scale_words

blueprint = Blueprint("builder_acts", __name__, url_prefix="/rounds/<int:round_id>/build")
#: things whose parts or place are asked by a code of two parts, such as "I13.2"
OF_PARTS = frozenset({LINE, CHOICE})


def pressed() -> Mapping[str, str]:
    """What the button that was pressed says: the pages of the builder have one form with many buttons."""
    return dict(parse_qsl(request.form["do"])) if request.form.get("do") else request.form


@blueprint.post("/<kind>/act")
@requires(P.ROUNDS_WRITE)
def act(round_id: int, kind: str) -> Any:
    """Copy, move or take away one thing of the tree, or number the codes anew."""
    round, _content, one = part_of(round_id, kind)
    said = pressed()
    what, thing, code = (said.get(name, "") for name in ("act", "thing", "code"))
    edit = _edit(kind, what, thing, code, said)
    act_name = f"round.{what}_{thing}" if thing else f"round.{what}"
    seen = read_version(request.form.get("version"))
    steps.change(round, edit, act=act_name, what=code or kind.upper(), actor=the_actor(), seen_version=seen)
    if what == "move":
        here = place_in(one, thing, code).number
        return redirect(_moved_to(round_id, kind, thing, code, here, whole(said.get("to"), least=1) or 1))
    return redirect(f"{home_of(round_id, kind)}#{thing}-{code}")


def _edit(kind: str, what: str, thing: str, code: str, said: Mapping[str, str]) -> Edit:
    """The edit that a button of the tree stands for. Raises NotFound for a word of no button."""
    to, place = whole(said.get("to"), least=1) or 1, said.get("indicator", "")
    base, at = split(code) if thing == LINE else (code, 0)
    made: dict[tuple[str, str], Edit] = {
        ("copy", "question"): lambda it: questions.copy_question(it, kind, code),
        ("remove", "question"): lambda it: questions.remove_question(it, kind, code),
        ("move", "question"): lambda it: questions.move_question(it, kind, code, indicator=place, to=to),
        ("copy", "line"): lambda it: questions.copy_line(it, kind, base, place=at),
        ("remove", "line"): lambda it: questions.remove_line(it, kind, base, place=at),
        ("move", "line"): lambda it: questions.move_line(it, kind, base, place=at, to=to),
        ("copy", "item"): lambda it: items.copy_item(it, code),
        ("remove", "item"): lambda it: items.remove_item(it, code),
        ("move", "item"): lambda it: items.move_item(it, code, indicator=place, to=to),
        ("copy", "indicator"): lambda it: indicators.copy_indicator(it, kind, code),
        ("remove", "indicator"): lambda it: indicators.remove_indicator(it, kind, code),
        ("move", "indicator"): lambda it: indicators.move_indicator(it, kind, code, to=to),
        ("number_anew", ""): lambda it: items.number_anew(it, kind),
    }
    if (what, thing) not in made:
        raise NotFound
    return made[what, thing]


@blueprint.post("/scales/act")
@requires(P.ROUNDS_WRITE)
def act_on_scale(round_id: int) -> Any:
    """Copy a scale, turn it round into one of its own, take it away; move and take away a choice."""
    round, content = round_and_content(round_id)
    said = pressed()
    what, thing, code = said.get("act", ""), said.get("thing") or "scale", said.get("code", "")
    base, at = split(code) if thing == CHOICE else (code, 0)
    to = whole(said.get("to"), least=1) or 1
    made: dict[tuple[str, str], Edit] = {
        ("copy", "scale"): lambda it: scales.copy_scale(it, code),
        ("turn", "scale"): lambda it: scales.turned_scale(it, code),
        ("remove", "scale"): lambda it: scales.remove_scale(it, code),
        ("move", "choice"): lambda it: scales.move_choice(it, base, place=at, to=to),
        ("remove", "choice"): lambda it: scales.remove_choice(it, base, place=at),
    }
    if (what, thing) not in made:
        raise NotFound
    seen = read_version(request.form.get("version"))
    words = choice_of(content, code)[1].words if thing == CHOICE else _scale_named(content, code)
    name = f"round.{what}_{thing}"
    steps.change(round, made[what, thing], act=name, what=words[:200], actor=the_actor(), seen_version=seen)
    if what == "move":
        return redirect(_moved_to(round_id, SCALES, thing, code, at, to))
    return redirect(f"{home_of(round_id, SCALES)}#scale-{base}")


def _scale_named(content: Any, code: str) -> str:
    return scale_words(named(content.scales, code))


def _moved_to(round_id: int, part: str, thing: str, code: str, here: int, to: int, by: str = "") -> str:
    """The page on which the thing stands at its new place, with the button that moved it in focus."""
    if thing in OF_PARTS:
        code = f"{split(code)[0]}.{to}"
    direction = by or ("up" if to < here else "down")
    moved = f"{thing}-{code}"
    if part == SCALES:
        return url_for("builder.all_scales", round_id=round_id, moved=moved, by=direction)
    return url_for("builder.tree", round_id=round_id, kind=part, moved=moved, by=direction)


@blueprint.route("/<kind>/move", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def move(round_id: int, kind: str) -> Any:
    """Put a thing of the tree at a place by its number, a question or an item also into another indicator."""
    thing, code = request.args.get("thing", ""), request.args.get("code", "")
    round, content, one = part_of(round_id, kind)
    place = place_in(one, thing, code)
    form = MoveForm.of(round.version, place, leaves(one) if place.indicator else [])

    def edit(to: int) -> Edit:
        return _edit(kind, "move", thing, code, {"to": str(to), "indicator": form.goes_to})

    return _placed(round, content, kind, form, edit, place, thing, code)


@blueprint.route("/scales/move", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def move_choice(round_id: int) -> Any:
    """Put a choice of a scale at a place by its number."""
    code = request.args.get("code", "")
    round, content = round_and_content(round_id)
    _scale, place = choice_of(content, code)
    base, at = split(code)
    form = MoveForm.of(round.version, place, [])

    def edit(to: int) -> Edit:
        return lambda it: scales.move_choice(it, base, place=at, to=to)

    return _placed(round, content, SCALES, form, edit, place, CHOICE, code)


def _placed(
    round: Round,
    content: YearContent,
    part: str,
    form: MoveForm,
    edit: Callable[[int], Edit],
    place: Place,
    thing: str,
    code: str,
) -> Any:
    """Make the step that a form of moving asks for, or show the form."""
    steps.require_draft(round)
    if form.validate_on_submit():
        to = int(form.to.data or 1)
        if thing in OF_PARTS:
            to = min(to, place.of)  # its code tells the place where the page shows it
        what = place.words if thing == CHOICE else code
        steps.change(
            round, edit(to), act=f"round.move_{thing}", what=what[:200], actor=the_actor(),
            seen_version=version_of(form),
        )  # fmt: skip
        return redirect(_moved_to(round.id, part, thing, code, place.number, to, "number"))
    return form_page(round, content, part, form, "rounds/build/move.html", _("Move"), place=place, code=code)


@blueprint.get("/<kind>/indicators/<code>/remove")
@requires(P.ROUNDS_WRITE)
def ask_remove(round_id: int, kind: str, code: str) -> Any:
    """Before an indicator goes with all that is in it: what goes, and that it can be taken back."""
    round, content, one = part_of(round_id, kind)
    steps.require_draft(round)
    row = named(one.indicators, code)
    going = {code} | {each.code for each in one.indicators if each.parent == code}
    inside: list[ContentQuestion | ContentItem] = [*one.questions, *one.items]
    return render_template(
        "rounds/build/remove.html",
        row=row,
        inside=[each for each in inside if each.indicator in going],
        parts_gone=len(going) - 1,
        oit=kind == InstrumentKind.OIT.value,
        **around(round, content, kind),
    )


@blueprint.post("/take-back")
@requires(P.ROUNDS_WRITE)
def take_back(round_id: int) -> Any:
    """Take the last step back: the one that the page shows."""
    round, _content = round_and_content(round_id)
    step = steps.take_back(round, number=whole(request.form.get("number"), least=1) or 0)
    flash(_("Taken back: %(what)s", what=f"{step_words(step.act)} {step.what}".strip()), "ok")
    return redirect(home_of(round_id, request.form.get("kind", "")))
