"""What belongs to a round, on generated screens: its agencies, OIT items and questions."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import g, url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from models.instrument import Choice, Instrument, OitItem, Question, Scale
from models.kinds import AGENCY_KINDS
from models.participation import Participation, PreparationState
from models.year import RoundStep
from portal.core.access import Permission as P
from portal.core.errors import Refused
from portal.core.lookup import round_or_404
from portal.core.texts import _, lazy
from portal.register.sizes import size_words
from portal.rounds.building.acts import step_words
from portal.rounds.wording import words_locked
from views.generated.actions import may
from views.generated.base import Crud, SavedView, ScopedModelView
from views.generated.formatters import badges, day, number
from views.generated.place_filters import ProvinceFilter
from views.rounds.item_words import own_last_step
from views.rounds.year_filters import IndicatorFilter, InstrumentFilter, StepFilter

_STATES = badges(
    {
        PreparationState.ENTERING: "idle",
        PreparationState.SUBMITTED: "info",
        PreparationState.RETURNED: "warn",
        PreparationState.CONFIRMED: "ok",
    }
)


def _steps(view: Any, context: Any, row: Participation, name: str) -> str:
    return _("%(done)s of 4", done=row.steps_done)


def _asked_of(view: Any, context: Any, row: OitItem, name: str) -> str:
    """The kinds of agencies that answer an item, in the order of the kinds."""
    asked = [kind.short for kind in AGENCY_KINDS if row.asks(kind)]
    return _("All kinds") if len(asked) == len(AGENCY_KINDS) else ", ".join(asked)


def _span(choices: list[Choice]) -> str:
    """A scale as its ends: the codes of scales say nothing to people."""
    return f"{choices[0].label} – {choices[-1].label}" if choices else "–"


class ParticipationView(ScopedModelView):
    """The agencies of a round with the state of their preparation, to read."""

    permissions = Crud(read=P.PREPARATION_READ, export=P.PREPARATION_READ)
    one = lazy("agency of the round")
    round_scoped = True

    column_list = (
        "full_name",
        "province_name",
        "state",
        "steps",
        "headcount",
        "roster_count",
        "confirmed_at",
    )
    column_title = "full_name"
    column_details_list = (
        "code",
        "full_name",
        "kind",
        "size",
        "district_name",
        "province_name",
        "province_size",
        "state",
        "steps",
        "activated_at",
        "headcount",
        "roster_count",
        "submitted_at",
        "confirmed_at",
        "return_reason",
    )
    column_labels: ClassVar[dict[str, Any]] = {
        "code": lazy("Code"),
        "full_name": lazy("Name of the agency"),
        "district_name": lazy("District"),
        "province_name": lazy("Province"),
        "kind": lazy("Kind"),
        "size": lazy("Size"),
        "province_size": lazy("Size class of the province"),
        "state": lazy("Preparation"),
        "steps": lazy("Steps"),
        "headcount": lazy("Internal stakeholders"),
        "roster_count": lazy("External roster"),
        "confirmed_at": lazy("Confirmed"),
        "activated_at": lazy("Activated"),
        "submitted_at": lazy("Sent to the executive"),
        "return_reason": lazy("Reason of the return"),
    }
    column_cells: ClassVar[dict[str, str]] = {
        "code": "num drop",
        "district_name": "drop",
        "steps": "nowrap",
        "headcount": "num end drop",
        "roster_count": "num end drop",
        "confirmed_at": "nowrap drop late",
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "state": _STATES,
        "steps": _steps,
        "size": lambda view, context, row, name: row.size.words if row.size else "–",
        "province_size": lambda view, context, row, name: size_words(row.province_size),
        "headcount": number,
        "roster_count": number,
        "confirmed_at": day,
    }
    column_searchable_list = ("full_name", "code")
    column_sortable_list = (("full_name", "sort_key"), "headcount", "roster_count", "confirmed_at")
    column_default_sort = ("sort_key", False)
    column_filters = (
        ProvinceFilter(Participation.province_id),
        "kind",
        "state",
        StepFilter("step", lazy("Stuck at")),
    )
    search_hint = lazy("Name or code of the agency")
    saved_views = (
        SavedView(lazy("Not activated"), {"step": "1"}, counted=True),
        SavedView(lazy("Waiting for the executive"), {"state": "submitted"}, counted=True),
        SavedView(lazy("Returned"), {"state": "returned"}, counted=True),
        SavedView(lazy("Confirmed"), {"state": "confirmed"}, counted=True),
    )
    empty_hint = lazy("The agencies of the register are taken up on the round's page")


class _WordingView(ScopedModelView):
    """A view of a round's wording: from here words are changed in a draft, corrected in an opened round."""

    round_scoped = True
    round_column = "instrument.round_id"
    list_template = "rounds/wording.html"
    #: who may change the words of a draft
    writes: P

    @property
    def may_write(self) -> bool:
        """True for whoever may change the words of a draft."""
        return may(self.writes)

    @property
    def locked(self) -> Refused | None:
        """Why nothing can be changed any more; found out once for all rows of a page."""
        name = f"locked_{self.endpoint}"
        if name not in g:
            setattr(g, name, words_locked(round_or_404(g.round_id)))
        return getattr(g, name)

    @property
    def own_step(self) -> tuple[str, RoundStep] | None:
        """The last step and its words, where the person at the desk can take it back here."""
        return None

    def way_to(self, row: Any) -> tuple[str, str] | None:
        """What can be done with a row's words now, and its address."""
        if self.locked is None:
            return (_("Edit"), self.form_of(row)) if self.may_write else None
        if not may(P.ROUNDS_WRITE):
            return None
        thing = self.model.__tablename__
        return _("Correct"), url_for("correcting.edit", round_id=g.round_id, thing=thing, row_id=row.id)

    def form_of(self, row: Any) -> str:
        """The form in which a draft's words are changed."""
        raise NotImplementedError

    def rows(self) -> Select[Any]:
        """The rows of the round's instruments."""
        own = select(Instrument.id).where(Instrument.round_id == g.round_id)
        return select(self.model).where(self.model.instrument_id.in_(own))


class OitItemView(_WordingView):
    """The items of the disclosure checklist."""

    permissions = Crud(read=P.OIT_ITEMS_READ, export=P.OIT_ITEMS_READ)
    writes = P.OIT_ITEMS_WRITE
    one = lazy("OIT item")

    column_list = ("code", "title", "indicator", "kinds", "criterion")
    column_title = "title"
    column_labels: ClassVar[dict[str, Any]] = {
        "code": lazy("Code"),
        "title": lazy("What is disclosed"),
        "indicator": lazy("Indicator"),
        "kinds": lazy("Asked of"),
        "criterion": lazy("Criterion"),
    }
    column_cells: ClassVar[dict[str, str]] = {
        "code": "nowrap",
        "criterion": "wide",
        "indicator": "drop",
        "kinds": "drop",
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "code": lambda view, context, row, name: _("Item %(code)s", code=row.code),
        "kinds": _asked_of,
    }
    column_searchable_list = ("code", "title", "criterion")
    column_sortable_list = (("code", "position"),)
    column_default_sort = ("position", False)
    column_filters = (IndicatorFilter(OitItem),)
    page_size = 60

    @property
    def own_step(self) -> tuple[str, RoundStep] | None:
        """The wording that this person saved last."""
        if not self.may_write or (step := own_last_step(round_or_404(g.round_id))) is None:
            return None
        return f"{step_words(step.act)} {step.what}", step

    def form_of(self, row: Any) -> str:
        """What an item says."""
        return url_for("item_words.edit", round_id=g.round_id, code=row.code)


class QuestionView(_WordingView):
    """The questions of IIT and EIT."""

    permissions = Crud(read=P.ROUNDS_WRITE, export=P.ROUNDS_WRITE)
    writes = P.ROUNDS_WRITE
    one = lazy("question")

    column_list = ("code", "text", "lines", "indicator", "scale")
    column_title = "text"
    column_details_list = ("code", "text", "note", "lines", "indicator", "scale")
    column_labels: ClassVar[dict[str, Any]] = {
        "code": lazy("Question"),
        "text": lazy("Text"),
        "note": lazy("Note for respondents"),
        "lines": lazy("Lines"),
        "indicator": lazy("Indicator"),
        "scale": lazy("Scale"),
    }
    column_cells: ClassVar[dict[str, str]] = {"code": "nowrap", "lines": "num end", "scale": "drop nowrap"}
    column_formatters: ClassVar[dict[str, Any]] = {
        "lines": lambda view, context, row, name: str(len(row.sub_items)),
        "scale": lambda view, context, row, name: _span(row.scale.choices),
    }
    column_searchable_list = ("code", "text")
    column_default_sort: ClassVar[list[tuple[str, bool]]] = [("instrument_id", False), ("position", False)]
    column_filters = (InstrumentFilter("instrument", lazy("Instrument")), IndicatorFilter(Question))
    row_options = (
        selectinload(Question.sub_items),
        joinedload(Question.scale).selectinload(Scale.choices),
        joinedload(Question.instrument),
    )
    page_size = 60

    def form_of(self, row: Any) -> str:
        """The question in the round builder."""
        return url_for("builder.question", round_id=g.round_id, kind=row.instrument.kind.value, code=row.code)


def views() -> list[ScopedModelView]:
    """The generated screens of a round."""
    of_round = "/rounds/<int:round_id>"
    return [
        ParticipationView(
            Participation,
            lazy("Preparation of agencies"),
            endpoint="participations",
            url=f"{of_round}/participations",
        ),
        OitItemView(OitItem, lazy("OIT items"), endpoint="oit_items", url=f"{of_round}/oit-items"),
        QuestionView(Question, lazy("Questions"), endpoint="questions", url=f"{of_round}/questions"),
    ]
