"""What belongs to a round, on generated screens: its agencies, OIT items and questions."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import g, request
from flask_admin import expose
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload
from wtforms import TextAreaField

from models.agency import AgencyKind
from models.instrument import Choice, Instrument, OitItem, Question, Scale
from models.participation import Participation, PreparationState
from portal.core.access import Permission as P
from portal.core.errors import Refused
from portal.core.lookup import round_or_404
from portal.core.texts import _, lazy
from portal.register.sizes import size_words
from portal.rounds import wording
from views.generated.actions import may
from views.generated.base import Crud, SavedView, ScopedModelView
from views.generated.formatters import badges, day, number
from views.generated.place_filters import ProvinceFilter
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
    asked = [kind.short for kind in AgencyKind if row.asks(kind)]
    return _("All kinds") if len(asked) == len(AgencyKind) else ", ".join(asked)


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
        "size": lambda view, context, row, name: size_words(row.size.value if row.size else None),
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
    """A view of a round's wording: it may be edited until a moment, and says why no longer."""

    round_scoped = True
    round_column = "instrument.round_id"
    list_template = "rounds/wording.html"

    @property
    def can_edit(self) -> bool:
        """While the wording may still change."""
        return may(self.permissions.edit) and ("round_id" not in g or self.locked is None)

    @property
    def locked(self) -> Refused | None:
        """Why nothing can be changed any more; found out once for all rows of a page."""
        name = f"locked_{self.endpoint}"
        if name not in g:
            setattr(g, name, self.lock_of(round_or_404(g.round_id)))
        return getattr(g, name)

    def lock_of(self, round: Any) -> Refused | None:
        """The rule of this view."""
        raise NotImplementedError

    def rows(self) -> Select[Any]:
        """The rows of the round's instruments."""
        own = select(Instrument.id).where(Instrument.round_id == g.round_id)
        return select(self.model).where(self.model.instrument_id.in_(own))

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        """As every form; closed with its reason once the wording stays."""
        self.get_one(request.args.get("id"))  # what is not there has no reason
        if (reason := self.locked) is not None:
            raise reason
        return super().edit_view()


class OitItemView(_WordingView):
    """The items of the disclosure checklist."""

    permissions = Crud(read=P.OIT_ITEMS_READ, edit=P.OIT_ITEMS_WRITE, export=P.OIT_ITEMS_READ)
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

    form_columns = ("title", "criterion")
    form_widget_args: ClassVar[dict[str, Any]] = {"criterion": {"rows": 6}}

    def lock_of(self, round: Any) -> Refused | None:
        """Until the OIT stage opens."""
        return wording.items_locked(round)

    def on_model_change(self, form: Any, model: OitItem, is_created: bool) -> None:
        """The instrument's edition moves."""
        wording.settle_item(model)


class QuestionView(_WordingView):
    """The questions of IIT and EIT."""

    permissions = Crud(read=P.ROUNDS_WRITE, edit=P.ROUNDS_WRITE, export=P.ROUNDS_WRITE)
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
    )
    page_size = 60

    form_columns = ("text", "note", "lines")
    form_extra_fields: ClassVar[dict[str, Any]] = {
        "lines": TextAreaField(
            lazy("Lines"),
            description=lazy("One line of the question per row, in their order; none may be left out"),
        )
    }

    def lock_of(self, round: Any) -> Refused | None:
        """While the round is a draft."""
        return wording.questions_locked(round)

    def edit_form(self, obj: Any = None) -> Any:
        """With the question's lines, one per row."""
        form = super().edit_form(obj)
        if obj is not None:
            form.lines.object_data = "\n".join(line.text for line in obj.sub_items if line.text)
            if not form.lines.raw_data:
                form.lines.data = form.lines.object_data
        return form

    def on_model_change(self, form: Any, model: Question, is_created: bool) -> None:
        """The lines are written back, the instrument's edition moves."""
        lines = [line.strip() for line in (form.lines.data or "").splitlines() if line.strip()]
        wording.settle_question(model, lines)


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
