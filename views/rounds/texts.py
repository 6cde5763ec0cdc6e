"""Texts of the respondents' pages and further languages: what is missing, and pairs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms import TextAreaField
from wtforms.validators import Length

from models.round import Round
from portal.ballot.languages import LANGUAGES, NAMES, THAI
from portal.ballot.notice_texts import SHOWN
from portal.ballot.public_texts import PARTS, PUBLIC
from portal.content.year import YearContent
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused, Stale
from portal.core.forms import say
from portal.core.sent.versions import VersionedForm, read_version, version_of
from portal.core.texts import _, lazy
from portal.rounds.building import steps
from portal.rounds.building.edits import texts as edits
from portal.rounds.content.texts import PAGES, SCALES, RoundWords, languages_of, missing_in, texts_of
from views.frame.paging import paged
from views.rounds.builder_page import around, round_and_content

blueprint = Blueprint("round_texts", __name__, url_prefix="/rounds/<int:round_id>/build/texts")
PAGE = 20
LONGEST = 4000
#: the parts of a further language; those of Thai are the places of the respondents' pages
PART_WORDS: dict[str, Any] = {
    "iit": "IIT",
    "eit": "EIT",
    SCALES: lazy("Choices of the scales"),
    PAGES: lazy("Pages of respondents"),
    "oit": "OIT",
}
FIELDS: dict[tuple[str, str], Any] = {
    ("instrument", "name"): lazy("Name of the instrument"),
    ("indicator", "name"): lazy("Indicator"),
    ("question", "text"): lazy("Question"),
    ("question", "note"): lazy("Note of the question"),
    ("line", "text"): lazy("Line of the question"),
    ("choice", "label"): lazy("Choice"),
    ("item", "title"): lazy("What is disclosed"),
    ("item", "criterion"): lazy("Criterion"),
    ("item", "example"): lazy("Example"),
}


class WordsForm(VersionedForm):
    """What a round says: a field for each text of a page is added to it."""


@blueprint.get("")
@requires(P.ROUNDS_WRITE)
def index(round_id: int) -> Any:
    """The languages of the round with what is missing in each, and how much it words itself."""
    round, content = round_and_content(round_id)
    used = languages_of(content)
    number = {code: sum(row.language == code for row in content.translations) for code in used}
    return render_template(
        "rounds/build/texts.html",
        used=[(code, NAMES.get(code, code), number[code], len(missing_in(content, code))) for code in used],
        unused=[(code, name) for code, name in LANGUAGES.items() if code not in used],
        own=len(content.texts),
        all_texts=len(PUBLIC),
        **around(round, content, "texts"),
    )


@blueprint.get("/language")
@requires(P.ROUNDS_WRITE)
def begin(round_id: int) -> Any:
    """To the texts of a language that was chosen; it is there once something is said in it."""
    language = request.args.get("add")
    if language is None:
        return redirect(url_for("round_texts.index", round_id=round_id))
    _language(language)
    return redirect(url_for("round_texts.edit", round_id=round_id, language=language))


@blueprint.route("/<language>", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def edit(round_id: int, language: str) -> Any:
    """Texts side by side: as they are in Thai (or as the product words them), and what the round says."""
    round, content = round_and_content(round_id)
    if language != THAI:
        _language(language)
    rows, parts = _chosen(content, language)
    address: dict[str, Any] = {
        "round_id": round_id,
        "language": language,
        "part": _part(language),
        "show": _show(),
    }
    page = paged(rows, PAGE, "round_texts.edit", **address)
    form = _form(round, content, language, page.rows)
    if request.method == "POST":
        steps.require_draft(round)
        if form.validate_on_submit() and _save(round, language, page.rows, form):
            flash(_("Saved; it can be taken back"), "ok")
            return redirect(url_for("round_texts.edit", **address))
    shown = render_template(
        "rounds/build/words.html",
        form=form,
        page=page,
        language=language,
        name=NAMES[language],
        own=language == THAI,
        part=address["part"],
        part_tabs=parts,
        show=address["show"],
        labels=FIELDS,
        shown_at=SHOWN,
        fills={key: [f"%({name})s" for name in text.fills] for key, text in PUBLIC.items() if text.fills},
        promise={key for key, text in PUBLIC.items() if text.promise},
        field_of=lambda row: form._fields.get(_name(row)),
        **around(round, content, "texts"),
    )
    return shown, 422 if form.errors else 200


@blueprint.post("/<language>/remove")
@requires(P.ROUNDS_WRITE)
def remove(round_id: int, language: str) -> Any:
    """Away with a further language."""
    round, _content = round_and_content(round_id)
    seen = read_version(request.form.get("version"))
    steps.change(
        round,
        lambda it: edits.remove_language(it, language),
        act="round.remove_language",
        what=NAMES.get(language, language),
        actor=the_actor(),
        seen_version=seen,
    )
    flash(_("Taken away; it can be taken back"), "ok")
    return redirect(url_for("round_texts.index", round_id=round_id))


def _language(code: str | None) -> str:
    """A further language that is offered. Raises NotFound."""
    if code not in LANGUAGES:
        raise NotFound
    return code


def _part(language: str) -> str:
    known = list(PARTS if language == THAI else PART_WORDS)
    part = request.args.get("part", "")
    return part if part in known else known[0]


def _show() -> str | None:
    return "missing" if request.args.get("show") == "missing" else None


def _chosen(content: YearContent, language: str) -> tuple[list[RoundWords], list[dict[str, Any]]]:
    """The texts of the part and filter that were asked for, and the parts with what is missing in each."""
    if language == THAI:
        own = {text.key for text in content.texts}
        rows = [
            RoundWords(text.part, "page", key, "words", text.thai, "", text.product)
            for key, text in PUBLIC.items()
        ]
        lacking = [row for row in rows if row.code not in own]
        words = PARTS
    else:
        rows, lacking, words = texts_of(content), missing_in(content, language), PART_WORDS
    part, show = _part(language), _show()
    tabs = [
        {
            "label": label,
            "count": sum(row.part == key for row in (rows if language == THAI else lacking)),
            "url": url_for("round_texts.edit", **(request.view_args or {}), part=key, show=show),
            "current": key == part,
        }
        for key, label in words.items()
    ]
    return [row for row in (lacking if show else rows) if row.part == part], tabs


def _form(round: Round, content: YearContent, language: str, rows: Sequence[RoundWords]) -> Any:
    """A form with a field for each text, with what the round says there now."""
    if language == THAI:
        said = {("page", text.key, "words"): text.words for text in content.texts}
    else:
        said = {
            (row.thing, row.code, row.field): row.words
            for row in content.translations
            if row.language == language
        }
    fields = {
        _name(row): TextAreaField(_label(row), [Length(max=LONGEST)], render_kw={"lang": language, "rows": 3})
        for row in rows
        if language != THAI or not PUBLIC[row.code].promise
    }
    made = type("WordsForm", (WordsForm,), fields)
    return made(version=str(round.version), data={_name(row): said.get(row.place, "") for row in rows})


def _name(row: RoundWords) -> str:
    return ".".join(row.place)


def _label(row: RoundWords) -> str:
    """What a text is called: "Question I3"."""
    if row.thing == "page":
        return str(PARTS[PUBLIC[row.code].part])
    return f"{FIELDS[row.thing, row.field]} {row.named}"


def _save(round: Round, language: str, rows: Sequence[RoundWords], form: Any) -> bool:
    """Save what was typed as one step; False where something is refused, said at its field."""
    typed = {
        row.place: "\n".join((form._fields[_name(row)].data or "").strip().splitlines())
        for row in rows
        if _name(row) in form._fields
    }

    def change(it: YearContent) -> YearContent:
        if language == THAI:
            return edits.word_pages(it, {code: words for (_thing, code, _field), words in typed.items()})
        return edits.translate(it, language, typed)

    act = "round.save_texts" if language == THAI else "round.save_translations"
    try:
        steps.change(
            round, change, act=act, what=NAMES[language], actor=the_actor(), seen_version=version_of(form)
        )
    except Stale:
        raise
    except Refused as refused:
        db.session.rollback()
        if refused.field in PUBLIC:
            refused.field = _name(RoundWords("", "page", refused.field, "words", "", ""))
        say(form, refused, otherwise=next(iter(form._fields)))
        return False
    return True
