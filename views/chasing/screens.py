"""Who lacks what: the list by the step at which agencies hang, and one agency with texts and notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.chasing import ChaseNote
from models.kinds import AGENCY_KINDS
from models.participation import EXTENDABLE, Participation
from models.reminder import ChaseMail
from models.round import Round, Stage
from models.thai import local_day
from portal.chasing import extending, notes, outbox, reminders
from portal.chasing.lacks import ABOUT
from portal.chasing.listing import Chase, Narrowed, districts, is_broken, provinces
from portal.chasing.queries import args_of, narrowed_by
from portal.chasing.texts import Writer, short_words_of, words_of
from portal.core import clock, list_files
from portal.core.access import Permission as P
from portal.core.access import can, requires, scope_of, the_actor
from portal.core.errors import Refused
from portal.core.forms import say
from portal.core.lookup import participation_or_404, round_or_404
from portal.core.outlook import why_words
from portal.core.scopes import Reach
from portal.core.stages import STAGE_NAMES, due_words, extension_of
from portal.core.texts import _, label_of
from portal.status.figures import regions
from views.chasing import files
from views.chasing.forms import NoteForm
from views.chasing.words import KINDS, NOTED
from views.frame.paging import pages_of, wanted_page

blueprint = Blueprint("chasing", __name__)
PAGE = 50


@blueprint.get("/rounds/<int:round_id>/chasing")
@requires(P.CHASING_READ)
def show(round_id: int) -> Any:
    """The agencies that lack something now, what is furthest behind first."""
    round, narrowed = round_or_404(round_id), _narrowed()
    chase = Chase.of(round, clock.now())
    standing = chase.standing(narrowed)
    counts = standing.counts
    found = chase.listed(counts, narrowed.at)
    pages = pages_of(found, PAGE)
    page = wanted_page(pages)
    rows = chase.page(narrowed, standing, offset=(page - 1) * PAGE, most=PAGE, ahead=True)
    wide = scope_of(the_actor()).reach is Reach.COUNTRY
    place = narrowed.province_id if wide else the_actor().province_id
    address = {"round_id": round.id, **args_of(narrowed)}
    return render_template(
        "chasing/show.html",
        this_round=round,
        chase=chase,
        criteria=narrowed,
        rows=rows,
        found=found,
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1,
        views=_views(round, chase, counts, narrowed),
        wide=wide,
        regions=regions() if wide else [],
        provinces=provinces(round) if wide else [],
        districts=districts(round, place) if place else [],
        kinds=AGENCY_KINDS,
        noted=NOTED,
        short_words_of=short_words_of,
        why_words=why_words,
        today=local_day(clock.now()),
        is_broken=is_broken,
        label_of=label_of,
        stage_names=STAGE_NAMES,
        stages=[(stage, STAGE_NAMES[stage], *_due(chase, stage)) for stage in chase.due.stages],
        extends=_extends(round, narrowed),
        url_for_page=lambda number: url_for("chasing.show", **address, page=number),
        file_url=lambda ext: url_for("chasing.file", **address, ext=ext),
        args=args_of(narrowed),
        reads_rules=can(the_actor(), P.REMINDERS_READ),
        mails_url=url_for("chasing_mails.write", **address) if can(the_actor(), P.CHASING_MAIL) else None,
        mailed=outbox.last_mails([row.id for row in rows]),
        group_text=Writer.of(chase, the_actor().place, None).group(rows) if rows else "",
    )


@blueprint.route("/rounds/<int:round_id>/chasing.<any(xlsx, csv, pdf):ext>", methods=["GET", "POST"])
@requires(P.CHASING_READ)
def file(round_id: int, ext: str) -> Any:
    """The list as the page shows it, all of its pages."""
    args = args_of(_narrowed())
    arguments = {"round_id": round_or_404(round_id).id, "args": args}
    back = url_for("chasing.show", round_id=round_id, **args)
    return list_files.answer(files.LATE, arguments, ext, back=back)


@blueprint.route("/rounds/<int:round_id>/chasing/<int:participation_id>", methods=["GET", "POST"])
@requires(P.CHASING_READ)
def agency(round_id: int, participation_id: int) -> Any:
    """What one agency lacks, how it is reached, texts to send it, and what was noted; a POST is a note."""
    one = participation_or_404(round_id, participation_id)
    chase, form = Chase.of(one.round, clock.now()), NoteForm()
    if form.validate_on_submit():
        try:
            notes.write(
                one,
                reached=form.how,
                promised_until=form.promised_until.data,
                text=form.text.data or "",
                actor=the_actor(),
            )
        except Refused as refused:
            say(form, refused)
        else:
            flash(_("Noted"), "ok")
            return redirect(url_for("chasing.agency", round_id=round_id, participation_id=participation_id))
    return _agency_page(one, chase, form), 422 if form.errors else 200


@blueprint.post("/rounds/<int:round_id>/chasing/<int:participation_id>/notes/<int:note_id>/take-back")
@requires(P.CHASING_NOTE)
def take_back(round_id: int, participation_id: int, note_id: int) -> Any:
    """Remove a note of one's own."""
    one = participation_or_404(round_id, participation_id)
    notes.take_back(one.id, note_id, actor=the_actor())
    flash(_("The note is removed"), "ok")
    return redirect(url_for("chasing.agency", round_id=round_id, participation_id=participation_id))


def _agency_page(one: Participation, chase: Chase, form: NoteForm) -> str:
    late, actor = chase.one(one.id), the_actor()
    own = [(note, notes.is_own(note, actor)) for note in notes.notes_of(one.id)]
    sent = [(mail, False) for mail in outbox.mails_to(one.id)]
    mails_url = url_for("chasing_mails.write", round_id=one.round_id, pick=one.id)
    return render_template(
        "chasing/agency.html",
        one=one,
        this_round=one.round,
        late=late,
        ready=Writer.of(chase, the_actor().place, one.province_id).ready(late) if late else None,
        labels=ABOUT,
        words_of=words_of,
        due_words=due_words,
        stage_names=STAGE_NAMES,
        extensions=[found for stage in EXTENDABLE if (found := extension_of(one, stage))],
        extends=_extends(one.round, Narrowed()),
        form=form if can(actor, P.CHASING_NOTE) else None,
        told=sorted([*own, *sent], key=lambda pair: _moment(pair[0]), reverse=True),
        kinds=KINDS,
        stop=reminders.stop_of(one.id),
        mails_url=mails_url if can(actor, P.CHASING_MAIL) else None,
        is_broken=is_broken,
        label_of=label_of,
        today=local_day(clock.now()),
    )


def _moment(told: ChaseNote | ChaseMail) -> datetime:
    return told.at if isinstance(told, ChaseNote) else told.made_at


def _due(chase: Chase, stage: Stage) -> tuple[str, str]:
    """Until when a stage runs, in words; of one that is over for the round, for whoever has the longest."""
    words, kind = due_words(chase.due.stages[stage])
    if stage in chase.due.extended:
        return _("over for the round; for agencies with more time %(words)s", words=words), kind
    return words, kind


def _extends(round: Round, narrowed: Narrowed) -> list[tuple[Stage, Any, str]]:
    """The stages in which those of the list can have more time now, each with its address."""
    if not can(the_actor(), P.EXTENSIONS_GIVE):
        return []
    args = {name: value for name, value in args_of(narrowed).items() if name != "stage"}
    return [
        (stage, STAGE_NAMES[stage], url_for("extensions.new", round_id=round.id, name=stage.value, **args))
        for stage in EXTENDABLE
        if extending.why_not(round, stage) is None
    ]


def _narrowed() -> Narrowed:
    return narrowed_by(request.args, scope_of(the_actor()))


def _views(round: Round, chase: Chase, counts: dict[Any, int], narrowed: Narrowed) -> list[dict[str, Any]]:
    def view(label: Any, count: int, at: Any) -> dict[str, Any]:
        args = {**args_of(narrowed), "at": at.value if at else None}
        url = url_for("chasing.show", round_id=round.id, **args)
        return {"label": label, "count": count, "current": narrowed.at is at, "url": url}

    each = [view(ABOUT[lack].hangs, counts[lack], lack) for lack in chase.due.lacks]
    return [view(_("All"), sum(counts.values()), None), *each]
