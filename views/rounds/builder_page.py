"""What the pages of the round builder share: their round, what stands around them, a form saved as a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from models.instrument import InstrumentKind
from models.round import Round, RoundState
from portal.content.year import ContentInstrument, YearContent
from portal.core.access import the_actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused, Stale
from portal.core.forms import say
from portal.core.lookup import round_or_404
from portal.core.sent.versions import version_of
from portal.core.texts import _
from portal.rounds.building import steps
from portal.rounds.building.acts import step_words
from portal.rounds.content.reading import content_of
from portal.rounds.correcting.listing import corrected_rows, rows_with_words
from views.rounds.scale_forms import scale_words

KINDS = tuple(kind.value for kind in InstrumentKind)
#: parts of the builder beside the instruments
SCALES, RULES, TEXTS = "scales", "rules", "texts"
Edit = Callable[[YearContent], YearContent]
#: by part of the builder, the tables whose words its page shows; every other one is a tree
_WORDS_OF = {
    SCALES: ("scale", "choice"),
    RULES: ("roster_group",),
    TEXTS: ("round_text", "round_translation"),
}
_OF_TREE = ("instrument", "indicator", "question", "sub_item", "oit_item")


def round_and_content(round_id: int) -> tuple[Round, YearContent]:
    """A round with what it asks. Raises NotFound."""
    round = round_or_404(round_id)
    return round, content_of(db.session(), round)


def part_of(round_id: int, kind: str) -> tuple[Round, YearContent, ContentInstrument]:
    """A round, what it asks, and one instrument of it. Raises NotFound."""
    if kind not in KINDS:
        raise NotFound
    round, content = round_and_content(round_id)
    return round, content, content.instrument(kind)


def named(rows: Any, code: str | None) -> Any:
    """The row of this code, None for a new one. Raises NotFound."""
    if code is None:
        return None
    for row in rows:
        if row.code == code:
            return row
    raise NotFound


def home_of(round_id: int, part: str) -> str:
    """The page that shows a part of the builder; the round's own for what is no part of it."""
    if part in KINDS:
        return url_for("builder.tree", round_id=round_id, kind=part)
    pages = {
        SCALES: "builder.all_scales",
        RULES: "rounds.rules",
        TEXTS: "round_texts.index",
        "preview": "round_preview.show",
    }
    return url_for(pages.get(part, "rounds.show"), round_id=round_id)


def saved(
    round: Round,
    part: str,
    form: Any,
    edit: Edit,
    thing: str,
    what: str,
    *,
    act: str = "save",
    then: str = "",
) -> Any:
    """Where a sent form leads that was saved as a step; None where its page is to be shown (again)."""
    if request.method == "POST":
        steps.require_draft(round)
    if not form.validate_on_submit():
        return None
    try:
        steps.change(
            round, edit, act=f"round.{act}_{thing}", what=what[:200], actor=the_actor(),
            seen_version=version_of(form),
        )  # fmt: skip
    except Stale:
        raise
    except Refused as refused:
        db.session.rollback()
        say(form, refused)
        return None
    flash(_("Saved; it can be taken back"), "ok")
    return redirect(then or home_of(round.id, part))


def form_page(
    round: Round, content: YearContent, part: str, form: Any, template: str, title: str, **values: Any
) -> Any:
    """The page of a form, with 422 where something is to be mended."""
    page = render_template(template, form=form, title=title, **around(round, content, part), **values)
    wrong = form.errors or form.form_errors
    return page, 422 if wrong else 200


def around(round: Round, content: YearContent, part: str) -> dict[str, Any]:
    """What every page of the builder shows: the round, its parts with their weights, the last step."""
    draft = round.state is RoundState.DRAFT
    return {
        "this_round": round,
        "kind": part,
        "content": content,
        "draft": draft,
        "correctable": {} if draft else rows_with_words(round, _WORDS_OF.get(part, _OF_TREE)),
        "corrected_rows": set() if draft else corrected_rows(round),
        "weights": sum(one.weight for one in content.instruments),
        "scale_words": scale_words,
        "named_scales": {scale.code: scale_words(scale) for scale in content.scales},
        **last_step(round, part),
    }


def last_step(round: Round, part: str) -> dict[str, Any]:
    """What the macro of the last step reads."""
    draft = round.state is RoundState.DRAFT
    return {
        "draft": draft,
        "kind": part,
        "step": steps.last_step(round) if draft else None,
        "step_words": step_words,
    }
