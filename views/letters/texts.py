"""The words of an office's letters: the list of texts, an editor beside its preview, versions compared."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.letter_office import LetterOffice
from models.letter_text import TextKind
from models.round import Round
from models.thai import letter_digits, local_day
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.errors import NotFound, Refused, Stale
from portal.core.forms import say
from portal.core.lookup import round_or_404
from portal.core.outside import whole
from portal.core.sent.versions import read_version, version_of
from portal.core.texts import _, label_of
from portal.letters import texts
from portal.letters.previewing import Asked, Preview, addressees, fields_of, previewed
from portal.letters.words.comparing import compared
from portal.letters.words.enclosures import enclosures_of
from portal.letters.words.faults import FaultyText
from portal.letters.words.fields import FieldKind
from views.letters.forms import TextForm
from views.letters.offices import KEEPERS, office_or_404

blueprint = Blueprint(
    "letter_texts", __name__, url_prefix="/rounds/<int:round_id>/letters/office/<int:office_id>/texts"
)


@blueprint.get("")
@requires(P.LETTERS_READ)
def show(round_id: int, office_id: int) -> Any:
    """The office's texts, each with the version in use."""
    round, office = round_or_404(round_id), office_or_404(office_id)
    return render_template(
        "letters/texts.html",
        this_round=round,
        office=office,
        found=texts.newest_of(office),
        title_of=label_of,
        room=url_for(KEEPERS[office.kind][1], round_id=round_id),
    )


@blueprint.route("/<text_kind>", methods=["GET", "POST"])
@requires(P.LETTERS_READ)
def edit(round_id: int, office_id: int, text_kind: str) -> Any:
    """Write a text beside what it says; ``do``: "preview" shows that, anything else saves a new version."""
    round, office, kind = _asked_for(round_id, office_id, text_kind)
    newest = texts.newest_of(office)[kind]
    to = addressees_of(round, office, kind)
    shown = {"source": newest.source, "version": str(newest.number)}
    form = TextForm(data={**shown, "about": next(iter(to), ""), "dated": local_day(clock.now())})
    form.offer(to)
    looks = request.form.get("do") == "preview"
    if request.method == "POST" and form.validate() and not looks:
        try:
            row = texts.save(
                office, kind, form.source.data or "", actor=the_actor(), seen_version=version_of(form)
            )
        except Stale:
            raise
        except FaultyText:
            form.source.errors = [_("Not saved: mend the places that are named below first")]
        except Refused as refused:
            say(form, refused)
        else:
            flash(_("Saved as version %(number)s: new letters say this", number=row.number), "ok")
            return redirect(url_for("letter_texts.show", round_id=round_id, office_id=office_id))
    return _editor(form, round, office, kind, looks=looks)


@blueprint.get("/<text_kind>/versions")
@requires(P.LETTERS_READ)
def versions(round_id: int, office_id: int, text_kind: str) -> Any:
    """The versions of a text, and two of them compared."""
    round, office, kind = _asked_for(round_id, office_id, text_kind)
    newest, args = texts.newest_of(office)[kind], request.args
    earlier = _version(office, kind, args.get("from"))
    later = _version(office, kind, args.get("to"))
    here: dict[str, Any] = {"round_id": round.id, "office_id": office.id, "text_kind": text_kind}
    return render_template(
        "letters/text_versions.html",
        this_round=round,
        office=office,
        kind=kind,
        title=label_of(kind),
        newest=newest,
        found=texts.versions_of(office, kind, page=args.get("page", 1, int)),
        earlier=earlier,
        later=later,
        lines=compared(earlier.source, later.source) if earlier and later else [],
        here=here,
        url_for_page=lambda number: url_for("letter_texts.versions", page=number, **here),
    )


@blueprint.get("/<text_kind>/version")
@requires(P.LETTERS_READ)
def version(round_id: int, office_id: int, text_kind: str) -> Any:
    """One version as it was saved (``number``; 0 for the portal's own text), and what it says."""
    round, office, kind = _asked_for(round_id, office_id, text_kind)
    newest = texts.newest_of(office)[kind]
    found = _version(office, kind, request.args.get("number", "0"))
    if found is None:
        raise NotFound
    to = addressees_of(round, office, kind)
    asked = Asked(next(iter(to), ""), local_day(clock.now()))
    return render_template(
        "letters/text_version.html",
        this_round=round,
        office=office,
        kind=kind,
        title=label_of(kind),
        found=found,
        newest=newest,
        here={"round_id": round.id, "office_id": office.id, "text_kind": text_kind},
        said=previewed(round, office, kind, found.source, asked),
        about=to.get(asked.about, ""),
        digits=letter_digits,
    )


@blueprint.post("/<text_kind>/back")
@requires(P.LETTERS_READ)
def go_back(round_id: int, office_id: int, text_kind: str) -> Any:
    """Take an earlier version again, or the portal's own text."""
    _round, office, kind = _asked_for(round_id, office_id, text_kind)
    number = whole(request.form.get("number", ""), least=0)
    if number is None:
        raise NotFound
    seen = read_version(request.form.get("version"))
    row = texts.go_back(office, kind, number, actor=the_actor(), seen_version=seen)
    flash(_("These words are in use again, as version %(number)s", number=row.number), "ok")
    return redirect(url_for("letter_texts.show", round_id=round_id, office_id=office_id))


def addressees_of(round: Round, office: LetterOffice, kind: TextKind) -> dict[str, str]:
    """Whose letters may be looked at; nobody where the round has no agencies yet."""
    try:
        return addressees(round, office, kind)
    except Refused:
        return {}


def _asked_for(round_id: int, office_id: int, text_kind: str) -> tuple[Round, LetterOffice, TextKind]:
    """What an address names. Raises NotFound for another's office, or a text that it does not have."""
    round, office = round_or_404(round_id), office_or_404(office_id)
    kind = next((one for one in texts.TEXTS_OF[office.kind] if one.value == text_kind), None)
    if kind is None:
        raise NotFound
    return round, office, kind


def _version(office: LetterOffice, kind: TextKind, typed: str | None) -> texts.Version | None:
    number = whole(typed or "", least=0)
    return None if number is None else texts.version_of(office, kind, number)


def _editor(form: TextForm, round: Round, office: LetterOffice, kind: TextKind, *, looks: bool) -> Any:
    """The editor with its preview; of a request by script the preview and the faults alone."""
    shown = {
        "said": _preview(form, round, office, kind),
        "about": dict(form.about.choices).get(form.about.data, ""),
        "digits": letter_digits,
        "looks": looks,
    }
    if request.headers.get("HX-Request"):
        return render_template("letters/text_preview.html", **shown)
    fields = fields_of(kind)
    page = render_template(
        "letters/text.html",
        form=form,
        this_round=round,
        office=office,
        kind=kind,
        title=label_of(kind),
        newest=texts.newest_of(office)[kind],
        fields=[one for one in fields if one.kind is not FieldKind.FACT],
        facts=[one for one in fields if one.kind is FieldKind.FACT],
        enclosures=list(enclosures_of(texts.scope_of(kind)).values()),
        here={"round_id": round.id, "office_id": office.id, "text_kind": kind.value},
        **shown,
    )
    return page, 422 if form.errors or form.form_errors else 200


def _preview(form: TextForm, round: Round, office: LetterOffice, kind: TextKind) -> Preview:
    asked = Asked(
        form.about.data or "", form.dated.data or local_day(clock.now()), refers=bool(form.refers.data)
    )
    return previewed(round, office, kind, form.source.data or "", asked)
