"""Fields of generated forms: what Flask-Admin does not know of our columns, or does in a way of its own."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_admin.contrib.sqla.ajax import QueryAjaxModelLoader
from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.form import BaseForm, RenderTemplateWidget
from flask_admin.helpers import get_url
from flask_admin.model.fields import AjaxSelectField
from flask_admin.model.form import converts
from markupsafe import Markup
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from wtforms import BooleanField, FloatField, SelectField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from models.kinds import Coded, Values
from models.thai import sort_key
from portal.core.database.session import db
from portal.core.forms import WORDS, ThaiDateField, ThaiMomentField, bind_field, plain_number
from portal.core.outside import whole
from portal.core.search import matching
from portal.core.texts import _, label_of

#: what a column may hold: members of an enum, or rows of a table by their codes
Members = type[enum.Enum] | Values[Any, Any]
#: the most rows one look-up gives, whatever its address asks for
MOST_FOUND = 20


def key_from(text: Any) -> int:
    """An integer key from an address or a form. Raises ValueError for what cannot be one."""
    key = whole(text, least=1)
    if key is None:
        raise ValueError(text)
    return key


class AdminForm(BaseForm):
    """Base of every generated form; CSRF is the application's (its own would refuse every POST)."""

    class Meta:
        """Thai messages, and texts and numbers as people here type them."""

        bind_field = bind_field

        def get_translations(self, form: Any) -> Any:
            """Our catalogue."""
            return WORDS


class EnumField(SelectField):
    """One member of an enum, by its value; the words are translated per request."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        members: type[enum.Enum] | Values[Any, Any],
        **more: Any,
    ):
        self.members = members
        self.may_be_empty = more.pop("allow_blank", False)
        super().__init__(label, validators, coerce=self._member, choices=self._choices, **more)

    def _choices(self) -> list[tuple[str, str]]:
        empty = [("", "–")] if self.may_be_empty else []
        return empty + [(member.value, label_of(member)) for member in self._offered()]

    def _offered(self) -> Iterable[enum.Enum | Coded]:
        """Of rows of a table those that are in use, and the one that is held."""
        if isinstance(self.members, Values):
            return self.members.offered(getattr(self, "object_data", None))
        return self.members

    def _member(self, value: Any) -> enum.Enum | Coded | None:
        if value in ("", None):
            return None
        return value if isinstance(value, enum.Enum | Coded) else self.members(value)

    def iter_choices(self) -> Any:
        """As WTForms, with the member compared by its value."""
        for value, label in self.choices or []:
            yield value, label, value == (self.data.value if self.data else ""), {}

    def pre_validate(self, form: Any) -> None:
        """Empty only where the column may be."""
        if self.data is None and not self.may_be_empty:
            raise ValidationError(_("Choose one of the list"))


class DurationField(StringField):
    """A span of time in minutes."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.total_seconds() / 60:g}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = timedelta(minutes=float(plain_number(valuelist[0])))
            except (ValueError, OverflowError):
                raise ValueError(_("Write the number of minutes")) from None


class UuidField(StringField):
    """A UUID."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = UUID(valuelist[0].strip())


class ScopedLookup(QueryAjaxModelLoader):
    """Rows of a large table for a field that looks them up while one types; only the person's scope."""

    def rows(self) -> Select[Any]:
        """What may be found; ``filters`` of the options are SQL conditions."""
        query = select(self.model).where(*(self.filters or ()))
        return query.options(*(joinedload(attr) for attr in self.options.get("related", ())))

    def get_one(self, pk: Any) -> Any:
        """The row of a key inside the scope, else None; asked by SQL, never taken from the session."""
        try:
            key = key_from(pk)
        except ValueError:
            return None
        with db.session.no_autoflush:
            return db.session.scalar(self.rows().where(getattr(self.model, self.pk) == key))

    def get_list(self, term: str | None, offset: int = 0, limit: int = MOST_FOUND) -> list[Any]:
        """The rows whose fields hold every word of the term."""
        query = self.rows()
        query = query.where(matching(term or "", *self._cached_fields))
        order = self.order_by if self.order_by is not None else getattr(self.model, self.pk)
        few = max(1, min(limit or MOST_FOUND, MOST_FOUND))
        start = max(0, min(offset or 0, 10_000))
        return list(db.session.scalars(query.order_by(order).offset(start).limit(few)))


class LookupWidget(RenderTemplateWidget):
    """A list that fills itself while one types."""

    def __init__(self) -> None:
        super().__init__("admin/model/lookup.html")

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        chosen = field.loader.format(field.data)
        url = get_url(".ajax_lookup", name=field.loader.name)
        described = kwargs.get("aria-describedby")
        made: str = super().__call__(field, chosen=chosen, url=url, described=described)
        return Markup(made)  # noqa: S704 - a rendered template, escaped there


class LookupField(AjaxSelectField):
    """A row found by typing. An id outside the scope is an error (stock Flask-Admin stores NULL)."""

    widget = LookupWidget()

    def pre_validate(self, form: Any) -> None:
        """Something was sent that is not a row one may see: say so, even where the field may be empty."""
        sent = self.raw_data[0] if self.raw_data else ""
        if sent in ("", "__None"):
            if not self.allow_blank:
                raise ValidationError(_("Choose one of the list"))
            self.data = None
        elif self.data is None:
            raise ValidationError(_("This row was not found: choose one of the list"))


class Converter(AdminModelConverter):
    """From columns to fields."""

    def _get_label(self, name: str, field_args: Any) -> Any:
        return field_args.get("label") or self.view.get_column_name(name)

    def _model_select_field(self, prop: Any, multiple: Any, remote_model: Any, **kwargs: Any) -> Any:
        loader = self.view._form_ajax_refs.get(prop.key)
        if loader and not multiple:
            return LookupField(loader, **kwargs)
        kwargs.setdefault("blank_text", "–")
        order = getattr(remote_model, "sort_key", None)
        kwargs.setdefault("query_factory", lambda: _ordered(remote_model, order))
        return super()._model_select_field(prop, multiple, remote_model, **kwargs)

    @converts("sqlalchemy.sql.sqltypes.Enum")
    def convert_enum(self, column: Any, field_args: Any, **_extra: Any) -> Any:
        """Our enum columns: English values, Thai words."""
        required = not column.nullable and column.default is None
        field_args["validators"] = [v for v in field_args["validators"] if not isinstance(v, InputRequired)]
        field_args["validators"].append(InputRequired() if required else Optional())
        if not isinstance(field_args.get("default"), enum.Enum):
            field_args.pop("default", None)
        return EnumField(members=column.type.enum_class, allow_blank=column.nullable, **field_args)

    @converts("models.kinds.CodedColumn")
    def convert_coded(self, column: Any, field_args: Any, **_extra: Any) -> Any:
        """Kinds and sizes: their codes, and their names as they are now."""
        field_args["validators"] = [v for v in field_args["validators"] if not isinstance(v, InputRequired)]
        field_args["validators"].append(Optional() if column.nullable else InputRequired())
        return EnumField(members=column.type.values, allow_blank=column.nullable, **field_args)

    @converts("models.base.Instant")
    def convert_instant(self, column: Any, field_args: Any, **_extra: Any) -> Any:
        """Moments, as people here write them."""
        return ThaiMomentField(**_maybe_empty(column, field_args))

    @converts("sqlalchemy.sql.sqltypes.Date")
    def convert_day(self, column: Any, field_args: Any, **_extra: Any) -> Any:
        """Days, as people here write them."""
        return ThaiDateField(**_maybe_empty(column, field_args))

    @converts("sqlalchemy.sql.sqltypes.Float", "sqlalchemy.sql.sqltypes.Double")
    def convert_float(self, column: Any, field_args: Any, **_extra: Any) -> Any:
        """SQLAlchemy 2.1 no longer derives these from Numeric: stock Flask-Admin drops them silently."""
        return FloatField(**_maybe_empty(column, field_args))

    @converts("sqlalchemy.sql.sqltypes.Uuid", "sqlalchemy.sql.sqltypes.UUID")
    def convert_uuid(self, column: Any, field_args: Any, **_extra: Any) -> Any:
        """UUID columns."""
        return UuidField(**_maybe_empty(column, field_args))

    @converts("sqlalchemy.sql.sqltypes.Interval")
    def convert_interval(self, column: Any, field_args: Any, **_extra: Any) -> Any:
        """Spans of time."""
        return DurationField(**_maybe_empty(column, field_args))

    @converts("sqlalchemy.sql.sqltypes.Boolean")
    def convert_boolean(self, column: Any, field_args: Any, **_extra: Any) -> Any:
        """A box to tick; an unticked one is an answer, so it is never required."""
        field_args["validators"] = [v for v in field_args["validators"] if not isinstance(v, InputRequired)]
        return BooleanField(**field_args)


def _maybe_empty(column: Any, field_args: Any) -> Any:
    if column.nullable:
        field_args["validators"].append(Optional())
    return field_args


def _ordered(model: Any, order: Any) -> Any:
    query = db.session.query(model)
    return query.order_by(order) if order is not None else sorted(query, key=lambda row: sort_key(str(row)))
