"""Saving and deleting in generated views: a flush, and every error as words on the form."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy.exc import IntegrityError
from wtforms.validators import ValidationError

from models.base import Versioned
from portal.core import audit
from portal.core.database.session import db
from portal.core.errors import Stale, UserError
from portal.core.sent.versions import read_version, require_version
from portal.core.texts import _
from views.generated import added
from views.generated.described import DescribedView


def save(view: DescribedView, form: Any, row: Any, *, created: bool) -> bool:
    """Write the form into the row and flush; the door commits.

    Gives False where it could not be saved: then the words stand on the form and nothing was written. Raises
    Stale where somebody else was faster.
    """
    try:
        with db.session.no_autoflush:
            added.hold_fields(view, form)
            form.populate_obj(row)
            view.on_model_change(form, row, created)
        with audit.act(f"{view.endpoint}.{'create' if created else 'edit'}"):
            if created:
                db.session.add(row)
            db.session.flush()
    except ValidationError as error:
        _say(form, str(error))
    except Stale:
        raise
    except UserError as error:
        _at_its_field(form, error)
    except IntegrityError:
        _say(form, _("This does not fit with other data: check the fields"))
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
    except Stale:
        raise
    except UserError as error:
        db.session.rollback()
        return error.message
    except IntegrityError:
        db.session.rollback()
        return _("This cannot be deleted, because other data refers to it")
    return None


def require_shown(row: Any) -> None:
    """Raises Stale where the page of a form or of a question showed another version than there is now."""
    if isinstance(row, Versioned):
        require_version(row, read_version(request.form.get("row_version")))


def _say(form: Any, text: str) -> None:
    form.form_errors.append(text)


def _at_its_field(form: Any, error: UserError) -> None:
    field = form._fields.get(error.field)
    if field is None:
        _say(form, error.message)
    else:
        field.errors = [*field.errors, error.message]
