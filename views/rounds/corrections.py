"""Corrections of spelling in an opened round: a form, a look before anything is final, their list."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Blueprint, flash, redirect, render_template, request
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from models.year import WordingCorrection
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.corrected import corrections_of
from portal.core.database.session import db
from portal.core.errors import Refused, Stale
from portal.core.forms import say
from portal.core.lookup import round_or_404
from portal.core.sent.versions import VersionedForm, require_seen, version_of
from portal.core.texts import _, lazy
from portal.rounds.correcting import acts
from portal.rounds.correcting.spelling import pieces
from portal.rounds.correcting.things import THINGS, Place, place_of
from views.generated.base import Crud, ScopedModelView
from views.rounds.builder_page import RULES, SCALES, TEXTS, home_of
from views.rounds.year_filters import CorrectedFilter

blueprint = Blueprint("correcting", __name__)
#: letters around what changed, where a list shows it
AROUND = 24
_PARTS = {
    "scale": SCALES,
    "choice": SCALES,
    "roster_group": RULES,
    "round_text": TEXTS,
    "round_translation": TEXTS,
}
#: how the pages of the builder call the place of a row
_ANCHORS = {"sub_item": "line", "oit_item": "item"}


class CorrectionForm(VersionedForm):
    """The words of a row, a field for each; and why they are corrected."""

    reason = StringField(
        lazy("Why it is corrected"),
        [
            InputRequired(lazy("Say why: everybody reads it beside the correction")),
            Length(max=acts.LONGEST_REASON),
        ],
        description=lazy("For example: a letter was left out in “โปร่งใส”"),
    )

    @classmethod
    def of(cls, place: Place) -> Any:
        """The form of a row as it stands, or as it was sent."""
        fields = {name: _field(place, name) for name in place.words}
        made = type("CorrectionForm", (cls,), fields)
        return made(version=str(place.version), data=_offered(place))


def _field(place: Place, name: str) -> Any:
    """As high as what it holds."""
    said, label = place.words[name], place.thing.fields[name].label
    checks = [InputRequired(lazy("Words are corrected, not taken away")), Length(max=place.longest(name))]
    if not place.thing.fields[name].lines:
        return StringField(label, checks)
    return TextAreaField(label, checks, render_kw={"rows": min(12, 2 + len(said) // 60 + said.count("\n"))})


def _offered(place: Place) -> dict[str, str]:
    """The words as they stand; taking a correction back, as they stood before it."""
    back = request.args.get("back")
    before = {str(one.id): one for one in corrections_of(place.name, place.row.id)}.get(back or "")
    return place.words | ({before.field: before.before} if before else {})


@blueprint.route(
    f"/rounds/<int:round_id>/correct/<any({', '.join(THINGS)}):thing>/<int:row_id>", methods=["GET", "POST"]
)
@requires(P.ROUNDS_WRITE)
def edit(round_id: int, thing: str, row_id: int) -> Any:
    """Correct the words of one row: typed, looked at with what changed marked, then made final."""
    round = round_or_404(round_id)
    place = place_of(round, thing, row_id)
    acts.require_opened(round)
    form = CorrectionForm.of(place)
    if "edit" not in request.form and form.validate_on_submit():
        typed = {name: str(form._fields[name].data) for name in place.words}
        try:
            if request.form.get("confirm") != "1":
                return _ask(place, form, typed)
            acts.correct(
                round, thing, row_id, typed, reason=form.reason.data, actor=the_actor(), seen=version_of(form)
            )
        except Stale:
            raise
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
        else:
            flash(_("Corrected: everybody reads the new words from now on"), "ok")
            return redirect(_home(place))
    page = render_template(
        "rounds/correct.html",
        form=form,
        place=place,
        this_round=round,
        home=_home(place),
        earlier=corrections_of(thing, row_id),
    )
    return page, 422 if form.errors or form.form_errors else 200


def _ask(place: Place, form: Any, typed: dict[str, str]) -> str:
    """The page that shows what would change, before it is final. Raises Refused, Stale."""
    require_seen(place.name, place.row.id, place.version, version_of(form))
    changes = acts.look(place, typed)
    return render_template(
        "rounds/correct_look.html",
        form=form,
        place=place,
        this_round=place.round,
        changes=[(place.thing.fields[one.field].label, *pieces(one.before, one.after)) for one in changes],
        fields=typed | {"reason": form.reason.data, "version": form.version.data},
        home=_home(place),
    )


def _home(place: Place) -> str:
    """Where the builder shows the row."""
    row, name = place.row, place.name
    part = _PARTS.get(name)
    if part is None:
        part = place.thing.instruments(row)[0].kind.value
    code = f"{row.scale.code}.{row.position}" if name == "choice" else getattr(row, "code", "")
    anchor = f"#{_ANCHORS.get(name, name)}-{code}" if code and part not in (RULES, TEXTS) else ""
    return home_of(place.round.id, part) + anchor


def _what(view: Any, context: Any, row: WordingCorrection, name: str) -> str:
    """ "Question I3": the thing and what people call it."""
    return f"{THINGS[row.thing].label} {row.code}"


def _field_words(view: Any, context: Any, row: WordingCorrection, name: str) -> str:
    return str(THINGS[row.thing].fields[row.field].label)


def _around(view: Any, context: Any, row: WordingCorrection, name: str) -> str:
    """What changed with a few letters on both sides: a criterion may be long."""
    was, now = pieces(row.before, row.after)
    head, tail = (
        min(("" if found[end].changed else found[end].text for found in (was, now)), key=len)
        for end in (0, -1)
    )
    text = "".join(piece.text for piece in (was if name == "before" else now))
    middle = text[len(head) : len(text) - len(tail)]
    return (
        f"{'…' if len(head) > AROUND else ''}{head[-AROUND:]}{middle}"
        f"{tail[:AROUND]}{'…' if len(tail) > AROUND else ''}"
    )


class CorrectionView(ScopedModelView):
    """The corrections of a round, to read; nobody changes one."""

    permissions = Crud(read=P.ROUNDS_READ, export=P.ROUNDS_READ)
    one = lazy("correction of spelling")
    round_scoped = True

    column_list = ("what", "field", "before", "after", "reason", "made_at")
    column_title = "what"
    column_labels: ClassVar[dict[str, Any]] = {
        "what": lazy("Where"),
        "field": lazy("Field"),
        "before": lazy("Before the correction"),
        "after": lazy("After the correction"),
        "reason": lazy("Why it was corrected"),
        "made_at": lazy("Corrected on"),
    }
    column_cells: ClassVar[dict[str, str]] = {
        "before": "wide",
        "after": "wide",
        "reason": "wide",
        "field": "drop",
        "made_at": "nowrap",
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "what": _what,
        "field": _field_words,
        "before": _around,
        "after": _around,
    }
    column_searchable_list = ("code", "before", "after", "reason")
    column_sortable_list = ("made_at",)
    column_default_sort = ("made_at", True)
    column_filters = (CorrectedFilter("thing", lazy("Where")),)
    search_hint = lazy("Code or words")
    empty_hint = lazy(
        "No spelling was corrected in this round. The NACC corrects words in the round builder of an "
        "opened round"
    )


def views() -> list[ScopedModelView]:
    """The list of corrections."""
    return [
        CorrectionView(
            WordingCorrection,
            lazy("Corrections of spelling"),
            endpoint="corrections",
            url="/rounds/<int:round_id>/corrections",
        )
    ]
