"""Saving and deleting in generated views: a flush, and every trouble as words on the form."""

from __future__ import annotations

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms.validators import ValidationError

from portal.core import audit
from portal.core.database.session import db
from portal.core.errors import Stale, Trouble
from portal.core.texts import _
from views.generated.described import DescribedView


def save(view: DescribedView, form: Any, row: Any, *, created: bool) -> bool:
    """Write the form into the row and flush; the door commits.

    Gives False where it could not be saved: then the words stand on the form and nothing was written.
    """
    try:
        with db.session.no_autoflush:
            form.populate_obj(row)
            view.on_model_change(form, row, created)
        with audit.act(f"{view.endpoint}.{'create' if created else 'edit'}"):
            if created:
                db.session.add(row)
            db.session.flush()
    except (ValidationError, Trouble) as trouble:
        _say(form, trouble.message if isinstance(trouble, Trouble) else str(trouble))
    except StaleDataError:
        _say(form, Stale().message)
    except IntegrityError as error:
        db.session.rollback()
        _explain(view, form, error)
    else:
        return True
    db.session.rollback()
    return False


def delete(view: DescribedView, rows: list[Any]) -> str | None:
    """Delete rows and flush. Gives the words of what stood in the way, None when it is done."""
    try:
        with audit.act(f"{view.endpoint}.delete"):
            for row in rows:
                view.on_model_delete(row)
                db.session.delete(row)
            db.session.flush()
    except Trouble as trouble:
        db.session.rollback()
        return trouble.message
    except StaleDataError:
        db.session.rollback()
        return Stale().message
    except IntegrityError:
        db.session.rollback()
        return _("This cannot be deleted, because other data refers to it")
    return None


def is_stale(row: Any, shown_version: str | None) -> bool:
    """True when the form shows an older version of the row than the database holds."""
    version = getattr(row, "version", None)
    return version is not None and shown_version is not None and shown_version != str(version)


def _say(form: Any, text: str) -> None:
    form.form_errors.append(text)


def _explain(view: DescribedView, form: Any, error: IntegrityError) -> None:
    """The words of a broken rule of the database, beside the field it belongs to where it can be found."""
    columns = _columns_of(view, error)
    taken = _("This is there already: another row has the same")
    for field in form:
        if _columns_behind(view, field.short_name) & columns:
            field.errors = [*field.errors, taken]
            return
    _say(form, taken if columns else _("This does not fit with other data: check the fields"))


def _columns_of(view: DescribedView, error: IntegrityError) -> set[str]:
    """The columns of the unique rule that was broken: SQLite names them, PostgreSQL names the rule."""
    text = str(error.orig)
    if text.startswith("UNIQUE constraint failed: "):
        return {name.strip().rpartition(".")[2] for name in text.partition(": ")[2].split(",")}
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    table = view.model.__table__
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint) and rule.name == name:
            return {column.name for column in rule.columns}
    return {
        column.name
        for index in table.indexes
        if index.unique and index.name == name
        for column in index.columns
    }


def _columns_behind(view: DescribedView, name: str) -> set[str]:
    prop = view.model.__mapper__.attrs.get(name)
    if prop is None:
        return set()
    return {column.name for column in getattr(prop, "local_columns", None) or prop.columns}
