"""The round builder: the tree of each instrument and its scales, changed step by step on screen."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from models.instrument import InstrumentKind
from portal.content.year import YearContent
from portal.core.access import Permission as P
from portal.core.access import requires
from portal.core.errors import NotFound
from portal.core.texts import _
from portal.rounds.building.edits import indicators, items, questions, scales
from views.rounds.builder_forms import (
    IndicatorForm,
    InstrumentForm,
    ItemForm,
    QuestionForm,
)
from views.rounds.builder_page import (
    SCALES,
    around,
    form_page,
    home_of,
    named,
    part_of,
    round_and_content,
    saved,
)
from views.rounds.scale_forms import ScaleForm, beginning

blueprint = Blueprint("builder", __name__, url_prefix="/rounds/<int:round_id>/build")


@blueprint.get("/<kind>")
@requires(P.ROUNDS_WRITE)
def tree(round_id: int, kind: str) -> Any:
    """An instrument's indicators with all that is in them."""
    round, content, one = part_of(round_id, kind)
    return render_template(
        "rounds/build/tree.html",
        one=one,
        oit=kind == InstrumentKind.OIT.value,
        **around(round, content, kind),
    )


@blueprint.route("/<kind>/instrument", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def instrument(round_id: int, kind: str) -> Any:
    """The name of an instrument; the weights of all stand together in the rules."""
    round, content, one = part_of(round_id, kind)
    form = InstrumentForm.of(round.version, one)

    def edit(it: YearContent) -> YearContent:
        return indicators.change_instrument(it, kind, name=str(form.name.data).strip())

    return saved(round, kind, form, edit, "instrument", kind.upper()) or form_page(
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
    round, content, one = part_of(round_id, kind)
    row = named(one.indicators, code)
    form = IndicatorForm.of(round.version, row)
    parent = request.args.get("parent") or None

    def edit(it: YearContent) -> YearContent:
        typed, name = str(form.code.data or "").strip(), str(form.name.data).strip()
        if code is None:
            return indicators.add_indicator(it, kind, name=name, code=typed, parent=parent)
        return indicators.change_indicator(it, kind, code, name=name, new_code=typed or code)

    title = _("Indicator %(code)s", code=code) if code else _("New indicator")
    return saved(round, kind, form, edit, "indicator", code or str(form.name.data)) or form_page(
        round, content, kind, form, "rounds/build/indicator.html", title
    )


@blueprint.route("/<kind>/questions/new", methods=["GET", "POST"])
@blueprint.route("/<kind>/questions/<code>", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def question(round_id: int, kind: str, code: str | None = None) -> Any:
    """A question with its lines, new or as it is."""
    round, content, one = part_of(round_id, kind)
    if kind == InstrumentKind.OIT.value:
        raise NotFound
    row = named(one.questions, code)
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
    then = _place(round_id, kind, "question", form, code)
    what = code or str(form.text.data)
    return saved(round, kind, form, edit, "question", what, then=then) or form_page(
        round, content, kind, form, "rounds/build/question.html", title
    )


@blueprint.route("/oit/items/new", methods=["GET", "POST"])
@blueprint.route("/oit/items/<code>", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def item(round_id: int, code: str | None = None) -> Any:
    """An item of the checklist, new or as it is."""
    kind = InstrumentKind.OIT.value
    round, content, one = part_of(round_id, kind)
    row = named(one.items, code)
    form = ItemForm.of(round.version, one, row, request.args.get("indicator", ""))

    def edit(it: YearContent) -> YearContent:
        typed = str(form.code.data or "").strip()
        if code is None:
            return items.add_item(it, indicator=form.indicator.data, code=typed, **form.says())
        return items.change_item(
            it, code, new_code=typed or code, indicator=form.indicator.data, **form.says()
        )

    title = _("Item %(code)s", code=code) if code else _("New item")
    then = _place(round_id, kind, "item", form, code)
    what = code or str(form.title.data)
    return saved(round, kind, form, edit, "item", what, then=then) or form_page(
        round, content, kind, form, "rounds/build/item.html", title
    )


def _place(round_id: int, kind: str, thing: str, form: Any, code: str | None) -> str:
    """Where the tree shows what a form saves: itself, or the indicator of a new one."""
    own = str(form.code.data or "").strip() or code
    place = f"{thing}-{own}" if own else f"indicator-{form.indicator.data}"
    return f"{home_of(round_id, kind)}#{place}"


@blueprint.get("/scales")
@requires(P.ROUNDS_WRITE)
def all_scales(round_id: int) -> Any:
    """The scales of the round, with what is answered on each."""
    round, content = round_and_content(round_id)
    used: dict[str, list[str]] = {}
    for one in content.instruments:
        for row in one.questions:
            for code in {row.scale, *(line.scale for line in row.lines)}:
                used.setdefault(code, []).append(row.code)
    return render_template("rounds/build/scales.html", used=used, **around(round, content, SCALES))


@blueprint.route("/scales/new", methods=["GET", "POST"])
@blueprint.route("/scales/<code>", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def scale(round_id: int, code: str | None = None) -> Any:
    """A scale with its choices, new or as it is."""
    round, content = round_and_content(round_id)
    row = named(content.scales, code)
    form = ScaleForm.of(round.version, row or beginning(request.args.get("like", "")))

    def edit(it: YearContent) -> YearContent:
        if code is None:
            return scales.add_scale(it, form.scale(""))
        return scales.change_scale(it, code, form.scale(code))

    title = _("Scale") if code else _("New scale")
    return saved(round, SCALES, form, edit, "scale", str(form.name.data)) or form_page(
        round, content, SCALES, form, "rounds/build/scale.html", title
    )
