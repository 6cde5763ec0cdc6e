"""The register of agencies on a generated screen. DLA writes, the NACC reads."""

from __future__ import annotations

import enum
from typing import Any, ClassVar

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import configure_mappers, contains_eager, joinedload

from models.account import Grant, Role
from models.agency import Agency
from models.audit import AuditEvent
from models.descriptive import FieldOwner
from models.kinds import AGENCY_KINDS
from models.participation import Participation
from models.phones import shown
from models.place import District, Province
from models.round import Round
from models.thai import thai_date_short
from portal.core import clock
from portal.core.access import ROLES, roles_reaching
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.scopes import Reach
from portal.core.texts import _, label_of, lazy
from portal.register import agencies, lineage
from views.generated.actions import may, row_action
from views.generated.base import Badge, Crud, SavedView, ScopedModelView


def _districts() -> Any:
    """Every district with its province, in the order of both."""
    return (
        db.session.query(District)
        .join(District.province)
        .options(joinedload(District.province))
        .order_by(Province.sort_key, District.sort_key)
    )


def _active(view: Any, context: Any, row: Any, name: str) -> Badge:
    return Badge("ok", _("in use")) if row.active else Badge("idle", _("out of use"))


def _phone(view: Any, context: Any, row: Any, name: str) -> str:
    return shown(view.value_of(row, name) or "")


class AgencyView(ScopedModelView):
    """The register of agencies, as the back office keeps it."""

    permissions = Crud(
        read=P.AGENCIES_READ,
        create=P.AGENCIES_WRITE,
        edit=P.AGENCIES_WRITE,
        delete=P.AGENCIES_WRITE,
        export=P.AGENCIES_READ,
    )
    one = lazy("agency of the register")
    list_template = "register/agencies.html"
    described_by = FieldOwner.AGENCY
    edit_template = "register/agency_form.html"
    details_template = "register/agency.html"

    column_list = ("code", "full_name", "district", "province", "contact.phone", "size", "active")
    column_title = "full_name"
    column_details_list = (
        "code", "full_name", "kind", "size", "district", "province", "active",
        "contact.phone", "contact.email", "contact.website", "contact.address", "contact.line",
        "contact.person",
    )  # fmt: skip
    column_labels: ClassVar[dict[str, Any]] = {
        "code": lazy("Code"),
        "full_name": lazy("Name of the agency"),
        "name": lazy("Own name"),
        "kind": lazy("Kind"),
        "district": lazy("District"),
        "province": lazy("Province"),
        "size": lazy("Size"),
        "active": lazy("In use"),
        "contact.phone": lazy("Telephone"),
        "contact.email": lazy("E-mail"),
        "contact.website": lazy("Web site"),
        "contact.address": lazy("Postal address"),
        "contact.line": lazy("LINE ID"),
        "contact.person": lazy("Contact person"),
    }
    column_cells: ClassVar[dict[str, str]] = {
        "code": "num",
        "size": "drop",
        "contact.phone": "drop nowrap",
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "active": _active,
        "contact.phone": _phone,
    }
    column_export_list = (
        "code", "full_name", "kind", "name", "district", "province", "size", "active",
        "contact.phone", "contact.email", "contact.person",
    )  # fmt: skip
    column_searchable_list = ("full_name", "code")
    column_sortable_list = (
        "code",
        ("full_name", "sort_key"),
        ("district", "district.sort_key"),
        ("province", "province.sort_key"),
    )
    column_default_sort = ("sort_key", False)
    column_filters = ("province", "district", "kind", "size", "active")
    search_hint = lazy("Name or code of the agency")
    form_columns = ("name", "kind", "code", "district", "size", "active")
    many_fields = ("size", "district")
    field_groups = (
        (lazy("Entry of the register"), ("name", ("kind", "code"), ("district", "size"), "active")),
    )
    form_args: ClassVar[dict[str, Any]] = {
        "name": {"description": lazy("Without the kind before it: the full name is made from both")},
        "code": {"description": lazy("8 digits; may be left empty where there is none yet")},
        "district": {
            "query_factory": _districts,
            "get_label": lambda row: f"{row.province.name} · {row.name}",
            "description": lazy("Province · district"),
        },
        "active": {"description": lazy("An agency out of use is not taken up into new rounds")},
    }
    form_widget_args: ClassVar[dict[str, Any]] = {"code": {"inputmode": "numeric"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        configure_mappers()  # the way back from an agency to its contacts comes with them
        self.row_options = (joinedload(Agency.contact),)  # type: ignore[attr-defined]

    @property
    def saved_views(self) -> tuple[SavedView, ...]:  # type: ignore[override]
        """A list of each kind in use, and what is out of use."""
        kinds = (SavedView(kind.short, {"kind": kind.code}) for kind in AGENCY_KINDS.offered())
        return (*kinds, SavedView(lazy("Out of use"), {"active": "0"}, counted=True))

    def on_model_change(self, form: Any, model: Agency, is_created: bool) -> None:
        """Full name, sort key and province are derived, never typed."""
        agencies.settle_agency(model)

    def people_url(self, row: Agency) -> str | None:
        """Where an agency's people stand, for those who may see them."""
        return url_for("people.of_agency", agency_id=row.id) if may(P.PEOPLE_READ) else None

    def label_of(self, member: enum.Enum) -> str:
        """The words of a sort or state."""
        return label_of(member)

    def history(self, row: Agency) -> list[lineage.Link]:
        """The changes of an agency that hold or wait."""
        return lineage.history_of(row.id)

    def older_rounds(self, history: list[lineage.Link]) -> list[Participation]:
        """Results of the agencies that it came from, for those who may see them."""
        return lineage.rounds_of_older(history) if may(P.RESULTS_READ) else []

    def may_change(self, row: Agency) -> bool:
        """True where a change of it can be described."""
        return row.active and may(P.AGENCIES_WRITE)

    def delete_consequence(self, row: Agency) -> str:
        """Only what was never used can be deleted."""
        return _(
            "“%(name)s” is deleted. An agency that has users, took part in a round or is in a change "
            "cannot be deleted: take it out of use instead",
            name=row,
        )

    def edit_aside(self, row: Agency) -> list[tuple[str, list[tuple[str, Any]]]]:
        """Who acts for the agency, its rounds, and the last changes."""
        cards = [(_("Rounds"), _rounds_of(row))]
        if may(P.ACCOUNTS_READ):
            cards.insert(0, (_("People"), _people_of(row)))
        if may(P.RECORD_READ):
            cards.append((_("Last changes"), _changes_of(row)))
        return [card for card in cards if card[1]]

    @row_action(
        "deactivate",
        lazy("Take out of use"),
        P.AGENCIES_WRITE,
        consequence=lazy("%(count)s agencies are not taken up into new rounds; old rounds keep them"),
        icon="archive",
        done=lazy("%(count)s agencies taken out of use"),
    )
    def deactivate(self, rows: list[Agency]) -> int:
        """Take agencies out of use."""
        return agencies.set_active(rows, active=False)

    @row_action(
        "activate",
        lazy("Take into use"),
        P.AGENCIES_WRITE,
        icon="refresh",
        done=lazy("%(count)s agencies taken into use"),
    )
    def activate(self, rows: list[Agency]) -> int:
        """Take agencies back into use."""
        return agencies.set_active(rows, active=True)


def _people_of(agency: Agency) -> list[tuple[str, Any]]:
    query = (
        select(Grant)
        .where(Grant.agency_id == agency.id, Grant.role.in_(roles_reaching(Reach.AGENCY)))
        .options(joinedload(Grant.account))
    )
    rows = [grant for grant in db.session.scalars(query) if grant.valid_at(clock.now())]
    return [(ROLES[grant.role].label, str(grant.account)) for grant in rows] or [
        (ROLES[Role.AGENCY_ADMIN].label, None)
    ]


def _rounds_of(agency: Agency) -> list[tuple[str, Any]]:
    query = (
        select(Participation)
        .join(Participation.round)
        .where(Participation.agency_id == agency.id)
        .options(contains_eager(Participation.round))
        .order_by(Round.fiscal_year.desc(), Round.id.desc())
    )
    rows = db.session.scalars(query)
    return [(one.round.year_and_scheme, _("%(done)s of 4 steps", done=one.steps_done)) for one in rows] or [
        (_("Rounds"), _("not taken up yet"))
    ]


def _changes_of(agency: Agency) -> list[tuple[str, Any]]:
    query = (
        select(AuditEvent)
        .where(AuditEvent.thing == "agency", AuditEvent.row == str(agency.id))
        .options(joinedload(AuditEvent.account))
        .order_by(AuditEvent.id.desc())
        .limit(4)
    )
    rows = db.session.scalars(query)
    return [(thai_date_short(event.at), event.account.name if event.account else "–") for event in rows]


def views() -> list[ScopedModelView]:
    """The generated screen of the register."""
    return [
        AgencyView(Agency, lazy("Agencies"), endpoint="agencies", url="/admin/agencies"),
    ]
