"""The rules of a round as pages of the builder: weights, grades, roster groups, minimum samples."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.kinds import AgencyKind, AgencySize
from models.round import Round
from models.thai import thai_date_short
from portal.content.year import YearContent
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.sent.versions import read_version
from portal.core.texts import _
from portal.rounds.building import steps
from portal.rounds.building.edits import indicators, rules
from portal.rounds.building.edits.rules import SampleGroup
from portal.rounds.checking import dates
from views.rounds.builder_page import RULES, around, form_page, round_and_content, saved
from views.rounds.rules_form import (
    BandsForm,
    GroupsForm,
    HeadcountGroupsForm,
    MoveWindowsForm,
    SampleForm,
    WeightsForm,
)
from views.rounds.scale_forms import short

blueprint = Blueprint("round_rules", __name__, url_prefix="/rounds/<int:round_id>/build/rules")


def overview(round: Round, content: YearContent) -> Any:
    """All rules of a round: to read, and in a draft with the ways to change them."""
    return render_template(
        "rounds/rules.html",
        samples=rules.sample_rules(content),
        group_words=group_words,
        **around(round, content, RULES),
    )


def group_words(group: SampleGroup) -> str:
    """Whom a minimum sample is for: "EIT · องค์การบริหารส่วนตำบล · ใหญ่ (L) · ในจังหวัดขนาด S"."""
    words = [group.instrument.upper()]
    if group.agency_kind:
        words.append(AgencyKind(group.agency_kind).label)
    if group.agency_size:
        words.append(AgencySize(group.agency_size).words)
    if group.province_size:
        words.append(_("in provinces of size %(size)s", size=group.province_size))
    return " · ".join(words) if len(words) > 1 else _("%(kind)s, all agencies", kind=words[0])


@blueprint.route("/weights", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def weights(round_id: int) -> Any:
    """The weights of the instruments, with their sum."""
    round, content = round_and_content(round_id)
    form = WeightsForm.of(round.version, content)

    def edit(it: YearContent) -> YearContent:
        return indicators.change_weights(it, form.weights())

    what = " + ".join(str(short(weight)) for weight in form.weights().values() if weight is not None)
    return saved(round, RULES, form, edit, "weights", what) or form_page(
        round, content, RULES, form, "rounds/build/weights.html", _("Weights of the instruments")
    )


@blueprint.route("/bands", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def bands(round_id: int) -> Any:
    """The grades with their lower bounds."""
    round, content = round_and_content(round_id)
    form = BandsForm.of(round.version, content)

    def edit(it: YearContent) -> YearContent:
        return rules.change_bands(it, form.said())

    return saved(round, RULES, form, edit, "bands", "") or form_page(
        round, content, RULES, form, "rounds/build/listed.html", _("Grade bands"),
        listed=form.bands, columns=("grade", "lower", "passes"),
        lead=_("A band is its lower bound; the lowest begins at 0"),
    )  # fmt: skip


@blueprint.route("/groups", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def groups(round_id: int) -> Any:
    """The groups of the external roster."""
    round, content = round_and_content(round_id)
    form = GroupsForm.of(round.version, content)

    def edit(it: YearContent) -> YearContent:
        return rules.change_groups(it, form.said())

    return saved(round, RULES, form, edit, "groups", "") or form_page(
        round, content, RULES, form, "rounds/build/listed.html", _("Groups of the external roster"),
        listed=form.groups, columns=("name",),
        lead=_("In the order in which agencies and letters name them"),
    )  # fmt: skip


@blueprint.route("/headcount-groups", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def headcount_groups(round_id: int) -> Any:
    """The groups of which the headcount is the sum, where the round wants them."""
    round, content = round_and_content(round_id)
    form = HeadcountGroupsForm.of(round.version, content)

    def edit(it: YearContent) -> YearContent:
        return rules.change_headcount_groups(it, form.said())

    return saved(round, RULES, form, edit, "headcount_groups", "") or form_page(
        round, content, RULES, form, "rounds/build/listed.html", _("Groups of the headcount"),
        listed=form.groups, columns=("name",),
        lead=_("Agencies enter a number for each; the sum is the headcount. Without a group, one number"),
    )  # fmt: skip


@blueprint.route("/samples/new", methods=["GET", "POST"])
@blueprint.route("/samples/<key>", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def sample(round_id: int, key: str | None = None) -> Any:
    """The minimum sample of one group of agencies, new (also after the model of another) or as it is."""
    round, content = round_and_content(round_id)
    model = key or request.args.get("like")
    group = rules.group_named(content, model) if model else None
    form = SampleForm.of(round.version, group, rules.sample_rules(content)[group] if group else [])

    def edit(it: YearContent) -> YearContent:
        return rules.put_sample(it, group if key else None, form.group(), form.said())

    title = _("Minimum sample of a group") if key else _("New minimum sample")
    what = group_words(form.group()) if form.is_submitted() and form.validate() else ""
    return saved(round, RULES, form, edit, "sample", what) or form_page(
        round, content, RULES, form, "rounds/build/sample.html", title
    )


@blueprint.route("/windows/move", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def move_windows(round_id: int) -> Any:
    """All windows moved together, so that the first opens on a day."""
    round, content = round_and_content(round_id)
    form = MoveWindowsForm.of(round.version, content)

    def edit(it: YearContent) -> YearContent:
        return rules.move_windows(it, form.day())

    what = thai_date_short(form.day()) if form.is_submitted() and form.validate() else ""
    then = url_for("rounds.show", round_id=round_id)
    return saved(round, RULES, form, edit, "windows", what, act="move", then=then) or form_page(
        round, content, RULES, form, "rounds/build/move_windows.html", _("Move all dates together"),
        years=dates.years_of(round.fiscal_year),
        misplaced=dates.misplaced_in(round),
    )  # fmt: skip


@blueprint.post("/samples/remove")
@requires(P.ROUNDS_WRITE)
def remove_sample(round_id: int) -> Any:
    """Away with the minimum sample of a group."""
    round, content = round_and_content(round_id)
    group = rules.group_named(content, request.form.get("key", ""))
    steps.change(
        round, lambda it: rules.remove_sample(it, group), act="round.remove_sample", what=group_words(group),
        actor=the_actor(), seen_version=read_version(request.form.get("version")),
    )  # fmt: skip
    flash(_("Deleted; it can be taken back"), "ok")
    return redirect(url_for("rounds.rules", round_id=round_id))
