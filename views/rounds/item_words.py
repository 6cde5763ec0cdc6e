"""The words of an OIT item of a draft, for the offices that look after the checklist."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from models.instrument import InstrumentKind
from models.round import Round, RoundState
from models.year import RoundStep
from portal.content.year import ContentItem, YearContent
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.errors import Refused
from portal.core.lookup import round_or_404
from portal.core.outside import whole
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, lazy
from portal.rounds.building import steps
from portal.rounds.building.acts import step_words
from portal.rounds.building.edits import items
from portal.rounds.wording import words_locked
from views.rounds.builder_page import named, part_of, saved

blueprint = Blueprint("item_words", __name__, url_prefix="/rounds/<int:round_id>/oit-items")
KIND = InstrumentKind.OIT.value
#: the step that the form makes
STEP = "round.save_item"


class ItemWordsForm(VersionedForm):
    """What an item says; where it stands and whom it asks is the round builder's."""

    title = StringField(
        lazy("What is disclosed"), [InputRequired(lazy("Fill in this field")), Length(max=300)]
    )
    criterion = TextAreaField(lazy("Criterion"), [Length(max=4000)])
    example = TextAreaField(lazy("Example"), [Length(max=4000)])

    @classmethod
    def of(cls, version: int, item: ContentItem) -> ItemWordsForm:
        """The form of an item as it is, or as it was sent."""
        return cls(version=str(version), title=item.title, criterion=item.criterion, example=item.example)


@blueprint.route("/words/<code>", methods=["GET", "POST"])
@requires(P.OIT_ITEMS_WRITE)
def edit(round_id: int, code: str) -> Any:
    """Word an item of a draft; of an opened round it says why not any more."""
    round, _content, one = part_of(round_id, KIND)
    item = named(one.items, code)
    if (reason := words_locked(round)) is not None:
        raise reason
    form = ItemWordsForm.of(round.version, item)
    says = {
        "title": str(form.title.data or "").strip(),
        "criterion": str(form.criterion.data or "").strip(),
        "example": str(form.example.data or "").strip(),
    }

    def change(it: YearContent) -> YearContent:
        stands = named(it.instrument(KIND).items, code)
        return items.change_item(
            it, code, new_code=code, indicator=stands.indicator, kinds=stands.kinds, **says
        )

    back = url_for("oit_items.index_view", round_id=round_id)
    done = saved(round, KIND, form, change, "item", code, then=back)
    if done is not None:
        return done
    page = render_template("rounds/item_words.html", form=form, item=item, this_round=round, back=back)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/take-back")
@requires(P.OIT_ITEMS_WRITE)
def take_back(round_id: int) -> Any:
    """Take one's own last wording back: the step that the page shows. Steps of others stay."""
    round = round_or_404(round_id)
    number = whole(request.form.get("number"), least=1) or 0
    mine = own_last_step(round)
    if mine is None or mine.number != number:
        raise Refused("Another step was made or taken back meanwhile: look at the page anew")
    step = steps.take_back(round, number=number)
    flash(_("Taken back: %(what)s", what=f"{step_words(step.act)} {step.what}".strip()), "ok")
    return redirect(url_for("oit_items.index_view", round_id=round_id))


def own_last_step(round: Round) -> RoundStep | None:
    """The last step of a draft where it is a wording by the person at the desk."""
    step = steps.last_step(round) if round.state is RoundState.DRAFT else None
    return step if step and step.act == STEP and step.account_id == the_actor().account_id else None
