"""Puts the generated views onto the application: Flask-Admin, our own theme, a rule for each address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, redirect, url_for
from flask_admin import Admin, AdminIndexView, expose
from flask_admin.theme import Theme

from portal.core import gate
from portal.core.texts import FOLDER
from views.generated.base import ScopedModelView


class _Index(AdminIndexView):
    """/admin/ is nobody's page: it leads home."""

    @expose("/")
    def index(self) -> Any:
        """Home."""
        return redirect(url_for("home.index"))


def register(app: Flask, views: Sequence[ScopedModelView]) -> None:
    """Open the views. Every address of theirs gets its rule here; an address without one is closed."""
    admin = _admin_of(app)
    for view in views:
        admin.add_view(view)
        for function, rule in view.access_rules.items():
            gate.declare(app, f"{view.endpoint}.{function}", rule)
    app.extensions["generated_views"] = (*app.extensions.get("generated_views", ()), *views)


def _admin_of(app: Flask) -> Admin:
    """The application's Flask-Admin, made at the first call."""
    if "admin" in app.extensions:
        return app.extensions["admin"][0]
    admin = Admin(
        app,
        index_view=_Index(url="/admin"),
        theme=Theme(folder="own", base_template="base.html"),
        translations_path=str(FOLDER / "flask_admin"),
    )
    gate.declare(app, "admin.index", "signed_in")
    gate.declare(app, "admin.static", None)
    return admin
