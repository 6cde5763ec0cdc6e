"""The round builder: the tree of each instrument and its scales, changed step by step on screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.instrument import InstrumentKind
from models.round import Round
from portal.content.year import ContentInstrument, YearContent
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused, Stale
from portal.core.forms import say
from portal.core.lookup import round_or_404
from portal.core.outside import whole
from portal.core.sent.versions import read_version, version_of
from portal.core.texts import _
from portal.rounds.building import steps
from portal.rounds.building.edits import indicators, items, questions, scales
from portal.rounds.content.reading import content_of
from views.rounds.builder_forms import (
    IndicatorForm,
    InstrumentForm,
    ItemForm,
    QuestionForm,
    ScaleForm,
    scale_words,
)

blueprint = Blueprint("builder", __name__, url_prefix="/rounds/<int:round_id>/build")
KINDS = tuple(kind.value for kind in InstrumentKind)
Edit = Callable[[YearContent], YearContent]


@blueprint.get("/<kind>")
@requires(P.ROUNDS_WRITE)
def tree(round_id: int, kind: str) -> Any:
    """An instrument's indicators with all that is in them."""
    round, content, one = _of(round_id, kind)
    return render_template(
        "rounds/build/tree.html",
        one=one,
        oit=kind == InstrumentKind.OIT.value,
        scale_words={scale.code: scale_words(scale) for scale in content.scales},
        **_around(round, content, kind),
    )


@blueprint.post("/<kind>/act")
@requires(P.ROUNDS_WRITE)
def act(round_id: int, kind: str) -> Any:
    """Copy, move or take away one thing of the tree, or number the codes anew."""
    round, _content, _one = _of(round_id, kind)
    what, thing, code = (request.form.get(name, "") for name in ("act", "thing", "code"))
    edit = _edit(kind, what, thing, code, request.form)
    seen = read_version(request.form.get("version"))
    name = f"round.{what}_{thing}" if thing else f"round.{what}"
    steps.change(round, edit, act=name, what=code or kind.upper(), actor=the_actor(), seen_version=seen)
    return redirect(f"{url_for('builder.tree', round_id=round_id, kind=kind)}#{thing}-{code}")


def _edit(kind: str, what: str, thing: str, code: str, sent: Mapping[str, str]) -> Edit:
    """The edit that a button of the tree stands for. Raises NotFound for a word of no button."""
    to, place = whole(sent.get("to"), least=1) or 1, sent.get("indicator", "")
    made: dict[tuple[str, str], Edit] = {
        ("copy", "question"): lambda it: questions.copy_question(it, kind, code),
        ("remove", "question"): lambda it: questions.remove_question(it, kind, code),
        ("move", "question"): lambda it: questions.move_question(it, kind, code, indicator=place, to=to),
        ("copy", "item"): lambda it: items.copy_item(it, code),
        ("remove", "item"): lambda it: items.remove_item(it, code),
        ("move", "item"): lambda it: items.move_item(it, code, indicator=place, to=to),
        ("remove", "indicator"): lambda it: indicators.remove_indicator(it, kind, code),
        ("move", "indicator"): lambda it: indicators.move_indicator(it, kind, code, to=to),
        ("number_anew", ""): lambda it: items.number_anew(it, kind),
    }
    if (what, thing) not in made:
        raise NotFound
    return made[what, thing]


@blueprint.route("/<kind>/instrument", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def instrument(round_id: int, kind: str) -> Any:
    """Name and weight of an instrument."""
    round, content, one = _of(round_id, kind)
    form = InstrumentForm.of(round.version, one)

    def edit(it: YearContent) -> YearContent:
        return indicators.change_instrument(
            it, kind, name=str(form.name.data).strip(), weight=form.weight.data
        )

    return _saved(round, content, kind, form, edit, "instrument", kind.upper()) or _form_page(
        round,
        content,
        kind,
        form,
        "rounds/build/instrument.html",
        _("Instrument %(kind)s", kind=kind.upper()),
    )


@blueprint.route("/<kind>/indicators/new", methods=["GET", "POST"])
@blueprint.route("/<kind>/indicators/<code>", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def indicator(round_id: int, kind: str, code: str | None = None) -> Any:
    """An indicator or a part of one, new or as it is."""
    round, content, one = _of(round_id, kind)
    row = _named(one.indicators, code)
    form = IndicatorForm.of(round.version, row)
    parent = request.args.get("parent") or None

    def edit(it: YearContent) -> YearContent:
        typed, name = str(form.code.data or "").strip(), str(form.name.data).strip()
        if code is None:
            return indicators.add_indicator(it, kind, name=name, code=typed, parent=parent)
        return indicators.change_indicator(it, kind, code, name=name, new_code=typed or code)

    title = _("Indicator %(code)s", code=code) if code else _("New indicator")
    return _saved(round, content, kind, form, edit, "indicator", code or str(form.name.data)) or _form_page(
        round, content, kind, form, "rounds/build/indicator.html", title
    )


@blueprint.route("/<kind>/questions/new", methods=["GET", "POST"])
@blueprint.route("/<kind>/questions/<code>", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def question(round_id: int, kind: str, code: str | None = None) -> Any:
    """A question with its lines, new or as it is."""
    round, content, one = _of(round_id, kind)
    if kind == InstrumentKind.OIT.value:
        raise NotFound
    row = _named(one.questions, code)
    form = QuestionForm.of(round.version, content, one, row, request.args.get("indicator", ""))

    def edit(it: YearContent) -> YearContent:
        typed = str(form.code.data or "").strip()
        says: dict[str, Any] = {
            "indicator": form.indicator.data,
            "text": str(form.text.data).strip(),
            "note": str(form.note.data or "").strip(),
            "scale": form.scale.data,
            "lines": form.lines_said(),
        }
        if code is None:
            return questions.add_question(it, kind, code=typed, **says)
        return questions.change_question(it, kind, code, new_code=typed or code, **says)

    title = _("Question %(code)s", code=code) if code else _("New question")
    return _saved(round, content, kind, form, edit, "question", code or str(form.text.data)) or _form_page(
        round, content, kind, form, "rounds/build/question.html", title
    )


@blueprint.route("/oit/items/new", methods=["GET", "POST"])
@blueprint.route("/oit/items/<code>", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def item(round_id: int, code: str | None = None) -> Any:
    """An item of the checklist, new or as it is."""
    kind = InstrumentKind.OIT.value
    round, content, one = _of(round_id, kind)
    row = _named(one.items, code)
    form = ItemForm.of(round.version, one, row, request.args.get("indicator", ""))

    def edit(it: YearContent) -> YearContent:
        typed = str(form.code.data or "").strip()
        if code is None:
            return items.add_item(it, indicator=form.indicator.data, code=typed, **form.says())
        return items.change_item(
            it, code, new_code=typed or code, indicator=form.indicator.data, **form.says()
        )

    title = _("Item %(code)s", code=code) if code else _("New item")
    return _saved(round, content, kind, form, edit, "item", code or str(form.title.data)) or _form_page(
        round, content, kind, form, "rounds/build/item.html", title
    )


@blueprint.get("/scales")
@requires(P.ROUNDS_WRITE)
def all_scales(round_id: int) -> Any:
    """The scales of the round, with what is answered on each."""
    round = round_or_404(round_id)
    content = content_of(db.session(), round)
    used: dict[str, list[str]] = {}
    for one in content.instruments:
        for row in one.questions:
            for code in {row.scale, *(line.scale for line in row.lines)}:
                used.setdefault(code, []).append(row.code)
    return render_template(
        "rounds/build/scales.html", used=used, scale_words=scale_words, **_around(round, content, "scales")
    )


@blueprint.route("/scales/new", methods=["GET", "POST"])
@blueprint.route("/scales/<code>", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def scale(round_id: int, code: str | None = None) -> Any:
    """A scale with its choices, new or as it is."""
    round = round_or_404(round_id)
    content = content_of(db.session(), round)
    row = _named(content.scales, code)
    form = ScaleForm.of(round.version, row)

    def edit(it: YearContent) -> YearContent:
        if code is None:
            return scales.add_scale(it, form.scale(""))
        return scales.change_scale(it, code, form.scale(code))

    title = _("Scale") if code else _("New scale")
    return _saved(round, content, "scales", form, edit, "scale", str(form.name.data)) or _form_page(
        round, content, "scales", form, "rounds/build/scale.html", title
    )


@blueprint.post("/scales/act")
@requires(P.ROUNDS_WRITE)
def act_on_scale(round_id: int) -> Any:
    """Turn a scale round into one of its own, or take it away."""
    round = round_or_404(round_id)
    what, code = request.form.get("act", ""), request.form.get("code", "")
    made: dict[str, Edit] = {
        "turn": lambda it: scales.turned_scale(it, code),
        "remove": lambda it: scales.remove_scale(it, code),
    }
    if what not in made:
        raise NotFound
    seen = read_version(request.form.get("version"))
    steps.change(
        round, made[what], act=f"round.{what}_scale", what=code, actor=the_actor(), seen_version=seen
    )
    return redirect(url_for("builder.all_scales", round_id=round_id))


@blueprint.post("/take-back")
@requires(P.ROUNDS_WRITE)
def take_back(round_id: int) -> Any:
    """Take the last step back: the one that the page shows."""
    round = round_or_404(round_id)
    step = steps.take_back(round, number=whole(request.form.get("number"), least=1) or 0)
    flash(_("Taken back: %(what)s", what=step.what), "ok")
    kind = request.form.get("kind", "")
    if kind in KINDS:
        return redirect(url_for("builder.tree", round_id=round_id, kind=kind))
    there = "round_texts.index" if kind == "texts" else "builder.all_scales"
    return redirect(url_for(there, round_id=round_id))


def _of(round_id: int, kind: str) -> tuple[Round, YearContent, ContentInstrument]:
    if kind not in KINDS:
        raise NotFound
    round = round_or_404(round_id)
    content = content_of(db.session(), round)
    return round, content, content.instrument(kind)


def _named(rows: Any, code: str | None) -> Any:
    """The row of this code, None for a new one. Raises NotFound."""
    if code is None:
        return None
    for row in rows:
        if row.code == code:
            return row
    raise NotFound


def _saved(
    round: Round, content: YearContent, kind: str, form: Any, edit: Edit, thing: str, what: str
) -> Any:
    """Where a sent form leads that was saved; None where its page is to be shown (again)."""
    steps_closed = request.method == "POST"
    if steps_closed:
        steps.require_draft(round)
    if not form.validate_on_submit():
        return None
    try:
        steps.change(
            round, edit, act=f"round.save_{thing}", what=what[:200], actor=the_actor(),
            seen_version=version_of(form),
        )  # fmt: skip
    except Stale:
        raise
    except Refused as refused:
        db.session.rollback()
        say(form, refused, otherwise=next(iter(form._fields)))
        return None
    flash(_("Saved; it can be taken back"), "ok")
    if kind in KINDS:
        return redirect(url_for("builder.tree", round_id=round.id, kind=kind))
    return redirect(url_for("builder.all_scales", round_id=round.id))


def _form_page(round: Round, content: YearContent, kind: str, form: Any, template: str, title: str) -> Any:
    page = render_template(
        template, form=form, title=title, scale_words=scale_words, **_around(round, content, kind)
    )
    return page, 422 if form.errors else 200


def _around(round: Round, content: YearContent, kind: str) -> dict[str, Any]:
    """What every page of the builder shows: the round, its parts with their weights, the last step."""
    draft = True
    try:
        steps.require_draft(round)
    except Refused:
        draft = False
    return {
        "this_round": round,
        "kind": kind,
        "content": content,
        "draft": draft,
        "weights": sum(one.weight for one in content.instruments),
        "step": steps.last_step(round) if draft else None,
    }
