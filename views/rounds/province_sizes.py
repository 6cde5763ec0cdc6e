"""The size classes of provinces in one round: what the agencies took up, and what this round says instead."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from wtforms import SelectField

from models.round import Round, RoundState
from portal.core.access import Permission as P
from portal.core.access import requires
from portal.core.lookup import round_or_404
from portal.core.sent.versions import VersionedForm, version_of
from portal.core.texts import _
from portal.register.sizes import SIZES, size_words
from portal.rounds import province_sizes as service
from portal.rounds.province_sizes import SizedProvince

blueprint = Blueprint("province_sizes", __name__)
#: in the form: agencies of the province differ, and shall stay so
AS_IT_IS = "mixed"


class ProvinceSizesForm(VersionedForm):
    """A size class for each province of a round, in fields named by the province's code."""

    @classmethod
    def of(cls, round: Round, provinces: Sequence[SizedProvince]) -> ProvinceSizesForm:
        """The form with a field per province, as stored or as it was sent."""
        fields = {_name(one): SelectField(one.name, choices=partial(_choices, one)) for one in provinces}
        stored = {_name(one): AS_IT_IS if one.mixed else one.size or "" for one in provinces}
        made: type[ProvinceSizesForm] = type(cls.__name__, (cls,), fields)
        return made(version=str(round.version), **stored)

    def field_of(self, province: SizedProvince) -> Any:
        """The field of a province."""
        return self[_name(province)]

    def sizes(self, provinces: Sequence[SizedProvince]) -> dict[int, str | None]:
        """What was chosen, by province; without those that stay as they are."""
        chosen = {one.province_id: self.field_of(one).data for one in provinces}
        return {key: size or None for key, size in chosen.items() if size != AS_IT_IS}


@blueprint.route("/rounds/<int:round_id>/provinces", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def edit(round_id: int) -> Any:
    """Every province of the round with its size class, to be changed for this round alone."""
    round = round_or_404(round_id)
    provinces = service.provinces_of(round)
    form = ProvinceSizesForm.of(round, provinces)
    if form.validate_on_submit():
        count = service.set_sizes(round, form.sizes(provinces), seen_version=version_of(form))
        return _done(round, count)
    page = render_template(
        "rounds/province_sizes.html",
        this_round=round,
        provinces=provinces,
        form=form,
        asked=service.asked_for(round),
        locked=round.state not in (RoundState.DRAFT, RoundState.OPEN),
        differing=sum(not one.as_registered for one in provinces),
        size_words=size_words,
    )
    return page, 422 if form.errors else 200


@blueprint.post("/rounds/<int:round_id>/provinces/register")
@requires(P.ROUNDS_WRITE)
def from_register(round_id: int) -> Any:
    """Take up what the register says now."""
    round = round_or_404(round_id)
    return _done(round, service.take_from_register(round))


def _done(round: Round, count: int) -> Any:
    words = _("The size classes of %(count)s provinces are changed in this round", count=count)
    flash(words if count else _("Nothing was changed"), "ok")
    return redirect(url_for("province_sizes.edit", round_id=round.id))


def _name(province: SizedProvince) -> str:
    return f"size_{province.code}"


def _choices(province: SizedProvince) -> list[tuple[str, str]]:
    mixed = [(AS_IT_IS, _("differs between its agencies"))] if province.mixed else []
    return [*mixed, ("", "–"), *((letter, str(words)) for letter, words in SIZES.items())]
