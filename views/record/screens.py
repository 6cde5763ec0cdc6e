"""The record of changes, to read: who did what to which row, before and after; and its check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import redirect, url_for
from flask_admin import expose
from sqlalchemy import ColumnElement, select

from models.account import Account
from models.audit import AuditEvent
from models.search import Word
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.described import DESCRIBED, changes_in_words
from portal.core.jobs import queue
from portal.core.search import matching
from portal.core.texts import _, lazy
from portal.record.check import VERIFY
from views.generated.base import Crud, ScopedModelView
from views.generated.filters import Filter
from views.generated.formatters import Plain
from views.record.search import events_of, named
from views.record.words import ACTS, THINGS, act_words, chain_words, options_of, thing_words


class PersonFilter(Filter):
    """Acts of people whose name or user name holds a text."""

    def condition(self, value: str) -> ColumnElement[bool]:
        """By either name: the people first, then their events by key."""
        fits = matching(value, Account.name, Account.username)
        return AuditEvent.account_id.in_(named(select(Account.id).where(fits)))


class ListedFilter(Filter):
    """One code of a closed list, by its words."""

    kind = "choice"

    def __init__(self, name: str, label: Any, column: Any, listed: Mapping[str, Any]) -> None:
        super().__init__(name, label, column)
        self._listed = listed

    def options(self, active: Any) -> list[tuple[str, str]]:
        """Every code that has words, in the order of the words."""
        return options_of(self._listed)

    def words(self, value: str) -> str:
        """The words of a code; the code itself where it has none."""
        return str(self._listed.get(value, value))

    def condition(self, value: str) -> ColumnElement[bool]:
        """By the code."""
        same: ColumnElement[bool] = self.column == value
        return same


class RecordView(ScopedModelView):
    """Every change by a signed-in person or a job; never an act of a respondent."""

    permissions = Crud(read=P.RECORD_READ, export=P.RECORD_READ)
    one = lazy("event")
    list_template = "record/list.html"
    details_template = "record/details.html"

    column_list = ("at", "act", "thing", "row", "account", "chain")
    column_title = "act"
    column_details_list = ("at", "account", "act", "thing", "row", "chain", "sequence", "hash")
    column_labels: ClassVar[dict[str, Any]] = {
        "at": lazy("Time"),
        "act": lazy("Act"),
        "thing": lazy("Kind of data"),
        "row": lazy("Number of the row"),
        "account": lazy("By"),
        "chain": lazy("Chain"),
        "sequence": lazy("Place in the chain"),
        "hash": lazy("Seal"),
    }
    column_cells: ClassVar[dict[str, str]] = {"at": "nowrap", "row": "num drop", "chain": "drop"}
    column_formatters: ClassVar[dict[str, Any]] = {
        "act": lambda view, context, row, name: act_words(row.act),
        "thing": lambda view, context, row, name: thing_words(row.thing),
        "chain": lambda view, context, row, name: chain_words(row.chain),
        "account": lambda view, context, row, name: row.account.name if row.account else _("the system"),
    }
    #: its file may have millions of rows
    plain_cells: ClassVar[dict[str, Plain]] = {
        "at": Plain(AuditEvent.at),
        "act": Plain(AuditEvent.act, act_words),
        "thing": Plain(AuditEvent.thing, thing_words),
        "row": Plain(AuditEvent.row),
        "account": Plain(Account.name, lambda name: name or _("the system")),
        "chain": Plain(AuditEvent.chain, chain_words),
    }
    plain_joins = (AuditEvent.account,)
    column_sortable_list = ("at",)
    column_default_sort = ("id", True)
    column_filters = (
        ListedFilter("thing", lazy("Kind of data"), AuditEvent.thing, THINGS),
        ListedFilter("act", lazy("Act"), AuditEvent.act, ACTS),
        PersonFilter("person", lazy("By (name)")),
        "at",
    )
    search_hint = lazy("Person, agency, act or number of a row")
    page_size = 50

    @property
    def _search_supported(self) -> bool:
        """By keys, not by texts inside columns."""
        return True

    @_search_supported.setter
    def _search_supported(self, _value: object) -> None:
        """What Flask-Admin finds out from its list of columns counts for nothing here."""

    def also_found(self, word: Word) -> list[Any]:
        """What a person did, what was done with an account, and what happened in an agency or province."""
        return events_of(word)

    @expose("/check/", methods=("POST",))
    @requires(P.RECORD_READ)
    def check_chains(self) -> Any:
        """Start the job that walks every chain."""
        job = queue.enqueue(VERIFY, title=_("Check of the record"), arguments={}, actor=the_actor())
        return redirect(url_for("jobs.show", job_id=job.id))

    def changes_of(self, event: AuditEvent) -> list[tuple[str, Any, Any]]:
        """The columns that an event names, with what stood there before and after."""
        names = [*event.before, *(name for name in event.after if name not in event.before)]
        plain = [name for name in names if name != DESCRIBED]
        said = changes_in_words(event.thing, event.before.get(DESCRIBED), event.after.get(DESCRIBED))
        return [*((name, event.before.get(name), event.after.get(name)) for name in plain), *said]


def views() -> list[ScopedModelView]:
    """The generated screen of the record."""
    return [RecordView(AuditEvent, lazy("Record of changes"), endpoint="record", url="/admin/record")]
